"""What another rubric makes of a cohort's leaves: which go, which come, and whose department or rule changes.

A cycle under way goes on where leaves and items come, where another department answers for a leaf, and where leaves
are scored otherwise, also by another kind of rule while nothing stands there (``domain.fit``). It does not where a
leaf goes, for a cohort or altogether, or moves to another item, whose sheet is another stream.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.refusals import Refused
from domain.rubric.kinds import RULE
from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Award, Checklist, Judged, Rule, Task
from domain.rubric.texts import Text

_GONE = Text("该小项被删去，已有的办理将无处可归", "the leaf is gone, and with it what was done on it")
_MOVED = Text("该小项移到另一项，另一张表", "the leaf is on another item, which is another sheet")


@dataclass(frozen=True, slots=True)
class LeafChange:
    """How a leaf differs for a cohort: "added", or another "department", "register" or "kind"; before and after."""

    cohort: str
    leaf: str
    change: str
    before: str
    after: str


def keeps(before: Rubric, after: Rubric, cohort: str) -> None:
    """Refuses a rubric that takes a leaf from a cohort or puts it on another sheet, by naming the first."""
    if cohort not in {each.id for each in after.cohorts}:
        raise Refused("bad-cohort", cohort, cohort, place="hash")
    new = leaves_of(after, cohort)
    for leaf, (item, _) in leaves_of(before, cohort).items():
        if leaf not in new or new[leaf][0] != item:
            why = _MOVED if leaf in new else _GONE
            detail = (f"{leaf}（{cohort}）：{why.zh}", f"{leaf} ({cohort}): {why.en}")
            raise Refused("rubric-unfit", *detail, place=f"leaves.{leaf}")


def changes(before: Rubric, after: Rubric, cohort: str) -> Iterator[LeafChange]:
    """Every leaf of a cohort that comes, or differs by more than how its figures are scored."""
    old = leaves_of(before, cohort)
    for leaf, (item, now) in leaves_of(after, cohort).items():
        if leaf not in old:
            yield LeafChange(cohort, leaf, "added", "", item)
            continue
        was = old[leaf][1]
        if was.department != now.department:
            yield LeafChange(cohort, leaf, "department", was.department, now.department)
        if was.key_register != now.key_register:
            yield LeafChange(cohort, leaf, "register", was.key_register, now.key_register)
        if type(_rule(was, cohort)) is not type(_rule(now, cohort)):
            yield LeafChange(cohort, leaf, "kind", _kind(was, cohort), _kind(now, cohort))


def anew(before: Rubric, after: Rubric, item: str, cohort: str) -> list[str]:
    """Leaves of an item whose figures from now on the rule of ``before`` may be unable to read.

    Nothing that is filed on them holds from before the moment of adoption: a look at an earlier one would read it by
    the old rule.
    """
    old = leaves_of(before, cohort)
    mine = [(leaf, now) for leaf, (of, now) in leaves_of(after, cohort).items() if of == item]
    return [
        leaf for leaf, now in mine if leaf not in old or not _reads(_rule(old[leaf][1], cohort), _rule(now, cohort))
    ]


def leaves_of(rubric: Rubric, cohort: str) -> dict[str, tuple[str, Leaf]]:
    """Leaf -> its item and itself, of one cohort's sheet."""
    return {
        leaf.id: (item.id, leaf)
        for item in rubric.items
        if cohort in item.points
        for leaf in item.leaves
        if cohort in leaf.faces
    }


def _reads(old: Rule, new: Rule) -> bool:
    """Whether the old rule reads whatever figures the new one takes."""
    match old, new:
        case Task(), Task():
            return old.derived is not None or new.derived is None
        case Checklist(), Checklist():
            return {entry.id for entry in new.entries} <= {entry.id for entry in old.entries}
        case Judged(), Judged():
            return {*new.steps} <= {*old.steps}
        case Award(), Award():
            return bool(old.levels) == bool(new.levels) and {each.id for each in new.levels} <= {
                each.id for each in old.levels
            }
    return type(old) is type(new)


def _rule(leaf: Leaf, cohort: str) -> Rule:
    return leaf.faces[cohort].rule


def _kind(leaf: Leaf, cohort: str) -> str:
    return str(RULE.write(_rule(leaf, cohort))["kind"])
