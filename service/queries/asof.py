"""Scores as they stood at a moment: from the year's chronicle, summed and ranked as the projection does."""

from datetime import datetime, timedelta
from typing import Any

from domain.columns import LeafScore
from domain.cycle_contents import Unit
from domain.moments import Moment
from domain.points import show
from domain.standings import UnitScore, departments, places, rank_departments
from events.order import seal_until
from events.store import EventStore
from service.office import office
from service.problems import Problem
from workers.changes import Changes
from workers.chronicle import Chronicle
from workers.projections.sums import Layout, final_of, sum_up, sums_of
from workers.rules import Rules

Scores = dict[str, dict[str, LeafScore]]

# Two that are recorded at once may be ordered the other way round, as far apart as the record lets clocks stand
# (record.append), and a commit waits for others: of those shortly before the last one, the furthest.
# Two statements, and the ledger asked once an event: the service plans once for any span at all, for which the planner
# would read the whole ledger (``Office.engine``).
_LAST_BY = """
SELECT recorded_at FROM record.events JOIN record.ledger USING (commit_seq)
 WHERE recorded_at <= %s ORDER BY recorded_at DESC LIMIT 1
"""
_FURTHEST = """
SELECT max(l.first + e.ordinal) FROM record.events e,
       LATERAL (SELECT first FROM record.ledger WHERE commit_seq = e.commit_seq LIMIT 1) AS l
 WHERE e.recorded_at <= %s AND e.recorded_at > %s
"""
_APART = timedelta(seconds=30)
_RECORDED = """
SELECT e.recorded_at FROM (SELECT first, commit_seq FROM record.ledger WHERE first <= %(position)s
                            ORDER BY first DESC LIMIT 1) l
  JOIN record.events e ON e.commit_seq = l.commit_seq AND e.ordinal = %(position)s - l.first
"""


def position_at(store: EventStore, moment: datetime) -> int:
    """The last position of what was recorded by ``moment``: what was known then, by the entries alone.

    Of its recorded time, not of when it was ordered: it is known to everybody from its commit on, however late the
    workers come to it, and an outsider who holds the log finds the same position. So what waits is ordered first.
    """
    with store.connection() as connection:
        if not seal_until(connection, moment):
            raise Problem(503)
        found = connection.execute(_LAST_BY, (moment,)).fetchone()
        if found is None:
            return 0
        row = connection.execute(_FURTHEST, (moment, found[0] - _APART)).fetchone()
    return int(row[0]) if row else 0


def known_at(store: EventStore, position: int) -> datetime | None:
    """When the event of a position was recorded; None for the beginning, when nothing was known."""
    with store.connection() as connection:
        row = connection.execute(_RECORDED, {"position": position}).fetchone()
    return row[0] if row else None


def chronicle(cycle: str, moment: Moment) -> Chronicle:
    """The cycle's year, at least up to a moment."""
    return office().chronicles.of(cycle, moment.position)


def scores_at(cycle: str, moment: Moment) -> Scores:
    """Unit -> leaf -> score of every unit enrolled by then; not to be changed by whoever gets it."""
    return chronicle(cycle, moment).scores(moment)


def scores_of(changes: Changes, rules: Rules, cycle: str) -> Scores:
    """Unit -> leaf -> score of every unit that was enrolled."""
    units = [unit for of, unit in changes.enrolled if of == cycle]
    found: Scores = {unit: Chronicle(cycle, rules).nothing(unit) for unit in sorted(units)}
    for tracked in changes.sheets.values():
        if tracked.sheet.cycle == cycle and tracked.sheet.unit in found:
            found[tracked.sheet.unit].update(tracked.scores)
    return found


def unit_at(rules: Rules, cycle: str, unit: str, moment: Moment, found: Scores) -> dict[str, Any] | None:
    """One unit's answer as of a moment; None when it was not enrolled yet."""
    if unit not in found:
        return None
    cohort, where = rules.unit(cycle, unit).cohort, rules.layout_at(cycle, moment)
    place = ranks(rules, cycle, where, found)[unit]
    head = {"rank": place, "position": moment.position, "lag": 0, "cycle": cycle, "unit": unit, "cohort": cohort}
    return head | sum_up(where, cohort, found[unit])


def board_at(rules: Rules, cycle: str, moment: Moment, found: Scores) -> list[dict[str, Any]]:
    """The rows of the board, by cohort and rank."""
    where = rules.layout_at(cycle, moment)
    ranked = ranks(rules, cycle, where, found)
    rows = [_row(where, rules.unit(cycle, unit), scores, ranked[unit]) for unit, scores in found.items()]
    return sorted(rows, key=lambda row: (row["cohort"], row["rank"], row["unit"]))


def departments_at(rules: Rules, cycle: str, moment: Moment, found: Scores) -> list[dict[str, Any]]:
    """Each department's points won of points possible, by rank."""
    units = [
        UnitScore(
            rules.unit(cycle, unit).cohort,
            {leaf: score.final for leaf, score in scores.items()},
            {leaf: score.maximum for leaf, score in scores.items()},
        )
        for unit, scores in found.items()
    ]
    rubric = rules.layout_at(cycle, moment).rubric
    department_of = {leaf.id: leaf.department for leaf in rubric.leaves}
    asked = {department_of[leaf] for scores in found.values() for leaf in scores}
    standings = {name: of for name, of in departments(rubric, units).items() if name in asked}
    ranked = rank_departments(standings)
    rows = [
        {"department": name, "won": show(of.won), "possible": show(of.possible), "bonus": show(of.bonus),
         "rank": ranked.get(name, len(ranked) + 1)}
        for name, of in standings.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["rank"], row["department"]))


def ranks(rules: Rules, cycle: str, where: Layout, found: Scores) -> dict[str, int]:
    """Ranks on the shown total, as the conventions of the rubric of ``where`` say."""
    return places(where.rubric, totals(rules, cycle, where, found))


def totals(rules: Rules, cycle: str, where: Layout, found: Scores) -> dict[str, tuple[str, int]]:
    """Every unit's cohort and its final total as it counts, in hundredths."""
    cohorts = {unit: rules.unit(cycle, unit).cohort for unit in found}
    return {unit: (cohorts[unit], sum(final_of(where, cohorts[unit], scores))) for unit, scores in found.items()}


def _row(where: Layout, unit: Unit, scores: dict[str, LeafScore], place: int) -> dict[str, Any]:
    base, bonus = final_of(where, unit.cohort, scores)
    return {
        "unit": unit.id,
        "cohort": unit.cohort,
        "rank": place,
        "claimed": show(sums_of(scores, "claimed")),
        "verified": show(sums_of(scores, "verified")),
        "base": show(base),
        "bonus": show(bonus),
        "total": show(base + bonus),
    }
