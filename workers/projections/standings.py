"""Rows of unit_scores and department_scores: exact sums of the shown leaves, ranks by the rubric's conventions.

Runs under one lock a cycle, in the transaction that wrote the leaves: whoever comes later sees and sums them all.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from domain.columns import LeafScore
from domain.standings import DepartmentStanding, places, rank_departments
from workers.projections.sums import Layout, final_of, sum_up, sums_of, unit_row
from workers.projections.tables import DEPARTMENTS, ENROLMENTS, LEAVES, UNITS, Connection, located, put, put_absent
from workers.rules import Rules

InForce = Callable[[str], Layout]  # from a cycle to the layout of the rubric it stands under in these tables

__all__ = ["InForce", "enroll", "enrolled", "final_of", "refresh", "sum_up", "sums_of", "unit_row"]

_LEAVES = "SELECT unit, leaf, claimed, verified, final, maximum, status FROM {} WHERE cycle = %s AND unit = ANY(%s)"
_SUMS = "SELECT leaf, sum(final), sum(maximum) FROM {} JOIN {} USING (cycle, unit) WHERE cycle = %s GROUP BY leaf"
_OTHERS = "DELETE FROM {} WHERE cycle = %s AND NOT department = ANY(%s)"
_ENROLLED = "SELECT cycle, unit FROM {} WHERE cycle = ANY(%s)"
_STILL = "SELECT unit FROM {} WHERE cycle = %s AND unit = ANY(%s) ORDER BY unit"
_RANKS = "SELECT unit, cohort, total, rank FROM {} WHERE cycle = %s"
_RANKED = (
    "UPDATE {} AS u SET rank = m.rank FROM unnest(%b::text[], %b::int8[]) AS m (unit, rank)"
    " WHERE u.cycle = %t AND u.unit = m.unit"
)


def refresh(
    connection: Connection,
    rules: Rules,
    units: Iterable[tuple[str, str]],
    in_force: InForce,
    suffix: str = "",
    withdrawn: Collection[tuple[str, str]] = (),
) -> None:
    """Makes the standings of these (cycle, unit) anew, as far as they are enrolled, then ranks and departments.

    ``withdrawn`` units go, with what their enrolment alone gave them.
    """
    cycles: dict[str, list[str]] = defaultdict(list, {cycle: [] for cycle, _ in sorted(withdrawn)})
    for cycle, unit in sorted(units):
        cycles[cycle].append(unit)
    for cycle, touched in cycles.items():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"standings{suffix}/{cycle}",))
        where = in_force(cycle)  # asked under the lock: who comes later sees a rubric at least as new
        _leave(connection, cycle, [unit for of, unit in withdrawn if of == cycle], suffix)
        # A sheet's share of the streams may be ahead of the cycle's, or behind it: its unit may be enrolled no longer.
        still = [unit for (unit,) in connection.execute(_STILL.format(located(ENROLMENTS, suffix)), (cycle, touched))]
        _units(connection, rules, cycle, still, where, suffix)
        compare_units(connection, cycle, where, suffix)


def compare_units(connection: Connection, cycle: str, where: Layout, suffix: str = "") -> None:
    """Makes what needs all units of a cycle: ranks and departments."""
    _ranks(connection, cycle, where, suffix)
    _departments(connection, cycle, where, suffix)


def enrolled(connection: Connection, cycles: Iterable[str], suffix: str = "") -> list[tuple[str, str]]:
    """Every (cycle, unit) of these cycles: what is made anew when a cycle goes on under another rubric."""
    found = connection.execute(_ENROLLED.format(located(ENROLMENTS, suffix)), (sorted(cycles),))
    return [(cycle, unit) for cycle, unit in found.fetchall()]


def enroll(connection: Connection, rules: Rules, enrolled: Iterable[tuple[str, str]], suffix: str = "") -> None:
    """Gives every leaf of newly enrolled (cycle, unit) a row, so that what was never filed shows as 0."""
    rows = [row for cycle, unit in enrolled for row in empty_leaves(rules, cycle, unit)]
    put_absent(connection, LEAVES, sorted(rows, key=lambda row: (row[0], row[1], row[3])), suffix)


def forget_withdrawn(connection: Connection, suffix: str) -> None:
    """Takes out what was written of units whose sheets alone were at hand, and which are enrolled no longer."""
    for table, kept in ((UNITS, ""), (LEAVES, " AND position = 0")):
        connection.execute(
            f"DELETE FROM {located(table, suffix)} AS t WHERE NOT EXISTS (SELECT FROM {located(ENROLMENTS, suffix)}"  # noqa: S608 - our names
            f" AS e WHERE e.cycle = t.cycle AND e.unit = t.unit){kept}"
        )


def _leave(connection: Connection, cycle: str, units: list[str], suffix: str) -> None:
    """Takes out the rows of units that are enrolled no longer; a leaf that a sheet moved is that sheet's row."""
    if not units:
        return
    for table, kept in ((ENROLMENTS, ""), (UNITS, ""), (LEAVES, " AND position = 0")):
        connection.execute(
            f"DELETE FROM {located(table, suffix)} WHERE cycle = %s AND unit = ANY(%s){kept}",  # noqa: S608 - our names
            (cycle, units),
        )
    connection.execute(f"DELETE FROM {located(DEPARTMENTS, suffix)} WHERE cycle = %s", (cycle,))  # noqa: S608 - our names


def empty_leaves(rules: Rules, cycle: str, unit: str) -> list[tuple[Any, ...]]:
    """Rows of leaf_scores for a unit that has filed nothing."""
    return [
        (cycle, unit, item, leaf, department, 0, 0, 0, maximum, "empty", 0)
        for item, leaf, department, maximum in rules.leaves_of(*_asked(rules, cycle, unit))
    ]


def _asked(rules: Rules, cycle: str, unit: str) -> tuple[str, str]:
    """The rubric that was in force when the unit was enrolled, and its cohort."""
    enrolled = rules.unit(cycle, unit)
    return enrolled.rubric, enrolled.cohort


def _units(connection: Connection, rules: Rules, cycle: str, units: list[str], where: Layout, suffix: str) -> None:
    scores: dict[str, dict[str, LeafScore]] = {unit: {} for unit in units}
    found = connection.execute(_LEAVES.format(located(LEAVES, suffix)), (cycle, units), binary=True)
    for row in found.fetchall():
        scores[row[0]][row[1]] = LeafScore._make(row[2:])
    rows = [unit_row(where, cycle, unit, rules.unit(cycle, unit).cohort, scores[unit]) for unit in units]
    put(connection, UNITS, rows, suffix)


def _ranks(connection: Connection, cycle: str, where: Layout, suffix: str) -> None:
    totals: dict[str, tuple[str, int]] = {}
    old: dict[str, int] = {}
    for unit, cohort, total, place in connection.execute(_RANKS.format(located(UNITS, suffix)), (cycle,), binary=True):
        totals[unit] = (cohort, total)
        old[unit] = place
    new = places(where.rubric, totals)
    moved = {unit: place for unit, place in sorted(new.items()) if old[unit] != place}
    if moved:
        connection.execute(_RANKED.format(located(UNITS, suffix)), (list(moved), list(moved.values()), cycle))


def _departments(connection: Connection, cycle: str, where: Layout, suffix: str) -> None:
    """Each leaf counts for the department that answers for it in the rubric the cycle stands under."""
    found = connection.execute(_SUMS.format(located(LEAVES, suffix), located(ENROLMENTS, suffix)), (cycle,))
    sums: dict[str, DepartmentStanding] = defaultdict(lambda: DepartmentStanding(0, 0, 0))
    for leaf, final, most in found:
        if leaf in where.leaves:  # a sheet's share of the streams may be ahead of the cycle's
            of = where.rubric.leaf(leaf).department
            sums[of] = sums[of].with_leaf(int(final), int(most or 0), bonus=where.leaves[leaf][2])
    ranked = rank_departments(sums)
    last = len(ranked) + 1  # a department that could win nothing stands behind all others
    rows = [(cycle, name, of.won, of.possible, of.bonus, ranked.get(name, last)) for name, of in sorted(sums.items())]
    connection.execute(_OTHERS.format(located(DEPARTMENTS, suffix)), (cycle, list(sums)))
    put(connection, DEPARTMENTS, rows, suffix)
