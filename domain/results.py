"""Published results: proposed by one administrator, published by another exactly as proposed, addressable for ever.

A table is unit -> {"cohort", "rank", "base", "bonus", "total", "groups", "items", "leaves"}, points as texts; its
digest is the SHA-256 of its canonical text. From its publication on, a recomputation of the record at its position
that gives another table is an incident.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from domain import facts, spelling
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.duties import second_person
from domain.people import Person
from domain.phases import PHASES, outside
from domain.refusals import Refused
from domain.unfinished import NOTHING, Unfinished, decided, settled

Table = Mapping[str, Mapping[str, Any]]

# In which phases the results of a stage may be proposed and published.
PHASES_OF = {"provisional": frozenset({"review", "provisional"}), "final": frozenset({"appeal"})}
STAGES = tuple(PHASES_OF)
_MISSING: Mapping[str, Any] = {}


def propose(
    cycle: Cycle, stage: str, table: facts.ResultsPublished, unfinished: Unfinished = NOTHING
) -> list[facts.Fact]:
    """Lays a table before a second person, in the phases of its stage.

    ``table`` says what would be published. Results are refused while leaves are being judged twice, and final ones
    also while appeals are undecided or objections of this epoch unanswered.
    """
    if not cycle.phase:
        raise Refused("unknown-cycle")
    spelling.reason(table.reason)
    _in_phase(cycle, stage)
    _nothing_open(cycle, stage, unfinished)
    number = max(cycle.publications, default=0) + 1
    return [
        facts.ResultsProposed(
            number, stage, table.digest, table.rubric, table.interpretations, table.engine, table.position, table.reason
        )
    ]


def publish(
    cycle: Cycle, number: int, table: facts.ResultsPublished, person: Person, unfinished: Unfinished = NOTHING
) -> list[facts.Fact]:
    """Publishes what another person proposed; ``table`` is the same computed now, and must be the one proposed."""
    found = find(cycle, number)
    if found.confirmed:
        raise Refused("already-decided", str(number), str(number))
    if number != max(cycle.publications) or found.epoch != cycle.epoch:
        raise Refused("results-changed", str(number), str(number))
    _in_phase(cycle, found.proposal.stage)
    second_person(person, found.proposed_by)
    spelling.reason(table.reason)
    _nothing_open(cycle, found.proposal.stage, unfinished)
    if (table.digest, table.rubric) != (found.proposal.digest, found.proposal.rubric):
        raise Refused("results-changed", table.digest, table.digest)
    kind = facts.CycleFinalised if found.proposal.stage == "final" else facts.ResultsPublished
    return [kind(number, table.digest, table.rubric, table.interpretations, table.engine, table.position, table.reason)]


def find(cycle: Cycle, number: int) -> Publication:
    """The publication of that number; refuses an unknown one."""
    if number not in cycle.publications:
        raise Refused("unknown-publication", str(number), str(number))
    return cycle.publications[number]


def state_of(cycle: Cycle, found: Publication) -> str:
    """Whether it was "published", waits as "proposed", or is "superseded": nobody can publish it any more."""
    if found.confirmed:
        return "published"
    newest = found.proposal.publication == max(cycle.publications) and found.epoch == cycle.epoch
    waits = newest and cycle.phase in PHASES_OF[found.proposal.stage] and not cycle.published("final")
    return "proposed" if waits else "superseded"


def open_to_units(cycle: Cycle, found: Publication) -> bool:
    """Whether the units themselves may read it: published, and from the public notice on."""
    if not found.confirmed:
        return False
    over = found.epoch < cycle.epoch or found.proposal.stage == "final"
    return over or PHASES.index(cycle.phase) >= PHASES.index("notice")


def for_units(table: Table, mine: frozenset[str]) -> dict[str, dict[str, Any]]:
    """The board as everybody assessed may see it: leaf by leaf only for the units in ``mine``."""
    return {
        unit: {name: value for name, value in row.items() if name != "leaves" or unit in mine}
        for unit, row in table.items()
    }


def differences(before: Table, after: Table) -> Iterator[dict[str, Any]]:
    """What two tables disagree in, unit by unit: {"unit", "place", "before", "after"}.

    A place is a path such as "leaves/6a/final"; what one of them lacks is None there.
    """
    for unit in sorted({*before, *after}):
        old, new = dict(_flat(before.get(unit, _MISSING))), dict(_flat(after.get(unit, _MISSING)))
        for place in sorted({*old, *new}):
            if old.get(place) != new.get(place):
                yield {"unit": unit, "place": place, "before": old.get(place), "after": new.get(place)}


def _flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, member in value.items():
        if isinstance(member, Mapping):
            yield from _flat(member, f"{path}{name}/")
        else:
            yield f"{path}{name}", member


def _nothing_open(cycle: Cycle, stage: str, unfinished: Unfinished) -> None:
    settled(unfinished, stage)
    if stage != "final":
        return
    decided(unfinished)
    waiting = [each.fact for each in cycle.objections.values() if not each.answer and cycle.disputed(each)]
    if waiting:
        names = ", ".join(f"{each.unit} → {each.about}" for each in waiting)
        named = [{"objection": each.objection, "unit": each.unit, "about": each.about} for each in waiting]
        raise Refused("objections-open", names, names, named=named)


def _in_phase(cycle: Cycle, stage: str) -> None:
    if cycle.phase not in PHASES_OF[stage] or cycle.published("final"):
        raise outside(cycle.phase, PHASES_OF[stage])
