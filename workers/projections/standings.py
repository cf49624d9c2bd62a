"""Rows of unit_scores and department_scores: exact sums of the shown leaves, ranks inside a cohort.

Runs under one lock a cycle, in the transaction that wrote the leaves: whoever comes later sees and sums them all.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from domain.columns import LeafScore
from domain.points import show
from domain.rubric.model import Rubric
from domain.standings import rank
from workers.projections.tables import DEPARTMENTS, LEAVES, UNITS, Connection, located, put, put_absent
from workers.rules import Rules

_LEAVES = (
    "SELECT unit, item, leaf, claimed, verified, final, maximum, status FROM {} WHERE cycle = %s AND unit = ANY(%s)"
)
_DEPARTMENTS = (
    "SELECT department, sum(final) FILTER (WHERE NOT leaf = ANY(%s)), sum(maximum) FILTER (WHERE NOT leaf = ANY(%s)),"
    " coalesce(sum(final) FILTER (WHERE leaf = ANY(%s)), 0) FROM {} WHERE cycle = %s GROUP BY department"
)


def refresh(connection: Connection, rules: Rules, units: Iterable[tuple[str, str]], suffix: str = "") -> None:
    """Makes the standings of these (cycle, unit) anew, then the ranks and departments of their cycles."""
    cycles: dict[str, list[str]] = defaultdict(list)
    for cycle, unit in sorted(units):
        cycles[cycle].append(unit)
    for cycle, touched in cycles.items():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"standings{suffix}/{cycle}",))
        rubric = rules.rubric_of(cycle)
        _units(connection, rules, rubric, cycle, touched, suffix)
        _ranks(connection, cycle, suffix)
        _departments(connection, rubric, cycle, suffix)


def enroll(connection: Connection, rules: Rules, enrolled: Iterable[tuple[str, str]], suffix: str = "") -> None:
    """Gives every leaf of newly enrolled (cycle, unit) a row, so that what was never filed shows as 0."""
    rows = [row for cycle, unit in sorted(enrolled) for row in empty_leaves(rules, cycle, unit)]
    put_absent(connection, LEAVES, rows, suffix)


def empty_leaves(rules: Rules, cycle: str, unit: str) -> list[tuple[Any, ...]]:
    """Rows of leaf_scores for a unit that has filed nothing."""
    cohort = rules.unit(cycle, unit).cohort
    found = [item.id for item in rules.rubric_of(cycle).items if cohort in item.points]
    rows: list[tuple[Any, ...]] = []
    for item in found:
        each = rules.item(cycle, unit, item)
        maximum = each.scorer.maximum()
        rows += [
            (cycle, unit, item, leaf, department, 0, 0, 0, maximum[leaf], "empty", 0)
            for leaf, department in each.departments.items()
        ]
    return rows


def _units(connection: Connection, rules: Rules, rubric: Rubric, cycle: str, units: list[str], suffix: str) -> None:
    scores: dict[str, dict[str, LeafScore]] = {unit: {} for unit in units}
    for unit, _, leaf, *columns in connection.execute(_LEAVES.format(located(LEAVES, suffix)), (cycle, units)):
        scores[unit][leaf] = LeafScore(*columns)
    put(
        connection,
        UNITS,
        [unit_row(rubric, cycle, unit, rules.unit(cycle, unit).cohort, scores[unit]) for unit in units],
        suffix,
    )


def unit_row(rubric: Rubric, cycle: str, unit: str, cohort: str, scores: dict[str, LeafScore]) -> tuple[Any, ...]:
    """The row of one unit, rank 0 (ranks need the others); ``body`` is its answer's JSON."""
    sums = sum_up(rubric, scores)
    body = {"cycle": cycle, "unit": unit, "cohort": cohort, **sums}
    totals = [sums_of(scores, column) for column in ("claimed", "verified")]
    bonus = sum(score.final for leaf, score in scores.items() if rubric.leaf(leaf).bonus)
    final = sums_of(scores, "final")
    return (cycle, unit, cohort, *totals, final - bonus, bonus, final, 0, msgspec.json.encode(body))


def sums_of(scores: dict[str, LeafScore], column: str) -> int:
    """The sum of one column over all leaves."""
    return sum(getattr(score, column) for score in scores.values())


def sum_up(rubric: Rubric, scores: dict[str, LeafScore]) -> dict[str, Any]:
    """Leaves, items, groups and totals as an answer shows them: every column, points as text."""
    bonuses = {leaf.id for leaf in rubric.leaves if leaf.bonus}
    base = {leaf: score for leaf, score in scores.items() if leaf not in bonuses}
    bonus = {leaf: score for leaf, score in scores.items() if leaf in bonuses}
    leaves_of = {item.id: [leaf.id for leaf in item.leaves if leaf.id in scores] for item in rubric.items}
    items_of = {group.id: [item.id for item in group.items if leaves_of[item.id]] for group in rubric.groups}
    return {
        "base": _shown(base),
        "bonus": _shown(bonus),
        "total": _shown(scores),
        "groups": {
            group: _shown({leaf: scores[leaf] for item in items for leaf in leaves_of[item]})
            for group, items in items_of.items()
            if items
        },
        "items": {
            item: _shown({leaf: scores[leaf] for leaf in leaves}) for item, leaves in leaves_of.items() if leaves
        },
        "leaves": {
            leaf: {
                "claimed": show(score.claimed),
                "verified": show(score.verified),
                "final": show(score.final),
                "maximum": None if score.maximum is None else show(score.maximum),
                "status": score.status,
            }
            for leaves in leaves_of.values()
            for leaf, score in ((leaf, scores[leaf]) for leaf in leaves)
        },
    }


def _shown(scores: dict[str, LeafScore]) -> dict[str, str]:
    return {column: show(sums_of(scores, column)) for column in ("claimed", "verified", "final")}


def _ranks(connection: Connection, cycle: str, suffix: str) -> None:
    table = located(UNITS, suffix)
    cohorts: dict[str, dict[str, int]] = defaultdict(dict)
    old: dict[str, int] = {}
    for unit, cohort, total, place in connection.execute(
        f"SELECT unit, cohort, total, rank FROM {table} WHERE cycle = %s",  # noqa: S608 - our names
        (cycle,),
    ):
        cohorts[cohort][unit] = total
        old[unit] = place
    new = {unit: place for totals in cohorts.values() for unit, place in rank(totals).items()}
    moved = {unit: place for unit, place in new.items() if old[unit] != place}
    if moved:
        connection.execute(
            f"UPDATE {table} AS u SET rank = m.rank FROM unnest(%b::text[], %b::int8[]) AS m (unit, rank)"  # noqa: S608 - our names
            " WHERE u.cycle = %t AND u.unit = m.unit",
            (list(moved), list(moved.values()), cycle),
        )


def _departments(connection: Connection, rubric: Rubric, cycle: str, suffix: str) -> None:
    bonus = [leaf.id for leaf in rubric.leaves if leaf.bonus]
    found = connection.execute(_DEPARTMENTS.format(located(LEAVES, suffix)), (bonus, bonus, bonus, cycle)).fetchall()
    sums = {name: (int(won or 0), int(possible or 0), int(extra)) for name, won, possible, extra in found}
    places = _by_share(sums)
    put(connection, DEPARTMENTS, [(cycle, name, *sums[name], places[name]) for name in sorted(sums)], suffix)


def _by_share(sums: dict[str, tuple[int, int, int]]) -> dict[str, int]:
    """Ranks by won ÷ possible, compared by cross multiplication; nothing possible comes last."""
    shares = {name: (won, possible) for name, (won, possible, _) in sums.items()}
    return {
        name: 1
        + sum(1 for other in shares.values() if other[1] and (not mine[1] or other[0] * mine[1] > mine[0] * other[1]))
        for name, mine in shares.items()
    }
