"""Reading the record by position: arithmetic ranges over the ledger joined to the events."""

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

import psycopg
from psycopg import sql

from events.canonical import storable
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
_SAMPLE = 20_000
_SOME = "SELECT stream FROM record.events TABLESAMPLE SYSTEM (%s) WHERE stream >= %s AND stream < %s ORDER BY stream"
_CITY = """
SELECT e.stream, e.version, e.entry
  FROM record.events AS e LEFT JOIN unnest(%s::text[], %s::int4[]) AS known (stream, version) USING (stream)
 WHERE (e.stream = %s OR (e.stream >= %s AND e.stream < %s)) AND e.version > coalesce(known.version, 0)
 ORDER BY e.stream, e.version
"""
_COUNTED = "SELECT count(*) FROM record.events WHERE stream = %s OR (stream >= %s AND stream < %s)"
# Runs of at most 500 events: whatever a stream's length, a row stays far below PostgreSQL's 1 GB.
_DRAIN = """
COPY (SELECT e.stream, array_agg(l.first + e.ordinal ORDER BY e.version),
             string_agg(e.entry, '\\x0a'::bytea ORDER BY e.version)
        FROM record.events e JOIN record.ledger l USING (commit_seq)
       WHERE e.stream >= {low} AND e.stream < {high} AND l.first + e.ordinal <= {upto}
       GROUP BY e.stream, e.version / 500 ORDER BY e.stream, e.version / 500) TO STDOUT (FORMAT binary)
"""
_TOLD = """
SELECT e.entry, l.first + e.ordinal FROM record.events e LEFT JOIN record.ledger l USING (commit_seq)
 WHERE e.stream >= %s AND e.stream < %s ORDER BY e.stream, e.version
"""
# The primary key already holds the streams in order; sorting the entries again would take twice the time.
_IN_ORDER = "SET LOCAL enable_sort = off; SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0"


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


def whole(
    connection: psycopg.Connection[Any], stream: str, prefix: str, known: Mapping[str, int]
) -> list[tuple[str, int, bytes]]:
    """(stream, version, entry) of a stream and of all under ``prefix`` (with its ``/``), ordered or not, as of now.

    Of each stream what is behind its version in ``known``.
    """
    values = (list(known), list(known.values()), *_names(stream, prefix))
    return connection.execute(_CITY, values, binary=True, prepare=False).fetchall()


def counted(connection: psycopg.Connection[Any], stream: str, prefix: str) -> int:
    """How many events ``whole`` gives to who knows none: the record only grows, so it tells whether it is the same."""
    row = connection.execute(_COUNTED, _names(stream, prefix), binary=True, prepare=False).fetchone()
    return int(row[0]) if row else 0


def drain(
    connection: psycopg.Connection[Any], upto: int, low: str, high: str
) -> Iterator[tuple[str, list[int], bytes]]:
    """Runs of events of every stream from ``low`` up to ``high`` by name, as they stand at position ``upto``.

    Each run is (stream, positions, entries joined by newlines); a stream's runs follow one another in its order.
    """
    statement = sql.SQL(_DRAIN).format(low=sql.Literal(low), high=sql.Literal(high), upto=sql.Literal(upto))
    with connection.transaction():
        connection.execute(_IN_ORDER)
        with connection.cursor().copy(statement) as copied:
            copied.set_types(["text", "int8[]", "bytea"])
            yield from copied.rows()


def told(store: EventStore, stream: str) -> list[Recorded]:
    """The events of a stream, or of all under a prefix that ends in "/", with the positions they have by now."""
    if not storable(stream):
        return []
    beyond = stream + ("\U0010ffff" if stream.endswith("/") else "\x01")
    with store.connection() as connection:
        rows = connection.execute(_TOLD, (stream, beyond), binary=True)
        return [Recorded(entry, decode(entry), position) for entry, position in rows]


def borders(connection: psycopg.Connection[Any], prefix: str, events: int, parts: int) -> list[str]:
    """Names between which the streams of ``prefix`` (with its ``/``) hold about ``events`` ÷ ``parts`` each."""
    first, last = prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)
    share = min(100.0, 100 * _SAMPLE / max(events, 1))
    seen = [stream for (stream,) in connection.execute(_SOME, (share, first, last))]
    between = [seen[len(seen) * number // parts] for number in range(1, parts)] if seen else []
    return [first, *dict.fromkeys(between), last]


def read(store: EventStore, after: int = 0, limit: int = 1000) -> list[Recorded]:
    """Up to ``limit`` events behind position ``after``, in the order of the record."""
    with store.connection() as connection:
        rows = read_range(connection, after, after + limit)
        return [Recorded(entry, decode(entry), position) for position, entry in rows]


def _names(stream: str, prefix: str) -> tuple[str, str, str]:
    return stream, prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)
