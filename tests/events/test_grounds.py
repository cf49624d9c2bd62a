"""What a commit was decided on is still so when it is in: nobody slips in behind what would have forbidden it."""

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from itertools import count

import psycopg
import pytest

from events.conflicts import WrongVersion
from events.entry import NewEvent
from events.store import Append, EventStore, Request
from tests.events.audit import assert_whole
from tests.servers import Database

A = NewEvent("A", {"n": 1})
CLOSED = NewEvent("Closed", {})
STAND = "SELECT record.stand(%s::text[], %s::text[], %s::text[])"


def on(ground: int, stream: str = "s/1", events: int = 1) -> Append:
    return Append(stream, 0, [A] * events, ground=("year", ground))


@pytest.mark.parametrize("events", [1, 2])
def test_a_commit_is_refused_whose_ground_has_moved_and_leaves_nothing(store: EventStore, events: int) -> None:
    store.append("year", 0, [A])
    store.append_all([on(1, events=events)])
    store.append("year", 1, [CLOSED])
    for ground in (0, 1, 3):
        with pytest.raises(WrongVersion) as wrong:
            store.append_all([on(ground, "s/2", events)])
        assert wrong.value.actual in {0, 2}  # of its own stream, or of its ground
    assert store.head("s/2").version == 0
    store.append_all([on(2, "s/2", events)])


def test_a_ground_that_nobody_ever_wrote_on_stands_at_version_0(store: EventStore) -> None:
    store.append_all([on(0)])
    with pytest.raises(WrongVersion):
        store.append_all([on(1, "s/2")])


def test_a_request_is_answered_again_whatever_became_of_its_ground(store: EventStore) -> None:
    asked = Request("k", bytes(32))
    first = store.append_all([on(0)], request=asked)
    store.append("year", 0, [CLOSED])
    again = store.append_all([on(0)], request=asked)
    assert (again.number, again.replayed) == (first.number, True)


def test_while_a_stream_is_held_nobody_commits_what_stands_on_it_and_others_do(
    store: EventStore, database: Database
) -> None:
    with ThreadPoolExecutor(2) as pool, psycopg.connect(database.service.libpq) as holder:
        holder.execute(STAND, (["year"], None, None))
        standing = pool.submit(partial(store.append_all, [on(0)]))
        store.append_all([Append("t/1", 0, [A, A], ground=("another year", 0))])
        assert not wait([standing], timeout=0.5).done
        holder.commit()
        assert standing.result(60).heads["s/1"].version == 1


def test_whoever_holds_a_stream_waits_for_those_who_stand_on_it_and_they_not_for_each_other(
    store: EventStore, database: Database
) -> None:
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database.service.libpq) as under_way:
        under_way.execute(STAND, (None, ["year"], ["0"]))
        store.append_all([on(0)])  # shares it
        closing = pool.submit(partial(store.append_all, [Append("year", 0, [CLOSED], held=True)]))
        assert not wait([closing], timeout=0.5).done
        under_way.commit()
        assert closing.result(60).heads["year"].version == 1
    with pytest.raises(WrongVersion):
        store.append_all([on(0, "s/2")])


def test_of_many_who_file_while_the_year_is_closed_none_stands_behind_it(store: EventStore, database: Database) -> None:
    def file(place: int) -> int:
        for number in count():
            try:
                store.append_all([Append(f"s/{place}/{number}", 0, [A] * (1 + place % 2), ground=("year", 0))])
            except WrongVersion:
                return number
        raise AssertionError

    with ThreadPoolExecutor(9) as pool:
        writers = [pool.submit(file, place) for place in range(8)]
        while not store.head("s/7/20").version:
            pass
        closed = store.append_all([Append("year", 0, [CLOSED], held=True)]).number
        assert all(writer.result(60) for writer in writers)
    assert_whole(database.worker)
    with psycopg.connect(database.service.libpq) as connection:
        late = connection.execute("SELECT count(*) FROM record.events WHERE commit_seq > %s", (closed,)).fetchone()
    assert late == (0,)
