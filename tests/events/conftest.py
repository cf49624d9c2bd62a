"""A store on a database of the test's own, as the service's role reaches it."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy

from events.store import EventStore
from tests.servers import Database

ORIGIN = "example.org/log"


@pytest.fixture
def open_store() -> Iterator[Callable[[Database], EventStore]]:
    """Opens stores as separate processes of the service would: each with a pool of its own."""
    engines: list[sqlalchemy.Engine] = []

    def opened(database: Database) -> EventStore:
        engines.append(sqlalchemy.create_engine(database.service.sqlalchemy, pool_size=16))
        return EventStore(engines[-1], ORIGIN)

    yield opened
    for engine in engines:
        engine.dispose()


@pytest.fixture
def store(database: Database, open_store: Callable[[Database], EventStore]) -> EventStore:
    return open_store(database)
