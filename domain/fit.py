"""Whether a cycle under way may go on under another rubric: the same leaves, which take everything that was filed.

What may differ is how a leaf is scored (points, thresholds, caps, answers to open questions) and every text. Leaves
that come, go, move to another item or department, or change their kind make another sheet: that is for a new cycle.
"""

from collections.abc import Iterator

from domain.figures import BadFigures, Figures, check
from domain.refusals import Refused
from domain.rubric.model import Leaf, Rubric
from domain.rubric.rules import Award
from domain.sheet import Sheet


def same_leaves(before: Rubric, after: Rubric, cohort: str) -> None:
    """Refuses a rubric that asks a cohort for other leaves, by naming the first that differs."""
    if cohort not in {each.id for each in after.cohorts}:
        raise Refused("bad-cohort", cohort, cohort, place="hash")
    old, new = _leaves(before, cohort), _leaves(after, cohort)
    for leaf in dict.fromkeys([*old, *new]):
        if old.get(leaf) != new.get(leaf):
            raise Refused("rubric-unfit", f"{leaf}（{cohort}）", f"{leaf} ({cohort})", place=f"leaves.{leaf}")


def readable(after: Rubric, cohort: str, sheet: Sheet) -> None:
    """Refuses a rubric that cannot take what stands on the sheet, by naming unit and leaf."""
    leaves = {leaf.id: leaf for leaf in after.item(sheet.item).leaves}
    for leaf, figures in _given(sheet):
        try:
            check(leaves[leaf], cohort, figures, leaf)
        except BadFigures as bad:
            _unfit(sheet, leaf, f"{bad.path}：{bad.zh}", f"{bad.path}: {bad.en}")
    for bonus in sheet.bonuses.values():
        if bonus.proposer and bonus.level not in _levels(leaves[bonus.leaf], cohort):
            _unfit(sheet, bonus.leaf, bonus.level, bonus.level)


def _leaves(rubric: Rubric, cohort: str) -> dict[str, tuple[str, str, type]]:
    """Leaf -> item, department, kind of rule, of one cohort's sheet."""
    return {
        leaf.id: (item.id, leaf.department, type(leaf.faces[cohort].rule))
        for item in rubric.items
        if cohort in item.points
        for leaf in item.leaves
        if cohort in leaf.faces
    }


def _given(sheet: Sheet) -> Iterator[tuple[str, Figures]]:
    """Everything that is or may again be in force: whoever withdraws a submission has the one before it back."""
    for submission in sheet.submissions.values():
        if not submission.withdrawn:
            yield from submission.figures.items()
    yield from sheet.verified.items()


def _levels(leaf: Leaf, cohort: str) -> frozenset[str]:
    rule = leaf.faces[cohort].rule
    levels = rule.levels if isinstance(rule, Award) else ()
    return frozenset(level.id for level in levels) or frozenset({""})


def _unfit(sheet: Sheet, leaf: str, zh: str, en: str) -> None:
    raise Refused("rubric-unfit", f"{sheet.unit} {zh}", f"{sheet.unit} {en}", place=f"leaves.{leaf}")
