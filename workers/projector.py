"""Live projection: one transaction a batch, with a compare-and-set of the checkpoint.

Two workers may race for a share of the streams; one commits, the other finds the row taken and goes home.
"""

from dataclasses import dataclass
from typing import Any

import psycopg

from events.reader import read_range
from events.store import EventStore, slot_of
from workers.fold import Changes, Fold
from workers.projections import standings
from workers.projections.leaves import leaf_rows, queue_rows
from workers.projections.tables import HISTORY, LEAVES, QUEUE, Connection, put, take_out
from workers.rules import Rules

PROJECTION = "scores"
BATCH = 2_000

_CLAIM = (
    "SELECT position, epoch, low, high FROM scores.checkpoints WHERE projection = %s AND partition = %s"
    " FOR UPDATE SKIP LOCKED"
)
_MOVE = (
    "UPDATE scores.checkpoints SET position = %s, moved_at = now()"
    " WHERE projection = %s AND partition = %s AND position = %s AND epoch = %s"
)
_LAST = "SELECT coalesce(max(first + count) - 1, 0) FROM (SELECT * FROM record.ledger ORDER BY first DESC LIMIT 1) AS l"
_EARLIER = (
    "SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)"
    " WHERE e.slot = %s AND e.stream = %s AND e.version < %s ORDER BY e.version"
)
_PARK = "INSERT INTO scores.parked (projection, stream, position, error) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True)
class Progress:
    """What one batch did: events read, position reached, and whether more is waiting."""

    events: int
    position: int
    more: bool


class Overtaken(Exception):
    """Another worker moved this checkpoint meanwhile; nothing was written."""


class Projector:
    """Projects one share (partition) of the streams into the score tables."""

    def __init__(self, store: EventStore, partition: int, rules: Rules | None = None) -> None:
        self._store = store
        self._partition = partition
        self._rules = rules or Rules(store)
        self._connection: Connection | None = None
        self._fold = Fold(self._rules, self._earlier)

    def advance(self, batch: int = BATCH) -> Progress | None:
        """Projects up to ``batch`` positions; None when another worker holds the share."""
        with self._store.connection() as connection:
            self._connection = connection
            try:
                with connection.transaction():
                    return self._batch(connection, batch)
            except BaseException:
                # What the fold has taken in was not committed.
                self._fold.forget()
                raise
            finally:
                self._connection = None

    def _batch(self, connection: Connection, batch: int) -> Progress | None:
        row = connection.execute(_CLAIM, (PROJECTION, self._partition)).fetchone()
        if row is None:
            return None
        position, epoch, low, high = row
        last = last_position(connection)
        upto = min(last, position + batch)
        if upto == position:
            return Progress(0, position, more=False)
        parked = parked_streams(connection)
        changes = self._fold.take(read_range(connection, position, upto, (low, high)), parked)
        write(connection, self._rules, changes)
        for stream, (place, error) in changes.parked.items():
            connection.execute(_PARK, (PROJECTION, stream, place, error))
        moved = connection.execute(_MOVE, (upto, PROJECTION, self._partition, position, epoch))
        if moved.rowcount != 1:
            raise Overtaken
        return Progress(changes.events, upto, more=upto < last)

    def _earlier(self, stream: str, version: int) -> list[tuple[int, bytes]]:
        assert self._connection is not None  # noqa: S101 - only called inside a batch
        return earlier(self._connection, stream, version)


def earlier(connection: Connection, stream: str, version: int) -> list[tuple[int, bytes]]:
    """(position, entry) of a stream below a version, in order."""
    return connection.execute(_EARLIER, (slot_of(stream), stream, version), binary=True).fetchall()


def last_position(connection: psycopg.Connection[Any]) -> int:
    """The last position the record has given."""
    row = connection.execute(_LAST).fetchone()
    return int(row[0]) if row else 0


def parked_streams(connection: Connection) -> frozenset[str]:
    """The streams the projection goes on without."""
    rows = connection.execute("SELECT stream FROM scores.parked WHERE projection = %s", (PROJECTION,))
    return frozenset(stream for (stream,) in rows)


def write(connection: Connection, rules: Rules, changes: Changes, suffix: str = "") -> None:
    """Writes what a run of events changed, one statement a table."""
    sheets = changes.sheets.values()
    gone, waiting = queue_rows(sheets)
    put(connection, LEAVES, leaf_rows(sheets), suffix)
    put(connection, HISTORY, changes.history, suffix)
    take_out(connection, QUEUE, gone, suffix)
    put(connection, QUEUE, waiting, suffix)
    standings.enroll(connection, rules, changes.enrolled, suffix)
    standings.refresh(connection, rules, changes.units, suffix)
