"""Scores as they stood at a position: the same fold as the projection, over the record up to there."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from domain.columns import LeafScore
from domain.standings import places
from events.reader import read_range
from events.store import EventStore
from workers.fold import Changes, Fold
from workers.projections.standings import final_of, sum_up
from workers.rules import Rules

Scores = dict[str, dict[str, LeafScore]]


def position_at(store: EventStore, moment: datetime) -> int:
    """The last position that had been given by then: what was known at ``moment``."""
    with store.connection() as connection:
        row = connection.execute(
            "SELECT coalesce(max(first + count) - 1, 0) FROM record.ledger WHERE sealed_at <= %s", (moment,)
        ).fetchone()
    return int(row[0]) if row else 0


def folded(store: EventStore, rules: Rules, position: int) -> Changes:
    """Every sheet of the record as of ``position``, read anew."""
    fold = Fold(rules, lambda _stream, _version: [], keep=1_000_000)
    with store.connection() as connection:
        return fold.take(read_range(connection, 0, position))


# A position's scores never change, and whoever looks at a moment looks at several units of it.
@lru_cache(maxsize=16)
def scores_at(store: EventStore, rules: Rules, cycle: str, position: int) -> Scores:
    """Unit -> leaf -> score of every unit enrolled by ``position``; not to be changed by whoever gets it."""
    return scores_of(folded(store, rules, position), rules, cycle)


def scores_of(changes: Changes, rules: Rules, cycle: str) -> Scores:
    """Unit -> leaf -> score of every unit that was enrolled."""
    units = [unit for of, unit in changes.enrolled if of == cycle]
    found: Scores = {unit: _empty(rules, cycle, unit) for unit in sorted(units)}
    for tracked in changes.sheets.values():
        if tracked.sheet.cycle == cycle:
            found[tracked.sheet.unit].update(tracked.scores)
    return found


def unit_at(rules: Rules, cycle: str, unit: str, position: int, found: Scores) -> dict[str, Any] | None:
    """One unit's answer as of a position; None when it was not enrolled yet."""
    if unit not in found:
        return None
    cohort = rules.unit(cycle, unit).cohort
    place = ranks(rules, cycle, found)[unit]
    head = {"rank": place, "position": position, "lag": 0, "cycle": cycle, "unit": unit, "cohort": cohort}
    return head | sum_up(rules.layout_of(cycle), cohort, found[unit])


def ranks(rules: Rules, cycle: str, found: Scores) -> dict[str, int]:
    """Ranks on the shown total, as the rubric's conventions say."""
    totals = {unit: (rules.unit(cycle, unit).cohort, total_of(rules, cycle, unit, of)) for unit, of in found.items()}
    return places(rules.rubric_of(cycle), totals)


def total_of(rules: Rules, cycle: str, unit: str, scores: dict[str, LeafScore]) -> int:
    """A unit's final total as it counts, in hundredths."""
    return sum(final_of(rules.layout_of(cycle), rules.unit(cycle, unit).cohort, scores))


def _empty(rules: Rules, cycle: str, unit: str) -> dict[str, LeafScore]:
    cohort = rules.unit(cycle, unit).cohort
    items = [item.id for item in rules.rubric_of(cycle).items if cohort in item.points]
    return {
        leaf: LeafScore(0, 0, 0, bound, "empty")
        for item in items
        for leaf, bound in rules.item(cycle, unit, item).scorer.maximum().items()
    }
