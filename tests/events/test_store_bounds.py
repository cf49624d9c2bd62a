"""What an EventStore takes and what it refuses: names, types, sizes, times."""

from datetime import UTC, datetime, timedelta

import pytest

from events.canonical import NotCanonical
from events.conflicts import BadCommit, WrongVersion
from events.entry import Actor, EntryTooLarge, Head, NewEvent
from events.store import Append, EventStore
from tests.events.audit import assert_whole
from tests.events.small_events import MOON, A, B, C, types
from tests.servers import Database

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
