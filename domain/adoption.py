"""Another published rubric for a cycle under way: proposed with all it would move, adopted by a second person.

The cycle's stream says who proposed and adopted what, and why; RubricApplied on every sheet says from which of its
events on the sheet is scored by it, so that a sheet's scores still follow from its stream alone (ADR 0012).
"""

from collections.abc import Collection, Sequence

from domain import changes, facts, spelling
from domain.changes import Effect
from domain.cycle import Cycle, known
from domain.cycle_contents import Change
from domain.people import Person
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.rubric.successor import anew

RubricChange = Change[facts.RubricChangeProposed]


def propose(
    cycle: Cycle, wanted: facts.RubricChangeProposed, published: Sequence[str], effect: Effect
) -> list[facts.Fact]:
    """Lays a change of the rubric before a second person; ``published`` are all versions of the cycle's rubric."""
    allowed(cycle, wanted.hash, published)
    spelling.reason(wanted.reason)
    return [
        facts.RubricChangeProposed(
            wanted.change, cycle.hash, wanted.hash, effect.digest, effect.units, effect.ranks,
            wanted.engine, wanted.position, wanted.reason,
        )
    ]  # fmt: skip


def allowed(cycle: Cycle, wanted: str, published: Sequence[str]) -> None:
    """Refuses a change that no cycle, or not this one now, can make."""
    changes.unfinished(cycle)
    if wanted not in published:
        raise Refused("unknown-rubric", wanted, wanted, place="hash")
    if wanted == cycle.hash:
        raise Refused("rubric-in-force", wanted, wanted)


def adopt(cycle: Cycle, change: str, effect: Effect, person: Person, adopted: tuple[str, str]) -> list[facts.Fact]:
    """Adopts what another person proposed; ``effect`` is computed now and must be the one that was shown.

    ``adopted``: the engine that computed it, and the reason.
    """
    found = pending(cycle, change)
    changes.unfinished(cycle)
    engine, reason = adopted
    changes.confirm(found, effect, person, reason)
    proposal = found.fact
    if proposal.before != cycle.hash:
        raise Refused("difference-changed", cycle.hash, cycle.hash)
    return [facts.RubricAdopted(change, cycle.hash, proposal.hash, effect.digest, engine, reason)]


def withdraw(cycle: Cycle, change: str, reason: str) -> list[facts.Fact]:
    """Takes a proposal back, or declines it: which of the two follows from who does it."""
    pending(cycle, change)
    spelling.reason(reason)
    return [facts.RubricChangeWithdrawn(change, reason)]


def find(cycle: Cycle, change: str) -> RubricChange:
    """The proposal of that id; refuses an unknown one."""
    known(cycle)
    return changes.find(cycle.rubric_changes, change, "unknown-rubric-change")


def pending(cycle: Cycle, change: str) -> RubricChange:
    """The same while nobody has decided it."""
    return changes.waiting(find(cycle, change))


def applied(
    cycle: Cycle, adopted: facts.RubricAdopted, rubrics: tuple[Rubric, Rubric], stream: str
) -> facts.RubricApplied:
    """What stands on the sheet of ``stream``; ``rubrics``: the one before and the one adopted."""
    _, _, unit, item = stream.split("/")
    known_unit = cycle.ever(unit)
    leaves = anew(*rubrics, item, known_unit.cohort) if known_unit else []
    return facts.RubricApplied(adopted.hash, adopted.reason, leaves)


def sheets(cycle: Cycle, rubric: Rubric, units: Collection[str] | None = None) -> list[str]:
    """The streams of every sheet of the cycle, or of these units, also of those that nobody has opened yet.

    Also of units that left: who comes back goes on under the rubric that all others stand under.
    """
    return [
        f"sheet/{cycle.id}/{unit.id}/{item.id}"
        for unit in {**cycle.withdrawn, **cycle.units}.values()
        for item in rubric.items
        if unit.cohort in item.points and (units is None or unit.id in units)
    ]
