"""A request under a key is carried out once, and answered alike however often it comes."""

import pytest

from events.conflicts import BadCommit, KeyReused, WrongVersion
from events.entry import Actor
from events.store import EventStore, Request
from tests.events.small_events import ANNA, A, B, types


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
