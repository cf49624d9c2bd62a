"""Filling the tables of a replay: its shares one by one from the record, then what needs all of them.

Each share of the streams is filled in one transaction that holds the share's row: two workers take two shares, a
worker that is killed leaves its share as untouched as before.
"""

from collections.abc import Callable

from domain.moments import Moment
from events.reader import drain
from events.store import EventStore
from workers import checkpoints
from workers.changes import Changes
from workers.fold import Fold
from workers.memory import uncollected
from workers.projections import shadows, standings
from workers.projections.leaves import enrolment_rows, queue_rows
from workers.projections.tables import ENROLMENTS, HISTORY, LEAVES, QUEUE, UNITS, Connection, located
from workers.projections.units import whole_units
from workers.projector import earlier
from workers.replay import Replay, unit_of
from workers.rules import Rules

CHUNK = 10_000
ALL_SHEETS = 1 << 62

_CLAIM_SHARE = (
    "SELECT share, low, high FROM scores.replay_shares WHERE recomputation = %s AND filled_at IS NULL"
    " ORDER BY share LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_FILLED = (
    "UPDATE scores.replay_shares SET filled_at = clock_timestamp(), events = %s WHERE recomputation = %s AND share = %s"
)
_UNITS = "SELECT cycle, unit FROM {}"


def fill(store: EventStore, rules: Rules, replay: Replay, pause: Callable[[], None]) -> bool:
    """Fills one share that nobody is at; False when there is none. ``pause`` is called between chunks."""
    with store.connection() as connection, uncollected(), connection.transaction():
        row = connection.execute(_CLAIM_SHARE, (replay.recomputation,)).fetchone()
        if row is None:
            return False
        share, low, high = row
        events = pour(store, rules, connection, replay, (low, high), pause)
        connection.execute(_FILLED, (events, replay.recomputation, share))
        return True


def pour(
    store: EventStore,
    rules: Rules,
    connection: Connection,
    replay: Replay,
    streams: tuple[str, str],
    pause: Callable[[], None],
) -> int:
    """Folds a range of streams into the shadow tables, one stream after the other; answers the number of events."""
    fold = Fold(rules, lambda stream, version: earlier(store, stream, version), keep=ALL_SHEETS)
    changes = Changes()
    unit, written = "", 0
    with store.connection() as reading:
        for stream, positions, joined in drain(reading, replay.upto, *streams):
            # A unit that is over is written and forgotten: a replay needs no more memory than a few units' sheets.
            if unit_of(stream) != unit and changes.events - written >= CHUNK:
                written = changes.events
                flush(connection, rules, fold, changes, replay)
                pause()
            unit = unit_of(stream)
            fold.take_run(stream, positions, joined, changes)
    flush(connection, rules, fold, changes, replay)
    shadows.copy(connection, ENROLMENTS, enrolment_rows(changes), replay.shadow)
    checkpoints.park(connection, changes.parked, replay.shadow)
    return changes.events


def flush(connection: Connection, rules: Rules, fold: Fold, changes: Changes, replay: Replay) -> None:
    """Writes the rows of the units at hand, and forgets their sheets."""
    sheets, shadow = changes.sheets.values(), replay.shadow
    leaves, units = whole_units(rules, sheets, replay.upto)
    shadows.copy(connection, HISTORY, changes.history, shadow)
    shadows.copy(connection, LEAVES, leaves, shadow)
    shadows.copy(connection, UNITS, units, shadow)
    shadows.copy(connection, QUEUE, queue_rows(sheets)[1], shadow)
    changes.history.clear()
    changes.sheets.clear()
    fold.forget()


def stand(connection: Connection, rules: Rules, replay: Replay) -> None:
    """Keys the filled tables and adds what needs all shares: units without a sheet, ranks, departments."""
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    shadows.key(connection, replay.shadow)
    standings.forget_withdrawn(connection, replay.shadow)
    filed = set(connection.execute(_UNITS.format(located(UNITS, replay.shadow))).fetchall())
    enrolled = connection.execute(_UNITS.format(located(ENROLMENTS, replay.shadow))).fetchall()
    silent = [(cycle, unit) for cycle, unit in enrolled if (cycle, unit) not in filed]
    standings.enroll(connection, rules, silent, replay.shadow)
    standings.refresh(
        connection, rules, silent, lambda cycle: rules.layout_at(cycle, Moment(replay.upto)), replay.shadow
    )
    for cycle in sorted({cycle for cycle, _ in filed}):
        standings.compare_units(connection, cycle, rules.layout_at(cycle, Moment(replay.upto)), replay.shadow)
