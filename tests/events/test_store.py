"""What an EventStore promises to whoever appends and reads, one caller at a time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from events import order, reader
from events.canonical import NotCanonical
from events.conflicts import BadCommit, KeyReused, WrongVersion
from events.entry import NO_LEAF, Actor, EntryTooLarge, Head, NewEvent, leaf_of, slot_of
from events.store import Append, EventStore, Request
from tests.events.audit import assert_whole
from tests.servers import Database

A, B, C = NewEvent("A", {"n": 1}), NewEvent("B", {"n": 2}), NewEvent("C", {"n": 3})
ANNA = Actor("p-anna", "filer", "unit-1")
MOON = "🌕"
HOSTILE = [
    "sheet'); DROP TABLE record.events; --",
    "%s %b %t %%",
    "../../etc/passwd",
    '{"subject": "other"}',
    'quote " backslash \\ slash /',
    "tab\tline\nreturn\rbell\x07",
    "考核/六有/" + MOON,
    " leading and trailing ",
    "e\u0301 is not é",
    "\u202etfel ot thgir",
    MOON * 200,
]


def types(store: EventStore, stream: str, after: int = 0) -> list[str]:
    return [event.type for event in store.read(stream, after)]


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


def test_the_same_request_gets_the_first_answer_and_writes_nothing(store: EventStore) -> None:
    request = Request.of("key-1", b"POST", b"{}")
    first = store.append("s", 0, [A], by=ANNA, request=request)
    again = store.append("s", 0, [A], by=ANNA, request=request)
    decided_anew = store.append("s", 1, [B], by=ANNA, request=request)
    assert not first.replayed
    assert again.replayed
    assert again.entries == decided_anew.entries == first.entries
    assert again.number == first.number
    assert types(store, "s") == ["A"]


def test_the_same_request_of_several_events_gets_the_first_answer(store: EventStore) -> None:
    request = Request.of("key-1", b"POST")
    first = store.append("s", 0, [A, B], by=ANNA, request=request)
    again = store.append("s", 2, [A, B], by=ANNA, request=request)
    assert (again.entries, again.replayed) == (first.entries, True)


@pytest.mark.parametrize("seen", [0, 1])
def test_another_request_under_a_used_key_is_refused(store: EventStore, seen: int) -> None:
    store.append("s", 0, [A], by=ANNA, request=Request.of("key-1", b"one"))
    with pytest.raises(KeyReused):
        store.append("s", seen, [A], by=ANNA, request=Request.of("key-1", b"two"))
    assert types(store, "s") == ["A"]


def test_two_people_may_use_the_same_key(store: EventStore) -> None:
    request = Request.of("key-1", b"one")
    store.append("s", 0, [A], by=ANNA, request=request)
    assert not store.append("t", 0, [A], by=Actor("p-bo"), request=request).replayed


def test_a_request_key_used_on_one_stream_is_used_for_all(store: EventStore) -> None:
    store.append("s", 0, [A], by=ANNA, request=Request.of("key-1", b"to s"))
    with pytest.raises(KeyReused):
        store.append("t", 0, [A], by=ANNA, request=Request.of("key-1", b"to t"))
    assert store.read("t") == []


def test_a_refused_request_leaves_its_key_free(store: EventStore) -> None:
    store.append("s", 0, [A])
    request = Request.of("key-1", b"one")
    with pytest.raises(WrongVersion):
        store.append("s", 7, [B], by=ANNA, request=request)
    assert store.answered("p-anna", request) is None
    assert not store.append("s", 1, [B], by=ANNA, request=request).replayed


def test_a_requests_parts_are_told_apart() -> None:
    assert Request.of("k", b"ab", b"c").hash != Request.of("k", b"a", b"bc").hash


@pytest.mark.parametrize("key", ["", "k" * 201, "NUL \x00", "\ud800"], ids=["empty", "long", "NUL", "surrogate"])
def test_a_key_that_cannot_be_kept_is_refused(store: EventStore, key: str) -> None:
    with pytest.raises(BadCommit):
        store.append("s", 0, [A], by=ANNA, request=Request(key, bytes(32)))
    assert store.read("s") == []


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


def test_a_commit_keeps_neighbouring_positions(store: EventStore, database: Database) -> None:
    store.append("x", 0, [A])
    store.append_all([Append("x", 1, [B]), Append("y", 0, [C])])
    store.append("y", 1, [A])
    assert_whole(database.worker)
    found = [(event.position, event.envelope.subject) for event in reader.read(store)]
    assert found == [(1, "x"), (2, "x"), (3, "y"), (4, "y")]


@pytest.mark.parametrize("stream", HOSTILE)
def test_a_stream_may_have_any_name(store: EventStore, database: Database, stream: str) -> None:
    store.append(stream, 0, [A], by=Actor(stream[:100], stream, stream))
    store.append(stream, 1, [B])
    store.append_all([Append(stream, 2, [C]), Append("other", 0, [A])])
    assert types(store, stream) == ["A", "B", "C"]
    assert store.head(stream).version == 3
    assert assert_whole(database.worker) == 4


@pytest.mark.parametrize("name", ["", "x" * 201, MOON * 201])
def test_a_stream_without_a_name_or_with_an_endless_one_is_refused(store: EventStore, name: str) -> None:
    with pytest.raises(BadCommit):
        store.append(name, 0, [A])
    with pytest.raises(BadCommit):
        store.append(name, 0, [A, B])


@pytest.mark.parametrize("name", ["NUL \x00", "lone \udc00"], ids=["NUL", "surrogate"])
def test_a_stream_name_that_no_text_can_hold_is_refused_and_reads_as_empty(store: EventStore, name: str) -> None:
    with pytest.raises(NotCanonical):
        store.append(name, 0, [A])
    with pytest.raises(WrongVersion):
        store.append(name, 4, [A])
    assert store.read(name) == []
    assert store.head(name) == Head()


def test_names_that_look_alike_are_different_streams(store: EventStore) -> None:
    for name in ("é", "e\u0301", "E\u0301", "s", "S", "s "):
        store.append(name, 0, [A])
        assert types(store, name) == ["A"]


@pytest.mark.parametrize("count", [1, 2])
def test_an_event_without_a_type_is_refused(store: EventStore, count: int) -> None:
    with pytest.raises(BadCommit):
        store.append("s", 0, [NewEvent("", {})] * count)


def test_a_commit_without_an_event_is_refused(store: EventStore) -> None:
    with pytest.raises(BadCommit):
        store.append("s", 0, [])
    with pytest.raises(BadCommit):
        store.append_all([])


def test_an_entry_of_65535_bytes_is_recorded_and_a_larger_one_is_refused(store: EventStore, database: Database) -> None:
    small = len(store.append("s", 0, [NewEvent("T", {"note": ""})]).entries[0])
    room = 65_535 - small
    assert len(store.append("t", 0, [NewEvent("T", {"note": "x" * room})]).entries[0]) == 65_535
    with pytest.raises(EntryTooLarge):
        store.append("u", 0, [NewEvent("T", {"note": "x" * (room + 1)})])
    assert assert_whole(database.worker) == 2


@pytest.mark.parametrize("seconds", [-3600, -15, 15, 3600])
@pytest.mark.parametrize("count", [1, 2])
def test_an_event_of_another_time_is_refused(store: EventStore, seconds: int, count: int) -> None:
    with pytest.raises(BadCommit, match="time"):
        store.append("s", 0, [A] * count, now=datetime.now(UTC) + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-5, 5])
def test_a_clock_that_is_a_little_off_is_forgiven(store: EventStore, seconds: int) -> None:
    store.append("s", 0, [A], now=datetime.now(UTC) + timedelta(seconds=seconds))


def test_what_surrounds_an_event_stands_in_its_entry(store: EventStore) -> None:
    event = NewEvent("A", {}, version=3, effective="2024-11-30")
    store.append("s", 0, [event], by=ANNA, correlation="req-1", causation="event-7")
    said = store.read("s")[0].envelope
    assert (said.actor, said.actorrole, said.actorscope) == ("p-anna", "filer", "unit-1")
    assert (said.correlationid, said.causationid) == ("req-1", "event-7")
    assert (said.effectivetime, said.schema_version, said.source) == ("2024-11-30", 3, "example.org/log")


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
