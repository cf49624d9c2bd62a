"""Exact sums of a unit's shown leaves: items, groups, base, bonus and total, as an answer shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from domain.columns import LeafScore
from domain.points import show
from domain.rubric.model import Rubric

COLUMNS = ("claimed", "verified", "final")
_shown = lru_cache(16_384)(show)  # a board shows the same few thousand numbers again and again

Scores = Mapping[str, LeafScore]
Three = tuple[int, int, int]
NOTHING: Three = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each leaf belongs, worked out once a rubric: leaf -> (item, group, whether a bonus), in sheet order."""

    leaves: Mapping[str, tuple[str, str, bool]]


def layout(rubric: Rubric) -> Layout:
    """The layout of a rubric."""
    return Layout(
        {
            leaf.id: (item.id, group.id, leaf.bonus)
            for group in rubric.groups
            for item in group.items
            for leaf in item.leaves
        }
    )


def sum_up(rubric: Rubric | Layout, scores: Scores) -> dict[str, Any]:
    """Leaves, items, groups and totals: every column, points as text."""
    where = rubric if isinstance(rubric, Layout) else layout(rubric)
    sums = _sums(where, scores)
    return {
        "base": _columns(sums.base),
        "bonus": _columns(sums.bonus),
        "total": _columns(_add(sums.base, sums.bonus)),
        "groups": {group: _columns(each) for group, each in sums.groups.items()},
        "items": {item: _columns(each) for item, each in sums.items.items()},
        "leaves": {leaf: _leaf(scores[leaf]) for leaf in where.leaves if leaf in scores},
    }


def sums_of(scores: Scores, column: str) -> int:
    """The sum of one column over all leaves."""
    return sum(getattr(score, column) for score in scores.values())


def unit_row(rubric: Rubric | Layout, cycle: str, unit: str, cohort: str, scores: Scores) -> tuple[Any, ...]:
    """The row of one unit, rank 0 (ranks need the others); ``body`` is its answer's JSON."""
    where = rubric if isinstance(rubric, Layout) else layout(rubric)
    sums = _sums(where, scores)
    claimed, verified, total = _add(sums.base, sums.bonus)
    body = msgspec.json.encode({"cycle": cycle, "unit": unit, "cohort": cohort, **sum_up(where, scores)})
    return (cycle, unit, cohort, claimed, verified, sums.base[2], sums.bonus[2], total, 0, body)


@dataclass(slots=True)
class _Sums:
    items: dict[str, Three]
    groups: dict[str, Three]
    base: Three = NOTHING
    bonus: Three = NOTHING


def _sums(where: Layout, scores: Scores) -> _Sums:
    found = _Sums({}, {})
    for leaf, (item, group, bonus) in where.leaves.items():
        score = scores.get(leaf)
        if score is None:
            continue
        points = score[:3]
        found.items[item] = _add(found.items.get(item, NOTHING), points)
        found.groups[group] = _add(found.groups.get(group, NOTHING), points)
        if bonus:
            found.bonus = _add(found.bonus, points)
        else:
            found.base = _add(found.base, points)
    return found


def _add(one: Three, other: Three) -> Three:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _columns(points: Three) -> dict[str, str]:
    return dict(zip(COLUMNS, map(_shown, points), strict=True))


def _leaf(score: LeafScore) -> dict[str, str | None]:
    return {
        "claimed": _shown(score.claimed),
        "verified": _shown(score.verified),
        "final": _shown(score.final),
        "maximum": None if score.maximum is None else _shown(score.maximum),
        "status": score.status,
    }
