"""What must hold for every record after whatever was done to it; read with the worker's rights only."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import psycopg

from events.entry import Envelope, decode, leaf_of, slot_of
from events.reader import read_range
from workers.database_url import DatabaseUrl

Connection = psycopg.Connection[tuple[Any, ...]]


def seal_all(url: DatabaseUrl) -> int:
    """Orders everything committed; the last position."""
    with psycopg.connect(url.libpq, autocommit=True) as connection:
        last = -1
        while (now := one(connection, "SELECT record.seal()")) != last:
            last = last if now is None else now
        return int(last)


def assert_whole(url: DatabaseUrl, acknowledged: Iterable[bytes] = ()) -> int:
    """Positions are exactly 1..N, streams whole and linked, all acknowledged entries there; N."""
    last = seal_all(url)
    with psycopg.connect(url.libpq, autocommit=True) as connection:
        rows = list(read_range(connection, 0, last + 10))
        assert [position for position, _ in rows] == list(range(1, last + 1))
        assert one(connection, "SELECT count(*) FROM record.events") == last
        assert one(connection, "SELECT count(*) FROM record.pending") == 0
        assert_ledger_without_gap(connection)
        assert_columns_agree(connection)
    assert_streams_linked(entry for _, entry in rows)
    lost = set(acknowledged) - {entry for _, entry in rows}
    assert not lost, f"{len(lost)} acknowledged entries are gone"
    return last


def assert_ledger_without_gap(connection: Connection) -> None:
    ends = 0
    seen = set()
    for first, count, commit in connection.execute("SELECT first, count, commit_seq FROM record.ledger ORDER BY first"):
        assert (first, commit in seen) == (ends + 1, False)
        seen.add(commit)
        ends += count


def assert_streams_linked(entries: Iterable[bytes]) -> None:
    """In the order of positions, every stream counts 1, 2, 3… and each entry names the leaf before it."""
    ends: dict[str, tuple[int, str]] = defaultdict(lambda: (0, ""))
    for entry in entries:
        said: Envelope = decode(entry)
        version, leaf = ends[said.subject]
        assert (said.streamversion, said.prevhash) == (version + 1, leaf), said.subject
        ends[said.subject] = (version + 1, leaf_of(entry).hex())


def assert_columns_agree(connection: Connection) -> None:
    rows = connection.execute("SELECT slot, stream, version, type, recorded_at, entry FROM record.events", binary=True)
    for slot, stream, version, kind, recorded, entry in rows:
        said = decode(entry)
        assert (slot, stream) == (slot_of(said.subject), said.subject)
        assert (version, kind) == (said.streamversion, said.type)
        assert recorded == datetime.fromisoformat(said.time)


def one(connection: Connection, query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None
