"""A city on a database of each test's own, one that tests which only look may share, and what one gives away."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.verify.certifying import certificate
from service.verify.writing import write_bundle_file
from tests.events.log.record import record
from tests.servers import Database, fresh_database, process_number
from tests.service import city as cities
from tests.service.bundles import Members
from tests.service.city import City
from tests.service.log_acts import some_acts
from tests.service.log_house import LogHouse
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


@pytest.fixture
def untouched(shared_city: City) -> Iterator[City]:
    """A city that holds after the test exactly what it held before."""
    before = shared_city.size()
    yield shared_city
    assert shared_city.size() == before


@pytest.fixture(scope="session")
def given_away(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bytes]:
    """The bundle of a year and a unit's certificate; the city itself is closed by then."""
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{120 + process_number()}"
    folder = tmp_path_factory.mktemp("bundle")
    with (
        fresh_database(postgres_server, f"bundle_{process_number()}") as made,
        cities.opened(made, redis, folder) as city,
    ):
        house = LogHouse(city)
        some_acts(city)
        record(city.office.store, 300, "note/1")
        city.settle()
        house.sign()
        write_bundle_file(city.office.store, "2026", folder / "2026.zip")
        return folder / "2026.zip", certificate(city.office.store, "2026", "zhongshan")


@pytest.fixture(scope="session")
def bundle(given_away: tuple[Path, bytes]) -> Path:
    """The file of the bundle."""
    return given_away[0]


@pytest.fixture(scope="session")
def members(bundle: Path) -> Members:
    """What is in the bundle, by name."""
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def certified(given_away: tuple[Path, bytes]) -> bytes:
    """The certificate."""
    return given_away[1]
