"""Reading the record by position: arithmetic ranges over the ledger joined to the events."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import psycopg

from events.entry import decode
from events.store import EventStore, Recorded

# The ledger row that holds position ``after + 1`` may start below it, hence the max().
_LEDGER = """
SELECT commit_seq, first FROM record.ledger
 WHERE first >= coalesce((SELECT max(first) FROM record.ledger WHERE first <= %(after)s + 1), 0) AND first <= %(upto)s
"""
_EVENTS = """
SELECT commit_seq, ordinal, entry FROM record.events
 WHERE {} AND slot >= %s AND slot < %s ORDER BY commit_seq, ordinal
"""
# Two statements, each one scan of an index: joined in one, the planner asked the events once a ledger row.
_BETWEEN = _EVENTS.format("commit_seq >= %s AND commit_seq <= %s")
_AMONG = _EVENTS.format("commit_seq = ANY(%s)")
_SPARSE = 4
ALL_SLOTS = (0, 64)
_DRAIN = """
COPY (SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)
       WHERE e.slot >= {} AND e.slot < {} AND l.first + e.ordinal <= {}
         AND (starts_with(e.stream, 'sheet/') OR starts_with(e.stream, 'cycle/'))
       ORDER BY e.commit_seq, e.ordinal) TO STDOUT (FORMAT binary)
"""
# Both sides lie in the order of commit_seq already: merged, nothing is sorted or hashed.
_MERGE = (
    "; ".join(f"SET LOCAL {name} = off" for name in ("enable_sort", "enable_hashjoin", "enable_nestloop", "jit"))
    + "; SET LOCAL max_parallel_workers_per_gather = 0"
)


def read_range(
    connection: psycopg.Connection[Any], after: int, upto: int, slots: tuple[int, int] = ALL_SLOTS
) -> Iterator[tuple[int, bytes]]:
    """(position, entry) for after < position ≤ upto, of the streams in ``slots`` [low, high), in order."""
    # Never prepared: a plan for any range at all would read the whole table for a range of one.
    ledger = connection.execute(_LEDGER, {"after": after, "upto": upto}, binary=True, prepare=False)
    firsts = dict(ledger.fetchall())
    if not firsts:
        return iter(())
    lowest, highest = min(firsts), max(firsts)
    if highest - lowest < _SPARSE * len(firsts) + _SPARSE:
        rows = connection.execute(_BETWEEN, (lowest, highest, *slots), binary=True, prepare=False)
    else:
        # A commit that was long under way stands far behind the others of its block.
        rows = connection.execute(_AMONG, (list(firsts), *slots), binary=True, prepare=False)
    placed = [(firsts[number] + ordinal, entry) for number, ordinal, entry in rows.fetchall() if number in firsts]
    placed.sort(key=itemgetter(0))
    return iter([row for row in placed if after < row[0] <= upto])


def drain(
    connection: psycopg.Connection[Any], upto: int, slots: tuple[int, int] = ALL_SLOTS
) -> Iterator[tuple[int, bytes]]:
    """(position, entry) of every sheet's and cycle's stream in ``slots``, up to position ``upto``, for a replay.

    Each stream's events come in order; streams stand in the order of their commits, not of positions.
    """
    with connection.transaction():
        connection.execute(_MERGE)
        with connection.cursor().copy(_DRAIN.format(*map(int, (*slots, upto)))) as copied:
            copied.set_types(["int8", "bytea"])
            yield from copied.rows()


def read(store: EventStore, after: int = 0, limit: int = 1000) -> list[Recorded]:
    """Up to ``limit`` events behind position ``after``, in the order of the record."""
    with store.connection() as connection:
        rows = read_range(connection, after, after + limit)
        return [Recorded(entry, decode(entry), position) for position, entry in rows]
