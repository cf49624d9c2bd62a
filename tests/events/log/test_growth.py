"""The log grows with the record: the same tree as the definition's, whatever the steps, races and crashes."""

import random
import threading
from typing import Any

import psycopg
import pytest

from events.log import growth, storage
from events.log.authentic import AuthenticTiles
from events.log.errors import OutOfTreeError, TileMissingError, TileNotAuthenticError
from events.log.growth import grow
from events.log.proving import prove_inclusion
from events.log.storage import read_edge, read_head, tile_reader
from events.log.tiles import Tile
from events.log.tree import EMPTY_ROOT, TreeHead
from events.order import seal
from events.store import EventStore
from tests.events.log.record import connect, entries_of, order_and_grow, record, store_at
from tests.servers import Database


@pytest.fixture
def store(database: Database) -> Any:
    with store_at(database.worker) as made:
        yield made


def test_an_empty_record_has_an_empty_tree(store: EventStore) -> None:
    assert grow(store) is None
    with store.connection() as connection:
        assert read_head(connection) == TreeHead(0, EMPTY_ROOT)


def test_the_tree_is_that_of_the_definition_whatever_the_steps(store: EventStore, naive: Any) -> None:
    chance = random.Random(6962)  # noqa: S311 - the steps are to be the same each time
    for count in (1, 2, 5, 300, 250, 40):
        record(store, count)
        order_and_grow(store, chance.randint(1, 400))
    entries = entries_of(store)
    with store.connection() as connection:
        heads = connection.execute("SELECT size, root FROM log.heads", binary=True).fetchall()
        head = read_head(connection)
        assert head.size == len(entries) == 598
        for size, root in heads:
            assert naive(entries[:size]).root(0, size) == root
        authentic = AuthenticTiles(head, tile_reader(connection))
        assert [authentic.node(0, each) for each in range(head.size)] == list(naive(entries).leaves)


def test_every_width_a_tile_ever_had_can_still_be_read(store: EventStore, naive: Any) -> None:
    record(store, 300)
    order_and_grow(store, 7)
    leaves = naive(entries_of(store)).leaves
    with store.connection() as connection:
        read = tile_reader(connection)
        for width in (1, 100, 255, 256):
            assert read(Tile(0, 0, width)) == b"".join(leaves[:width])
        with pytest.raises(TileMissingError, match=r"tile/0/001\.p/45"):
            read(Tile(0, 1, 45))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_every_leaf_is_proved_from_the_few_tiles_above_it(store: EventStore, naive: Any, size: int) -> None:
    record(store, size)
    order_and_grow(store)
    tree = naive(entries_of(store))
    with store.connection() as connection:
        head = read_head(connection)
        for index in {0, size // 2, size - 1, *range(0, size, 97)}:
            assert prove_inclusion(connection, index, head) == tree.path(index, 0, size)


def test_a_damaged_tile_proves_nothing_and_is_named(database: Database, store: EventStore) -> None:
    record(store, 600)
    order_and_grow(store)
    with connect(database.owner) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute(
            "UPDATE log.tiles SET hashes = sha256('x') || substring(hashes FROM 33) WHERE (level, index) = (0, 1)"
        )
    with store.connection() as connection:
        head = read_head(connection)
        with pytest.raises(TileNotAuthenticError, match="tile/0/001"):
            prove_inclusion(connection, 300, head)
        assert prove_inclusion(connection, 5, head) is not None


def test_what_is_not_ordered_yet_is_not_in_the_tree(store: EventStore) -> None:
    record(store, 3)
    assert grow(store) is None
    seal(store._engine)
    head = grow(store)
    assert head is not None
    assert head.size == 3


def test_of_two_growers_at_once_one_commits(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    record(store, 100)
    seal(store._engine)
    both = threading.Barrier(2)
    written = storage.write_growth

    def together(*arguments: Any) -> bool:
        both.wait(10)
        return written(*arguments)

    monkeypatch.setattr(growth, "write_growth", together)
    heads: list[Any] = []
    growers = [threading.Thread(target=lambda: heads.append(grow(store))) for _ in range(2)]
    for each in growers:
        each.start()
    for each in growers:
        each.join()
    assert sorted(head is None for head in heads) == [False, True]
    with store.connection() as connection:
        assert connection.execute("SELECT count(*) FROM log.heads").fetchone() == (1,)


def test_a_grower_that_dies_before_its_commit_leaves_the_old_tree(store: EventStore) -> None:
    record(store, 300)
    order_and_grow(store)
    with store.connection() as connection:
        before = read_edge(connection)
    record(store, 30)
    seal(store._engine)

    class Killed(Exception):
        pass

    def dies(connection: Any) -> None:
        with connection.transaction():
            assert growth.grow_on(connection) is not None
            raise Killed

    with pytest.raises(Killed), store.connection() as connection:
        dies(connection)
    with store.connection() as connection:
        assert read_edge(connection) == before
        assert read_head(connection) == before.head
    order_and_grow(store)
    with store.connection() as connection:
        AuthenticTiles(read_head(connection), tile_reader(connection))


def test_a_position_missing_from_the_record_stops_the_tree_and_is_named(database: Database, store: EventStore) -> None:
    record(store, 20)
    seal(store._engine)
    with connect(database.owner) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("DELETE FROM record.events WHERE version = 7")
    with pytest.raises(OutOfTreeError, match="position 7"):
        grow(store)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log.heads SET root = sha256('x')",
        "DELETE FROM log.heads",
        "DELETE FROM log.tiles",
        "TRUNCATE log.tiles",
        "UPDATE log.tiles SET hashes = sha256('x')",
        "UPDATE log.edge SET size = 0, peaks = ''",
        "DELETE FROM log.edge",
    ],
)
def test_even_the_owner_cannot_rewrite_the_log_by_mistake(
    database: Database, store: EventStore, statement: str
) -> None:
    record(store, 20)
    order_and_grow(store)
    with connect(database.owner) as owner, pytest.raises(psycopg.Error, match=r"immutable|only grows"):
        owner.execute(statement)


@pytest.mark.parametrize("role", ["service", "worker"])
@pytest.mark.parametrize("table", ["tiles", "edge", "heads", "checkpoints", "cosignatures", "keys"])
def test_no_program_may_write_the_log_but_through_its_functions(database: Database, role: str, table: str) -> None:
    with connect(getattr(database, role)) as program, pytest.raises(psycopg.errors.InsufficientPrivilege):
        program.execute(f"DELETE FROM log.{table}")  # noqa: S608 - our names


def test_the_web_server_may_not_grow_the_tree(database: Database) -> None:
    with connect(database.service) as program, pytest.raises(psycopg.errors.InsufficientPrivilege):
        program.execute("SELECT log.grow(0, 1, '', '', '{}', '{}', '{}')")
