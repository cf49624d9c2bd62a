"""From a unit's figures to its result: every parent the sum of its shown children.

``compile_item`` gives a scorer for loops that score the same item again and again; ``score`` does a whole unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.figure_checks import check_item
from domain.figures import BadFigures, quote
from domain.item_scoring import ItemScorer, absent_leaves
from domain.rubric.model import Rubric
from domain.standings import counted_bonus


@dataclass(frozen=True, slots=True)
class Result:
    """A unit's score in hundredths; ``waiting`` names leaves that count 0 only for now.

    ``bonus`` is what counts of the bonus leaves: all of them, unless the rubric limits the total.
    """

    leaves: Mapping[str, int]
    items: Mapping[str, int]
    groups: Mapping[str, int]
    base: int
    bonus: int
    total: int
    maximum: Mapping[str, int | None]
    waiting: tuple[str, ...]


def compile_item(rubric: Rubric, item_id: str, cohort: str) -> ItemScorer:
    """The scorer of an item; raises KeyError for an item that does not apply to the cohort."""
    item = rubric.item(item_id)
    item.points[cohort]
    faces = {leaf.id: leaf.faces[cohort] for leaf in item.leaves if cohort in leaf.faces}
    return ItemScorer(faces, rubric.conventions)


def compile_cohort(rubric: Rubric, cohort: str) -> dict[str, ItemScorer]:
    """The scorers of every item that applies to the cohort, in sheet order."""
    return {item.id: compile_item(rubric, item.id, cohort) for item in rubric.items if cohort in item.points}


def score(rubric: Rubric, cohort: str, leaves: Mapping[str, Any]) -> Result:
    """The whole unit from raw figures by leaf; raises BadFigures naming the first bad member."""
    _refuse_strangers(rubric, cohort, leaves)
    points: dict[str, int] = {}
    most: dict[str, int | None] = {}
    waiting: list[str] = []
    for item_id, scorer in compile_cohort(rubric, cohort).items():
        figures = check_item(rubric.item(item_id), cohort, leaves, "leaves")
        points |= scorer.score(figures)
        most |= scorer.maximum(absent_leaves(figures))
        waiting += scorer.waiting(figures)
    return _summed(rubric, cohort, points, most, tuple(waiting))


def _refuse_strangers(rubric: Rubric, cohort: str, leaves: Mapping[str, Any]) -> None:
    cohorts = [each.id for each in rubric.cohorts]
    if cohort not in cohorts:
        known = ", ".join(cohorts)
        raise BadFigures("cohort", f"未知的单位类别；可用：{known}", f"unknown cohort; one of {known}")
    known_leaves = {leaf.id: leaf for leaf in rubric.leaves}
    for leaf in leaves:
        if leaf not in known_leaves:
            raise BadFigures(f"leaves.{quote(leaf)}", "没有这个评分点", "unknown leaf")
        if cohort not in known_leaves[leaf].faces:
            raise BadFigures(f"leaves.{leaf}", f"此评分点不适用于 {cohort}", f"the leaf does not apply to {cohort}")


def _summed(
    rubric: Rubric, cohort: str, points: dict[str, int], most: dict[str, int | None], waiting: tuple[str, ...]
) -> Result:
    items = {
        item.id: sum(points[leaf.id] for leaf in item.leaves if leaf.id in points)
        for item in rubric.items
        if any(leaf.id in points for leaf in item.leaves)
    }
    groups = {group.id: sum(items[item.id] for item in group.items if item.id in items) for group in rubric.groups}
    bonus = sum(points[leaf.id] for leaf in rubric.leaves if leaf.bonus and leaf.id in points)
    base = sum(groups.values()) - bonus
    counted = counted_bonus(rubric, cohort, base, bonus)
    return Result(points, items, groups, base, counted, base + counted, most, waiting)
