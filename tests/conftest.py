"""What every room's tests share: real servers, a migrated database a test, the measure of hypothesis."""

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from redis import Redis

from service.stack.postgres import Postgres
from tests.recycling import Pool
from tests.servers import Database, Servers, clusters, fresh_database, process_number
from workers.database_url import DatabaseUrl

SERVERS = pytest.StashKey[Servers]()
NUMBER = itertools.count(1)

settings.register_profile(
    "kaohe",
    deadline=None,  # a loaded machine is not a defect
    derandomize="CI" in os.environ,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kaohe")


def pytest_configure(config: pytest.Config) -> None:
    """Takes the controller's servers in a worker; a run in one process starts its own when first used."""
    given: dict[str, str] | None = getattr(config, "workerinput", {}).get("kaohe_servers")
    config.stash[SERVERS] = Servers(given)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Hands the servers' addresses to a worker of xdist; the controller owns them for the whole run."""
    servers = node.config.stash[SERVERS]  # type: ignore[attr-defined]
    node.workerinput["kaohe_servers"] = servers.addresses()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the servers at the end, also of an interrupted run."""
    if SERVERS in config.stash:
        config.stash[SERVERS].stop()


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> dict[str, str]:
    """The addresses of the run's "postgres" (as its owner) and "valkey"."""
    return request.config.stash[SERVERS].addresses()


@pytest.fixture(scope="session")
def postgres_server(servers: dict[str, str]) -> DatabaseUrl:
    """The owner's address of the run's PostgreSQL, database "postgres"."""
    return DatabaseUrl.parse(servers["postgres"])


@pytest.fixture(scope="session")
def shared_database(postgres_server: DatabaseUrl) -> Iterator[Database]:
    """One migrated database for all tests of this worker process; nothing is cleared in between."""
    with fresh_database(postgres_server, f"shared_{process_number()}") as made:
        yield made


@pytest.fixture(scope="session")
def database_url(shared_database: Database) -> str:
    """The owner's address of the shared database, as libpq and SQLAlchemy read it."""
    return shared_database.owner.libpq


@pytest.fixture(scope="session")
def pool(postgres_server: DatabaseUrl) -> Iterator[Pool]:
    """The databases that the tests of this worker process have one after another."""
    with contextlib.closing(Pool(postgres_server)) as made:
        yield made


@pytest.fixture
def database(pool: Pool) -> Iterator[Database]:
    """A migrated database of this test's own, empty at its start."""
    with pool.database(f"test_{process_number()}_{next(NUMBER)}") as made:
        yield made


@pytest.fixture
def redis_url(servers: dict[str, str]) -> str:
    """A broker's address with a database number of this worker process, emptied for this test."""
    url = servers["valkey"].rsplit("/", 1)[0] + f"/{process_number() + 1}"
    with Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def fresh_cluster(tmp_path: Path) -> Iterator[Callable[[str], Postgres]]:
    """A factory of PostgreSQL servers of this test's own: `fresh_cluster("b")`, again for the same data."""
    with clusters(tmp_path) as start:
        yield start
