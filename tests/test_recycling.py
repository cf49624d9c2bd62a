"""A database that another test had is as good as a new one, or it is thrown away."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.recycling import Pool
from tests.servers import Database, process_number
from workers.database_url import DatabaseUrl

NAME = f"recycled_{process_number()}"


@pytest.fixture
def one(postgres_server: DatabaseUrl) -> Iterator[Pool]:
    with contextlib.closing(Pool(postgres_server)) as made:
        yield made


def asked(database: Database, *statements: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.owner.libpq, autocommit=True) as connection:
        for statement in statements:
            answer = connection.execute(statement.encode())
        return answer.fetchall() if answer.description else []


CONTENT = """SELECT (SELECT count(*) FROM record.documents), (SELECT max(position) FROM scores.checkpoints),
    (SELECT last_value FROM notices.notices_number_seq), (SELECT count(*) FROM vault.lookup_key)"""


def test_rows_and_sequences_are_those_of_a_new_database_and_so_is_the_name(one: Pool) -> None:
    with one.database(f"{NAME}_a") as first:
        new = asked(first, CONTENT)
        asked(
            first,
            "SELECT record.keep_document('x')",
            "UPDATE scores.checkpoints SET position = 7",
            "SELECT nextval('notices.notices_number_seq')",
            "DELETE FROM vault.lookup_key",
        )
    assert [used.name for used in one.free] == [f"{NAME}_a"]
    with one.database(f"{NAME}_b") as second:
        assert not one.free
        assert asked(second, CONTENT) == new
    assert [used.name for used in one.free] == [f"{NAME}_b"]


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE record.events DISABLE TRIGGER immutable; ALTER TABLE record.events ENABLE TRIGGER immutable",
        "GRANT DELETE ON record.events TO kaohe_service",
        "CREATE TABLE record.more (number int)",
        "ALTER DATABASE {name} SET work_mem = '8MB'",
    ],
)
def test_a_database_that_is_not_what_it_was_is_thrown_away(one: Pool, change: str) -> None:
    with one.database(NAME) as database:
        asked(database, *change.format(name=NAME).split("; "))
    assert not one.free
