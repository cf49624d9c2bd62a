"""What an EventStore promises to whoever appends and reads, one caller at a time."""

import time

import psycopg
import pytest

from events.conflicts import BadCommit, WrongVersion
from events.entry import NO_LEAF, Head, NewEvent, leaf_of
from events.store import Append, EventStore
from tests.events.audit import assert_whole
from tests.events.small_events import ANNA, MOON, A, B, C, types
from tests.servers import Database


def test_a_new_stream_begins_at_version_one(store: EventStore) -> None:
    assert store.head("s") == Head(0, NO_LEAF)
    commit = store.append("s", 0, [A])
    assert [event.version for event in commit.events] == [1]
    assert store.read("s")[0].entry == commit.entries[0]


def test_a_stream_reads_back_in_order_from_any_version(store: EventStore) -> None:
    head = store.append("s", 0, [A, B]).heads["s"]
    store.append("s", head, [C])
    assert types(store, "s") == ["A", "B", "C"]
    assert types(store, "s", after=2) == ["C"]
    assert types(store, "s", after=3) == []


def test_a_stream_nobody_wrote_to_is_empty(store: EventStore) -> None:
    assert store.read("nothing here") == []
    assert store.head("nothing here") == Head()


def test_an_append_at_the_version_seen_succeeds_and_says_where_the_stream_stands(store: EventStore) -> None:
    store.append("s", 0, [A])
    commit = store.append("s", 1, [B, C])
    assert commit.heads["s"] == store.head("s") == Head(3, leaf_of(commit.entries[-1]))


@pytest.mark.parametrize("seen", [0, 1, 3, 99])
def test_an_append_at_another_version_is_refused_with_the_version_now(store: EventStore, seen: int) -> None:
    store.append("s", 0, [A, B])
    with pytest.raises(WrongVersion) as refused:
        store.append("s", seen, [C])
    assert refused.value.actual == 2
    assert types(store, "s") == ["A", "B"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_head_that_has_been_overtaken_is_refused_with_the_version_now(store: EventStore, count: int) -> None:
    head = store.append("s", 0, [A]).heads["s"]
    store.append("s", head, [B, B])
    with pytest.raises(WrongVersion) as refused:
        store.append("s", head, [C] * count)
    assert refused.value.actual == 3


@pytest.mark.parametrize("count", [1, 2])
def test_a_head_whose_leaf_is_not_the_streams_is_refused(store: EventStore, count: int) -> None:
    store.append("s", 0, [A])
    with pytest.raises(BadCommit, match="leaf"):
        store.append("s", Head(1, b"\x01" * 32), [B] * count)
    assert types(store, "s") == ["A"]


def test_every_entry_names_the_leaf_before_it_within_and_across_commits(store: EventStore, database: Database) -> None:
    store.append("s", 0, [A, B])
    store.append("s", 2, [C])
    first, second, third = store.read("s")
    assert first.envelope.prevhash == ""
    assert second.envelope.prevhash == first.leaf.hex()
    assert third.envelope.prevhash == second.leaf.hex()
    assert assert_whole(database.worker) == 3


def test_a_commit_to_several_streams_goes_to_all_of_them(store: EventStore, database: Database) -> None:
    commit = store.append_all([Append("z", 0, [A, B]), Append("a", 0, [C]), Append("m/" + MOON, 0, [A])])
    assert types(store, "z") == ["A", "B"]
    assert types(store, "a") == ["C"]
    assert commit.heads.keys() == {"z", "a", "m/" + MOON}
    assert assert_whole(database.worker) == 4


def test_a_commit_to_several_streams_goes_to_none_when_one_refuses(store: EventStore) -> None:
    store.append("b", 0, [A])
    with pytest.raises(WrongVersion):
        store.append_all([Append("a", 0, [A]), Append("b", 0, [B]), Append("c", 0, [C])])
    assert (types(store, "a"), types(store, "b"), types(store, "c")) == ([], ["A"], [])


def test_what_surrounds_an_event_stands_in_its_entry(store: EventStore) -> None:
    event = NewEvent("A", {}, version=3, effective="2024-11-30")
    store.append("s", 0, [event], by=ANNA, correlation="req-1", causation="event-7")
    said = store.read("s")[0].envelope
    assert (said.actor, said.actorrole, said.actorscope) == ("p-anna", "filer", "unit-1")
    assert (said.correlationid, said.causationid) == ("req-1", "event-7")
    assert (said.effectivetime, said.schema_version, said.source) == ("2024-11-30", 3, "example.org/log")


def test_a_document_is_kept_once_under_its_hash(store: EventStore) -> None:
    digest = store.keep_document(b"rubric")
    assert store.keep_document(b"rubric") == digest
    assert store.document(digest) == b"rubric"
    assert store.document("00" * 32) is None


def test_a_store_works_on_after_its_connections_were_killed(store: EventStore, database: Database) -> None:
    store.append("s", 0, [A])
    with store.connection() as connection:
        pid = connection.info.backend_pid
    with psycopg.connect(database.owner.libpq, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(%s)", (pid,))
    deadline = time.monotonic() + 30
    while True:
        try:
            store.append("s", 1, [B])
            break
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
    assert types(store, "s") == ["A", "B"]
