"""What the suite's own servers promise to every other test."""

import psycopg
import pytest
from redis import Redis

from tests.servers import Database


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_a_migrated_database_with_nothing_in_it(database: Database, turn: int) -> None:
    with psycopg.connect(database.owner.libpq) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone()
        connection.execute("CREATE TABLE left_behind ()")


@pytest.mark.parametrize("role", ["service", "worker"])
def test_each_role_reaches_the_database_under_its_own_name(database: Database, role: str) -> None:
    with psycopg.connect(getattr(database, role).libpq) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (f"kaohe_{role}",)


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_an_empty_broker(redis_url: str, turn: int) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")
