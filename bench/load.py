"""Puts years into the record by COPY, as its owner: one commit an event, ordered, linked, as the API would leave it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

import psycopg

from events.codec import to_event
from events.entry import Context, Head, build, leaf_of, slot_of, utc_text
from tests.workers.year import Act

ORIGIN = "kaohe.example/record"
MOMENT = utc_text(datetime(2026, 11, 30, tzinfo=UTC))
CHUNK = 50_000
_EVENTS = (
    "COPY record.events (slot, stream, version, type, recorded_at, commit_seq, ordinal, entry)"
    " FROM STDIN (FORMAT binary)"
)
_EVENT_TYPES = ("int2", "text", "int4", "text", "timestamptz", "int8", "int4", "bytea")
_LEDGER = """
INSERT INTO record.ledger
SELECT commit_seq, 1, commit_seq, recorded_at FROM record.events WHERE commit_seq > %(before)s ORDER BY commit_seq
"""


def load(connection: psycopg.Connection, acts: Iterable[Act]) -> int:
    """Appends the acts to the record behind what it holds; answers its last position."""
    last = before = _last(connection)
    heads: dict[str, Head] = {}
    remaining = iter(acts)
    while some := list(islice(remaining, CHUNK)):
        with connection.transaction(), connection.cursor().copy(_EVENTS) as out:
            out.set_types(_EVENT_TYPES)
            for row in _rows(some, heads, last):
                out.write_row(row)
        last += len(some)
    connection.execute(_LEDGER, {"before": before})
    connection.execute("SELECT setval('record.commit_seq', %s)", (last,))
    connection.commit()
    return last


def _rows(acts: list[Act], heads: dict[str, Head], last: int) -> Iterator[tuple[object, ...]]:
    moment = datetime.fromisoformat(MOMENT)
    for number, act in enumerate(acts, start=last + 1):
        head = heads.get(act.stream, Head())
        event = to_event(act.fact)
        entry = build(act.stream, head, event, Context(ORIGIN, act.by, MOMENT))
        heads[act.stream] = Head(head.version + 1, leaf_of(entry))
        yield slot_of(act.stream), act.stream, head.version + 1, event.type, moment, number, 0, entry


def _last(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(max(commit_seq), 0) FROM record.events").fetchone()
    assert row
    return int(row[0])
