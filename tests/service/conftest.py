"""A city on a database of each test's own, and one that tests which only look may share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Database, fresh_database, process_number
from tests.service import city as cities
from tests.service.city import City
from workers.database_url import DatabaseUrl


@pytest.fixture
def city(database: Database, redis_url: str, tmp_path: Path) -> Iterator[City]:
    """An open cycle with people of all roles, in a database of this test's own."""
    with cities.opened(database, redis_url, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared_city(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    """The same, for all tests of one module; each must stand whatever the others did."""
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{100 + process_number()}"
    folder = tmp_path_factory.mktemp("city")
    name = f"city_{process_number()}_{folder.name.removeprefix('city')}"
    with fresh_database(postgres_server, name) as made, cities.opened(made, redis, folder) as city:
        yield city
