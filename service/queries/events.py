"""The record as auditors walk it: by position, narrowed by filters, page after page."""

from collections.abc import Mapping
from typing import Any

from events.entry import slot_of
from events.reader import read_range
from events.store import EventStore

# The ledger row that holds position ``after + 1`` may start below it, hence the max().
_FEED = """
SELECT l.first + e.ordinal, e.entry
  FROM record.ledger l JOIN record.events e ON e.commit_seq = l.commit_seq
 WHERE l.first >= coalesce((SELECT max(first) FROM record.ledger WHERE first <= %(after)s + 1), 0)
   AND l.first + e.ordinal > %(after)s"""
# The stream an event is about: its own, or the one that a refusal or a look at a file names.
_ABOUT = (
    "CASE WHEN e.type = ANY('{ActRefused,EvidenceDownloaded,ImportDownloaded}')"
    " THEN convert_from(e.entry, 'UTF8')::json #>> '{data,stream}' ELSE e.stream END"
)
# Which part of its name says what: sheet/{cycle}/{unit}/{item}, cycle/{cycle}, claim/{cycle}/{register}/{key}, import/…
_PART = f"split_part({_ABOUT}, '/', "
_FILTERS = {
    "until": "l.first <= %(until)s AND l.first + e.ordinal <= %(until)s",
    "type": "e.type = %(type)s",
    "stream": "e.slot = %(slot)s AND e.stream = %(stream)s",
    "prefix": "e.stream >= %(prefix)s AND e.stream < %(beyond)s",
    # An entry's members are sorted and "actor" is the first: comparing bytes spares reading JSON.
    "actor": "substr(e.entry, 1, octet_length(%(actor)s)) = %(actor)s",
    "cycle": f"{_PART}1) = ANY('{{sheet,cycle,claim,import}}') AND {_PART}2) = %(cycle)s",
    "unit": f"{_PART}1) = 'sheet' AND {_PART}3) = %(unit)s",
    "item": f"{_PART}1) = 'sheet' AND {_PART}4) = %(item)s",
    "recorded_from": "e.recorded_at >= %(recorded_from)s",
    "recorded_to": "e.recorded_at <= %(recorded_to)s",
}
_PAGE = " ORDER BY l.first, e.ordinal LIMIT %(limit)s"


def feed(store: EventStore, filters: Mapping[str, Any], after: int, limit: int) -> list[tuple[int, bytes]]:
    """Up to ``limit`` pairs of position and entry behind ``after`` that all ``filters`` (None = any) let through."""
    asked = {name: value for name, value in filters.items() if value is not None}
    stream = asked.pop("stream", None)
    if stream is not None:
        asked |= {"prefix": stream} if stream.endswith("/") else {"stream": stream}
    parameters = asked | {
        "after": after,
        "limit": limit,
        "slot": slot_of(stream or ""),
        "beyond": f"{stream}\U0010ffff",
    }
    if "actor" in asked:
        parameters["actor"] = f'{{"actor":"{asked["actor"]}",'.encode()
    statement = " AND ".join([_FEED, *(_FILTERS[name] for name in asked)]) + _PAGE
    with store.connection() as connection:
        rows = connection.execute(statement.encode(), parameters, binary=True).fetchall()
    return [(position, entry) for position, entry in rows]


def entry_at(store: EventStore, position: int) -> bytes | None:
    """The entry of a position, None when the record has not given it."""
    with store.connection() as connection:
        return next((entry for _, entry in read_range(connection, position - 1, position)), None)
