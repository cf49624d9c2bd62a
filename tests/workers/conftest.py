"""Ledgers: one of each test's own, one full of a year that tests which only replay may share; who receives notices."""

from collections.abc import Iterator

import pytest

from tests.servers import Database, fresh_database, process_number
from tests.workers.desk_of_notices import Outbox, opened
from tests.workers.ledger import Ledger, acts, chunks
from tests.workers.receivers import Mailroom, Receiver, mailroom, receiver
from workers.database_url import DatabaseUrl


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    """An empty record in a database of this test's own."""
    made = Ledger.of(database)
    yield made
    made.close()


@pytest.fixture(scope="module")
def year_ledger(postgres_server: DatabaseUrl, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """A year of three units; some streams hold what nobody can read."""
    name = f"year_{process_number()}_{request.module.__name__.rpartition('.')[2]}"
    with fresh_database(postgres_server, name) as database:
        made = Ledger.of(database)
        for number, some in enumerate(chunks(acts(), 100)):
            made.append(*some)
            if number % 3 == 2:
                made.garble(some[-1].stream)
        made.order()
        yield made
        made.close()


@pytest.fixture
def outbox(ledger: Ledger) -> Outbox:
    """Notices of a unit with people in it."""
    return opened(ledger)


@pytest.fixture
def room() -> Iterator[Mailroom]:
    """A mail server."""
    with mailroom() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """Somebody who receives webhooks."""
    with receiver() as made:
        yield made
