"""The signer signs only what continues what it signed, and says no in a name when it does not."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from events.log.checkpoint import open_checkpoint
from events.log.errors import ForkedError, MemoryLostError, RolledBackError, SigningRefusedError
from events.log.keys import KeyType
from events.log.memory import Memory
from events.log.signers import SignerKey
from events.log.signing import sign_newest
from events.log.storage import read_checkpoint, read_head
from events.log.tree import TreeHead
from events.store import EventStore
from tests.events.log.record import ORIGIN, connect, order_and_grow, record, store_at
from tests.servers import Database

KEY = SignerKey(ORIGIN, KeyType.ED25519, b"k" * 32)
OTHER = SignerKey(ORIGIN, KeyType.ED25519, b"o" * 32)


@pytest.fixture
def store(database: Database) -> Any:
    with store_at(database.worker) as made:
        yield made


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "log-signed", ORIGIN)


def sign(store: EventStore, memory: Memory, *keys: SignerKey) -> TreeHead | None:
    with store.connection() as connection:
        return sign_newest(connection, keys or (KEY,), memory)


def published(store: EventStore) -> tuple[int, bytes]:
    with store.connection() as connection:
        found = read_checkpoint(connection)
    assert found is not None
    return found[0], found[1].data


def test_the_published_checkpoint_opens_under_the_logs_key(store: EventStore, memory: Memory) -> None:
    record(store, 70)
    order_and_grow(store)
    assert sign(store, memory) is not None
    size, note = published(store)
    checkpoint, _ = open_checkpoint(note, ORIGIN, [KEY.verifier])
    with store.connection() as connection:
        assert checkpoint.head == read_head(connection)
    assert size == 70


def test_an_empty_log_is_not_signed(store: EventStore, memory: Memory) -> None:
    assert sign(store, memory) is None


def test_each_signed_head_continues_the_one_before(store: EventStore, memory: Memory) -> None:
    for count in (1, 5, 300, 700):
        record(store, count)
        order_and_grow(store, 130)
        assert sign(store, memory) == memory.read()
    assert published(store)[0] == 1006


def test_signing_the_same_head_again_changes_nothing(store: EventStore, memory: Memory) -> None:
    record(store, 3)
    order_and_grow(store)
    sign(store, memory)
    before = published(store)
    assert sign(store, memory) is not None
    assert published(store) == before


def test_two_keys_sign_while_one_takes_over_from_the_other(store: EventStore, memory: Memory) -> None:
    record(store, 3)
    order_and_grow(store)
    sign(store, memory, KEY, OTHER)
    for key in (KEY, OTHER):
        open_checkpoint(published(store)[1], ORIGIN, [key.verifier])


def test_a_crash_between_memory_and_publication_is_made_good(store: EventStore, memory: Memory) -> None:
    record(store, 3)
    order_and_grow(store)
    with store.connection() as connection:
        memory.write(read_head(connection))
    assert sign(store, memory) is not None
    assert published(store)[0] == 3


def restore(database: Database, size: int) -> None:
    """What a restored backup looks like: everything behind a size is gone, coherently."""
    with connect(database.owner) as owner, owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        for statement in (
            "DELETE FROM record.events WHERE commit_seq IN (SELECT commit_seq FROM record.ledger WHERE first > %s)",
            "DELETE FROM record.ledger WHERE first > %s",
        ):
            owner.execute(statement, (size,))
        # the tree is grown anew from the record that is left
        owner.execute("DELETE FROM log.tiles")
        owner.execute("DELETE FROM log.checkpoints")
        owner.execute("DELETE FROM log.heads")
        owner.execute("UPDATE log.edge SET size = 0, peaks = ''")


def test_a_restored_older_backup_is_not_signed(database: Database, store: EventStore, memory: Memory) -> None:
    record(store, 100)
    order_and_grow(store)
    sign(store, memory)
    restore(database, 50)
    order_and_grow(store)
    with pytest.raises(RolledBackError, match="100 → 50"):
        sign(store, memory)


def test_a_restored_backup_that_went_on_is_a_fork_and_not_signed(
    database: Database, store: EventStore, memory: Memory
) -> None:
    record(store, 100)
    order_and_grow(store)
    sign(store, memory)
    known = memory.read()
    restore(database, 50)
    record(store, 80, stream="note/2")
    order_and_grow(store)
    with pytest.raises(ForkedError):
        sign(store, memory)
    assert memory.read() == known


def test_another_root_for_the_signed_size_is_a_fork(database: Database, store: EventStore, memory: Memory) -> None:
    record(store, 10)
    order_and_grow(store)
    memory.write(TreeHead(10, b"x" * 32))
    with pytest.raises(ForkedError):
        sign(store, memory)


def test_a_changed_tile_is_met_before_the_next_signature(database: Database, store: EventStore, memory: Memory) -> None:
    record(store, 300)
    order_and_grow(store)
    sign(store, memory)
    with connect(database.owner) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE log.tiles SET hashes = set_byte(hashes, 5, 255 - get_byte(hashes, 5)) WHERE index = 0")
    record(store, 10)
    order_and_grow(store)
    with pytest.raises(ForkedError):
        sign(store, memory)


@pytest.mark.parametrize("damage", ["lost", "garbled", "foreign"])
def test_without_its_memory_the_signer_signs_nothing(store: EventStore, memory: Memory, damage: str) -> None:
    record(store, 3)
    order_and_grow(store)
    sign(store, memory)
    match damage:
        case "lost":
            memory.path.unlink()
        case "garbled":
            memory.path.write_bytes(b"\xff\xfe")
        case "foreign":
            Memory(memory.path, "example.org/another").write(TreeHead(1, b"x" * 32))
    with pytest.raises(MemoryLostError):
        sign(store, memory)


def test_a_second_signer_at_the_same_time_goes_home(store: EventStore, memory: Memory) -> None:
    record(store, 3)
    order_and_grow(store)
    with memory.held() as mine:
        assert mine
        assert sign(store, memory) is None
    assert sign(store, memory) is not None


def test_every_refusal_is_told_in_both_languages() -> None:
    for kind in (RolledBackError, ForkedError, MemoryLostError):
        assert issubclass(kind, SigningRefusedError)
        assert kind.zh != SigningRefusedError.zh
        assert kind.en != SigningRefusedError.en


def test_a_copy_of_the_memory_is_the_memory(tmp_path: Path, memory: Memory) -> None:
    memory.write(TreeHead(7, b"r" * 32))
    shutil.copy(memory.path, tmp_path / "copy")
    assert Memory(tmp_path / "copy", ORIGIN).read() == TreeHead(7, b"r" * 32)
