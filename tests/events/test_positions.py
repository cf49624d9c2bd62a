"""Positions: given after commit, whole commits at a time, and read by range and by share."""

from collections.abc import Callable

from events import order, reader
from events.entry import slot_of
from events.store import Append, EventStore
from tests.events.audit import assert_whole
from tests.events.small_events import A, B, C
from tests.servers import Database


def test_a_commit_keeps_neighbouring_positions(store: EventStore, database: Database) -> None:
    store.append("x", 0, [A])
    store.append_all([Append("x", 1, [B]), Append("y", 0, [C])])
    store.append("y", 1, [A])
    assert_whole(database.worker)
    found = [(event.position, event.envelope.subject) for event in reader.read(store)]
    assert found == [(1, "x"), (2, "x"), (3, "y"), (4, "y")]


def test_positions_are_given_after_commit_and_read_by_range(store: EventStore, database: Database) -> None:
    store.append("s", 0, [A, B])
    store.append("t", 0, [C])
    assert reader.read(store) == []
    assert_whole(database.worker)
    assert [(event.position, event.type) for event in reader.read(store)] == [(1, "A"), (2, "B"), (3, "C")]
    assert [event.position for event in reader.read(store, after=1, limit=1)] == [2]
    assert [event.position for event in reader.read(store, after=2)] == [3]
    assert reader.read(store, after=3) == []


def test_every_range_of_positions_reads_just_its_events(store: EventStore, database: Database) -> None:
    store.append_all([Append("a", 0, [A] * 3), Append("b", 0, [A] * 2)])
    store.append("a", 3, [B])
    store.append("a", 4, [C] * 4)
    assert assert_whole(database.worker) == 10
    for after in range(11):
        for limit in range(12):
            expected = list(range(after + 1, min(after + limit, 10) + 1))
            assert [event.position for event in reader.read(store, after, limit)] == expected


def test_each_share_of_the_streams_reads_its_own_events_and_together_they_are_all(
    store: EventStore, database: Database
) -> None:
    for number in range(40):
        store.append(f"stream {number}", 0, [A])
    assert_whole(database.worker)
    with store.connection() as connection:
        shares = [
            [position for position, _ in reader.read_range(connection, 0, 40, (low, low + 16))]
            for low in (0, 16, 32, 48)
        ]
        assert sorted(position for share in shares for position in share) == list(range(1, 41))
        assert all(share == sorted(share) for share in shares)
    low = slot_of("stream 0") // 16
    assert 1 in shares[low]


def test_sealing_again_changes_nothing(store: EventStore, database: Database) -> None:
    store.append("s", 0, [A])
    assert assert_whole(database.worker) == 1
    assert assert_whole(database.worker) == 1


def test_the_last_position_is_that_of_the_last_sealed_event(
    database: Database, open_store: Callable[[Database], EventStore]
) -> None:
    store = open_store(database)
    engine = store._engine
    assert order.seal(engine) == order.last_position(engine) == 0
    store.append("s", 0, [A, B])
    assert order.last_position(engine) == 0
    assert order.seal(engine) == order.last_position(engine) == 2


def test_a_limit_seals_whole_commits_and_the_next_call_goes_on(store: EventStore) -> None:
    for number in range(5):
        store.append(str(number), 0, [A, B])
    assert order.seal(store._engine, limit=2) == 4
    assert order.seal(store._engine, limit=2) == 8
    assert order.seal(store._engine, limit=2) == 10
