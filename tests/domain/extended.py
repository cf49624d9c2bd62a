"""The federation's sheet with more on it: a leaf and an item that come, and a leaf for another department."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.rubric.leaves import Face, Leaf
from domain.rubric.model import Item, Rubric
from domain.rubric.rules import Judged

LEAF, ITEM, NEW, HANDED = "1z", "28", "28a", "1c"


def extended(rubric: Rubric) -> Rubric:
    """Item 1 gets 1z, with half the points of 1b; item 28 comes with half of item 10; 1c goes to the legal department.

    How points are split inside an item (Q2) is thereby settled.
    """

    def more(item: Item) -> tuple[Item, ...]:
        if item.id == "1":
            return (replace(item, leaves=tuple(new for leaf in item.leaves for new in _first(leaf))),)
        if item.id == "10":
            half = {cohort: points // 2 for cohort, points in item.points.items()}
            leaf = item.leaves[0]
            judged = replace(_halved(leaf), id=NEW, faces=_judged(_halved(leaf)))
            kept = replace(item, points=half, leaves=(_halved(leaf),))
            return kept, replace(item, id=ITEM, points=half, leaves=(judged,))
        return (item,)

    settled = tuple(question for question in rubric.questions if question.id != "Q2")
    return replace(_with_items(rubric, more), questions=settled)


def _first(leaf: Leaf) -> tuple[Leaf, ...]:
    if leaf.id == "1b":
        return _halved(leaf), replace(_halved(leaf), id=LEAF, department="legal")
    return (replace(leaf, department="legal"),) if leaf.id == HANDED else (leaf,)


def _halved(leaf: Leaf) -> Leaf:
    faces = {cohort: replace(face, points=face.points // 2) for cohort, face in leaf.faces.items()}
    return replace(leaf, faces=faces)


def _judged(leaf: Leaf) -> dict[str, Face]:
    return {
        cohort: replace(face, rule=Judged((0, face.points // 2, face.points))) for cohort, face in leaf.faces.items()
    }


def _with_items(rubric: Rubric, change: Callable[[Item], tuple[Item, ...]]) -> Rubric:
    groups: Any = tuple(
        replace(group, items=tuple(new for item in group.items for new in change(item))) for group in rubric.groups
    )
    return replace(rubric, groups=groups)
