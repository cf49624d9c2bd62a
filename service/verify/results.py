"""Results as they are published: a unit's sums and leaves, places and departments, points as texts."""

from collections.abc import Mapping
from typing import Any

from domain.columns import LeafScore
from domain.points import show
from domain.rubric.model import Rubric
from domain.standings import UnitScore, counted_bonus, departments, places, rank_departments

Leaves = dict[str, LeafScore]


def results_document(rubric: Rubric, cohorts: Mapping[str, str], leaves: Mapping[str, Leaves]) -> dict[str, Any]:
    """Units with their leaves and ranks, and departments, of a cycle; both arguments are by unit."""
    sums = {unit: final_sums(rubric, cohorts[unit], own) for unit, own in leaves.items()}
    ranks = places(rubric, {unit: (cohorts[unit], base + bonus) for unit, (base, bonus) in sums.items()})
    units = {
        unit: {"cohort": cohorts[unit], "rank": ranks[unit], **unit_document(rubric, cohorts[unit], own)}
        for unit, own in leaves.items()
    }
    return {"units": units, "departments": _departments(rubric, cohorts, leaves)}


def _departments(rubric: Rubric, cohorts: Mapping[str, str], leaves: Mapping[str, Leaves]) -> dict[str, Any]:
    standings = departments(rubric, [_unit_score(cohorts[unit], own) for unit, own in leaves.items()])
    asked = {rubric.leaf(leaf).department for own in leaves.values() for leaf in own}
    standings = {name: of for name, of in standings.items() if name in asked}
    ranks = rank_departments(standings)
    return {
        name: {
            "won": show(of.won),
            "possible": show(of.possible),
            "bonus": show(of.bonus),
            "rank": ranks.get(name, len(ranks) + 1),
        }
        for name, of in standings.items()
    }


def _unit_score(cohort: str, leaves: Leaves) -> UnitScore:
    final = {leaf: score.final for leaf, score in leaves.items()}
    return UnitScore(cohort, final, {leaf: score.maximum for leaf, score in leaves.items()})


def final_sums(rubric: Rubric, cohort: str, leaves: Leaves) -> tuple[int, int]:
    """Base and counted bonus of a unit's final points."""
    bonus = sum(score.final for leaf, score in leaves.items() if rubric.leaf(leaf).bonus)
    base = sum(score.final for score in leaves.values()) - bonus
    return base, counted_bonus(rubric, cohort, base, bonus)


def unit_document(rubric: Rubric, cohort: str, leaves: Leaves) -> dict[str, Any]:
    """Totals and leaves of one unit as they are published."""
    base, bonus = final_sums(rubric, cohort, leaves)
    return {
        "claimed": show(sum(score.claimed for score in leaves.values())),
        "verified": show(sum(score.verified for score in leaves.values())),
        "base": show(base),
        "bonus": show(bonus),
        "total": show(base + bonus),
        "leaves": {leaf: leaf_document(score) for leaf, score in leaves.items()},
    }


def leaf_document(score: LeafScore) -> dict[str, str | None]:
    """One leaf as it is published."""
    return {
        "claimed": show(score.claimed),
        "verified": show(score.verified),
        "final": show(score.final),
        "maximum": None if score.maximum is None else show(score.maximum),
        "status": score.status,
    }
