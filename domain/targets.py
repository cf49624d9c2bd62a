"""Targets of task leaves: issued by one person where they move nothing, else changed by two with all they would move.

One person issues whatever he likes while the cycle is a draft and, until the provisional results, the first target of
a leaf for which nothing was ever filed or reviewed, not even what was taken back since. Any other target could move a
score, at this moment or as of an earlier one: it is proposed, and issued once a second person confirms what it moves.

The cycle's stream says who issued what and why; the sheet's own stream says from which of its events on the target
holds, so that a sheet's scores still follow from its stream alone.
"""

from dataclasses import replace

from domain import changes, facts, spelling
from domain.changes import Effect
from domain.cycle import Cycle, known
from domain.cycle_contents import Change
from domain.duties import unbiased
from domain.figures import LARGEST
from domain.people import Person
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.rubric.rules import Task
from domain.sheet import Sheet

TargetChange = Change[facts.TargetChangeProposed]
PHASES = frozenset({"draft", "open", "closed", "review"})


def allowed(cycle: Cycle, rubric: Rubric, wanted: facts.TargetIssued) -> None:
    """Refuses a target that nobody can issue here: not for a task of the unit, not another one, or the year is over."""
    changes.unfinished(cycle)
    fitting(rubric, cycle.unit(wanted.unit).cohort, wanted.leaf, "leaf")
    spelling.reason(wanted.reason)
    if not 1 <= wanted.target <= LARGEST:
        raise Refused("bad-figures", "目标须为正整数", "a target is a whole number from 1", place="target")
    if in_force(cycle, wanted.unit, wanted.leaf) == wanted.target:
        raise Refused("already-exists", str(wanted.target), str(wanted.target))


def fitting(rubric: Rubric, cohort: str, leaf: str, place: str) -> None:
    """Refuses a leaf that is no task of a unit of the cohort; ``place`` says where it was named."""
    faces = {each.id: each.faces for each in rubric.leaves}.get(leaf, {})
    if cohort not in faces:
        raise Refused("unknown-leaf", leaf, leaf, place=place)
    if not isinstance(faces[cohort].rule, Task):
        raise Refused("wrong-rule", leaf, leaf, place=place)


def issue(cycle: Cycle, sheet: Sheet, wanted: facts.TargetIssued, person: Person) -> list[facts.Fact]:
    """Issues an allowed target by one person; ``sheet`` is that of the leaf's item as it stands."""
    unbiased(person, wanted.unit)
    if not alone(cycle, sheet, wanted.leaf):
        raise Refused("target-takes-two", wanted.leaf, wanted.leaf)
    return [wanted]


def alone(cycle: Cycle, sheet: Sheet, leaf: str) -> bool:
    """Whether one person may issue a target for a leaf of the sheet by himself."""
    if cycle.phase == "draft":
        return True
    handled = leaf in sheet.verified or any(leaf in each.figures for each in sheet.submissions.values())
    return cycle.phase in PHASES and not in_force(cycle, sheet.unit, leaf) and not handled


def propose(cycle: Cycle, wanted: facts.TargetChangeProposed, effect: Effect, person: Person) -> list[facts.Fact]:
    """Lays an allowed target before a second person, in a cycle under way."""
    unbiased(person, wanted.unit)
    if cycle.phase == "draft":
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    before = in_force(cycle, wanted.unit, wanted.leaf)
    return [replace(wanted, before=before, difference=effect.digest, units=effect.units, ranks=effect.ranks)]


def confirm(cycle: Cycle, change: str, effect: Effect, person: Person, confirmed: tuple[str, str]) -> list[facts.Fact]:
    """Issues what another person proposed; ``effect`` is computed now and must be the one that was shown.

    ``confirmed``: the engine that computed it, and the reason. The target itself is issued for the proposal's reason.
    """
    found = confirmable(cycle, change)
    engine, reason = confirmed
    unbiased(person, found.fact.unit)
    changes.confirm(found, effect, person, reason)
    if found.fact.before != (now := in_force(cycle, found.fact.unit, found.fact.leaf)):
        raise Refused("difference-changed", str(now), str(now))
    return [facts.TargetChangeConfirmed(change, effect.digest, engine, reason), issued(found.fact)]


def confirmable(cycle: Cycle, change: str) -> TargetChange:
    """A proposal that nobody has decided, of a unit that takes part, in a year that is not over."""
    found = pending(cycle, change)
    changes.unfinished(cycle)
    cycle.unit(found.fact.unit)
    return found


def withdraw(cycle: Cycle, change: str, reason: str) -> list[facts.Fact]:
    """Takes a proposal back, or declines it: which of the two follows from who does it."""
    pending(cycle, change)
    spelling.reason(reason)
    return [facts.TargetChangeWithdrawn(change, reason)]


def find(cycle: Cycle, change: str) -> TargetChange:
    """The proposal of that id; refuses an unknown one."""
    known(cycle)
    return changes.find(cycle.target_changes, change, "unknown-target-change")


def pending(cycle: Cycle, change: str) -> TargetChange:
    """The same while nobody has decided it."""
    return changes.waiting(find(cycle, change))


def issued(asked: facts.TargetChangeProposed) -> facts.TargetIssued:
    """The target that a proposal asks for."""
    return facts.TargetIssued(asked.unit, asked.leaf, asked.target, asked.reason)


def applied(issued: facts.TargetIssued) -> facts.TargetApplied:
    """What an issued target is on the unit's sheet."""
    return facts.TargetApplied(issued.leaf, issued.target, issued.reason)


def in_force(cycle: Cycle, unit: str, leaf: str) -> int:
    """The target that was issued last; 0 for none."""
    every = cycle.targets.get((unit, leaf))
    return every[-1].target if every else 0


def item_of(rubric: Rubric, leaf: str) -> str:
    """The item whose sheet has the leaf; refuses an unknown one."""
    for item in rubric.items:
        if any(each.id == leaf for each in item.leaves):
            return item.id
    raise Refused("unknown-leaf", leaf, leaf, place="leaf")
