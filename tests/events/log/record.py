"""A record with something in it, and its log, on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import create_engine

from events.entry import Actor, NewEvent
from events.log.growth import grow
from events.order import seal
from events.store import EventStore
from workers.database_url import DatabaseUrl

ORIGIN = "example.org/kaohe"


@contextmanager
def store_at(url: DatabaseUrl) -> Iterator[EventStore]:
    engine = create_engine(url.sqlalchemy)
    try:
        yield EventStore(engine, ORIGIN)
    finally:
        engine.dispose()


def record(store: EventStore, count: int, stream: str = "note/1", per_commit: int = 50) -> None:
    while count:
        now = min(count, per_commit)
        events = [NewEvent("NoteTaken", {"text": f"第{each}条"}) for each in range(now)]
        store.append(stream, store.head(stream), events, by=Actor("note-taker"))
        count -= now


def order_and_grow(store: EventStore, limit: int = 16_384) -> None:
    seal(store._engine)
    while grow(store, limit):
        pass


def entries_of(store: EventStore) -> list[bytes]:
    with store.connection() as connection:
        rows = connection.execute(
            "SELECT e.entry FROM record.ledger l JOIN record.events e USING (commit_seq) ORDER BY l.first, e.ordinal",
            binary=True,
        )
        return [entry for (entry,) in rows]


def connect(url: DatabaseUrl) -> psycopg.Connection[Any]:
    return psycopg.connect(url.libpq, autocommit=True)
