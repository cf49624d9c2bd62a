"""Reading the record by position: arithmetic ranges over the ledger joined to the events."""

from collections.abc import Iterator
from typing import Any

import psycopg

from events.entry import decode
from events.store import EventStore, Recorded

# The ledger row that holds position ``after + 1`` may start below it, hence the max().
_RANGE = """
SELECT l.first + e.ordinal AS position, e.entry
  FROM record.ledger l JOIN record.events e ON e.commit_seq = l.commit_seq
 WHERE l.first >= coalesce((SELECT max(first) FROM record.ledger WHERE first <= %(after)s + 1), 0)
   AND l.first <= %(upto)s AND l.first + e.ordinal > %(after)s AND l.first + e.ordinal <= %(upto)s
   AND e.slot >= %(low)s AND e.slot < %(high)s
 ORDER BY 1
"""
ALL_SLOTS = (0, 64)


def read_range(
    connection: psycopg.Connection[Any], after: int, upto: int, slots: tuple[int, int] = ALL_SLOTS
) -> Iterator[tuple[int, bytes]]:
    """(position, entry) for after < position ≤ upto, of the streams in ``slots`` [low, high), in order."""
    parameters = {"after": after, "upto": upto, "low": slots[0], "high": slots[1]}
    return iter(connection.execute(_RANGE, parameters, binary=True))


def read(store: EventStore, after: int = 0, limit: int = 1000) -> list[Recorded]:
    """Up to ``limit`` events behind position ``after``, in the order of the record."""
    with store.connection() as connection:
        rows = read_range(connection, after, after + limit)
        return [Recorded(entry, decode(entry), position) for position, entry in rows]
