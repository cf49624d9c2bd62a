"""Rubrics with other registers of keys, above all the sheet as it was before a leaf could name one."""

from collections.abc import Callable
from dataclasses import replace

from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric


def with_leaves(rubric: Rubric, change: Callable[[Leaf], Leaf]) -> Rubric:
    """The rubric with every leaf changed."""

    groups = tuple(
        replace(
            group,
            items=tuple(replace(item, leaves=tuple(change(leaf) for leaf in item.leaves)) for item in group.items),
        )
        for group in rubric.groups
    )
    return replace(rubric, groups=groups)


def bare(rubric: Rubric) -> Rubric:
    """The rubric in which every leaf has a register of its own, and no object is said in English."""
    silent = tuple(
        replace(group, items=tuple(replace(item, objects_en=()) for item in group.items)) for group in rubric.groups
    )
    return with_leaves(replace(rubric, groups=silent), lambda leaf: replace(leaf, register=None))
