"""Targets of task leaves: issued and revised by event, in force on the unit's sheet from the same commit on.

The cycle's stream says who issued what and why; the sheet's own stream says from which of its events on the target
holds, so that a sheet's scores still follow from its stream alone.
"""

from domain import facts, spelling
from domain.cycle import Cycle
from domain.figures import LARGEST
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.rubric.rules import Task

PHASES = frozenset({"draft", "open", "closed", "review"})


def issue(cycle: Cycle, rubric: Rubric, wanted: facts.TargetIssued) -> list[facts.Fact]:
    """Issues a unit's target for a task leaf, or revises it, until the provisional results."""
    cohort = cycle.unit(wanted.unit).cohort
    item_of(rubric, wanted.leaf)
    face = rubric.leaf(wanted.leaf).faces.get(cohort)
    if face is None:
        raise Refused("unknown-leaf", wanted.leaf, wanted.leaf, place="leaf")
    if not isinstance(face.rule, Task):
        raise Refused("wrong-rule", wanted.leaf, wanted.leaf, place="leaf")
    if cycle.phase not in PHASES:
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    spelling.reason(wanted.reason)
    if not 1 <= wanted.target <= LARGEST:
        raise Refused("bad-figures", "目标须为正整数", "a target is a whole number from 1", place="target")
    issued = cycle.targets.get((wanted.unit, wanted.leaf))
    if issued and issued[-1].target == wanted.target:
        raise Refused("already-exists", str(wanted.target), str(wanted.target))
    return [wanted]


def applied(issued: facts.TargetIssued) -> facts.TargetApplied:
    """What an issued target is on the unit's sheet."""
    return facts.TargetApplied(issued.leaf, issued.target, issued.reason)


def item_of(rubric: Rubric, leaf: str) -> str:
    """The item whose sheet has the leaf; refuses an unknown one."""
    for item in rubric.items:
        if any(each.id == leaf for each in item.leaves):
            return item.id
    raise Refused("unknown-leaf", leaf, leaf, place="leaf")
