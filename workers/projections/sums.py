"""Exact sums of a unit's shown leaves: items, groups, base, bonus and total, as an answer shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from domain.columns import LeafScore
from domain.points import show
from domain.rubric.model import Rubric
from domain.standings import counted_bonus

_shown = lru_cache(16_384)(show)  # a board shows the same few thousand numbers again and again

Scores = Mapping[str, LeafScore]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each leaf of a rubric belongs, worked out once: leaf -> (item, group, whether a bonus), in sheet order."""

    rubric: Rubric
    leaves: Mapping[str, tuple[str, str, bool]]


def layout(rubric: Rubric) -> Layout:
    """The layout of a rubric."""
    return Layout(
        rubric,
        {
            leaf.id: (item.id, group.id, leaf.bonus)
            for group in rubric.groups
            for item in group.items
            for leaf in item.leaves
        },
    )


def sum_up(rubric: Rubric | Layout, cohort: str, scores: Scores) -> dict[str, Any]:
    """Leaves, items, groups and totals: every column, points as text."""
    where = rubric if isinstance(rubric, Layout) else layout(rubric)
    return _answer(_sums(where, cohort, scores))


def sums_of(scores: Scores, column: str) -> int:
    """The sum of one column over all leaves."""
    return sum(getattr(score, column) for score in scores.values())


def final_of(where: Layout, cohort: str, scores: Scores) -> tuple[int, int]:
    """Base and bonus as they count: a rubric may limit the total to the cohort's points."""
    bonus = sum(score.final for leaf, score in scores.items() if where.leaves[leaf][2])
    base = sums_of(scores, "final") - bonus
    return base, counted_bonus(where.rubric, cohort, base, bonus)


def unit_row(rubric: Rubric | Layout, cycle: str, unit: str, cohort: str, scores: Scores) -> tuple[Any, ...]:
    """The row of one unit, rank 0 (ranks need the others); ``body`` is its answer's JSON."""
    where = rubric if isinstance(rubric, Layout) else layout(rubric)
    sums = _sums(where, cohort, scores)
    claimed, verified, total = map(sum, zip(sums.base, sums.bonus, strict=True))
    body = msgspec.json.encode({"cycle": cycle, "unit": unit, "cohort": cohort, **_answer(sums)})
    return (cycle, unit, cohort, claimed, verified, sums.base[2], sums.bonus[2], total, 0, body)


@dataclass(slots=True)
class _Sums:
    leaves: dict[str, LeafScore]
    items: dict[str, list[int]]
    groups: dict[str, list[int]]
    base: list[int]
    bonus: list[int]


def _sums(where: Layout, cohort: str, scores: Scores) -> _Sums:
    found = _Sums({}, {}, {}, [0, 0, 0], [0, 0, 0])
    for leaf, (item, group, bonus) in where.leaves.items():
        score = scores.get(leaf)
        if score is None:
            continue
        found.leaves[leaf] = score
        claimed, verified, final = score[:3]
        for sums in (
            found.items.setdefault(item, [0, 0, 0]),
            found.groups.setdefault(group, [0, 0, 0]),
            found.bonus if bonus else found.base,
        ):
            sums[0] += claimed
            sums[1] += verified
            sums[2] += final
    found.bonus[2] = counted_bonus(where.rubric, cohort, found.base[2], found.bonus[2])
    return found


def _answer(sums: _Sums) -> dict[str, Any]:
    return {
        "base": _columns(sums.base),
        "bonus": _columns(sums.bonus),
        "total": _columns(list(map(sum, zip(sums.base, sums.bonus, strict=True)))),
        "groups": {group: _columns(each) for group, each in sums.groups.items()},
        "items": {item: _columns(each) for item, each in sums.items.items()},
        "leaves": {leaf: _leaf(score) for leaf, score in sums.leaves.items()},
    }


def _columns(points: list[int]) -> dict[str, str]:
    return {"claimed": _shown(points[0]), "verified": _shown(points[1]), "final": _shown(points[2])}


def _leaf(score: LeafScore) -> dict[str, str | None]:
    claimed, verified, final, maximum, status = score
    return {
        "claimed": _shown(claimed),
        "verified": _shown(verified),
        "final": _shown(final),
        "maximum": None if maximum is None else _shown(maximum),
        "status": status,
    }
