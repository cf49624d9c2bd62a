"""However many write, seal and read at once: positions are 1..N, nothing skipped, doubled or out of order."""

import contextlib
import random
import threading
from collections.abc import Callable
from functools import partial

import psycopg
import pytest

from events.conflicts import KeyReused, WrongVersion
from events.entry import Actor, Head, NewEvent
from events.store import Commit, EventStore, Request
from tests.events.audit import assert_whole, one, seal_all
from tests.events.crowd import HOT, WORKING, Told, attended, fresh_stream, together, write, write_through_failures
from tests.events.test_rights import entry
from tests.servers import Database

Open = Callable[[Database], EventStore]
APPEND = "SELECT record.append_each(%s::bytea[], '{a}', '{NULL}', '{NULL}')"


@pytest.mark.parametrize("stores", [16, 4, 1], ids=["alone", "in fours", "all in one process"])
def test_sixteen_writers_and_three_sealers_leave_a_whole_record(
    database: Database, open_store: Open, stores: int
) -> None:
    told = Told()
    opened = [open_store(database) for _ in range(stores)]
    with attended(database.worker):
        together([partial(write, opened[seed % stores], told, seed, 20) for seed in range(16)])
    assert assert_whole(database.worker, told.entries) == len(told.entries)


def test_sixteen_writers_of_one_stream_make_one_line(database: Database, open_store: Open) -> None:
    told = Told()
    stores = [open_store(database) for _ in range(4)]
    with attended(database.worker):
        together([partial(write, stores[seed % 4], told, seed, 8, HOT[:1] * 9) for seed in range(16)])
    assert assert_whole(database.worker, told.entries) == len(told.entries)


@pytest.mark.parametrize("events", [1, 3])
def test_of_sixteen_appends_at_one_version_one_is_taken(database: Database, open_store: Open, events: int) -> None:
    taken: list[Commit] = []
    refused: list[int] = []
    stores = [open_store(database) for _ in range(4)]

    def attempt(store: EventStore) -> None:
        try:
            taken.append(store.append("s", Head(), [WORKING] * events))
        except WrongVersion as conflict:
            refused.append(conflict.actual)

    together([partial(attempt, stores[number % 4]) for number in range(16)])
    assert len(taken) == 1
    assert len(refused) == 15
    assert assert_whole(database.worker, taken[0].entries) == events


@pytest.mark.parametrize("events", [1, 2])
def test_of_sixteen_times_the_same_request_one_is_recorded_and_all_get_its_answer(
    database: Database, open_store: Open, events: int
) -> None:
    answers: list[Commit] = []
    stores = [open_store(database) for _ in range(4)]
    request = Request.of("key", b"same")

    def ask(store: EventStore) -> None:
        # Each to a stream of its own: only the key brings them together.
        answers.append(store.append(fresh_stream(), 0, [WORKING] * events, by=Actor("p"), request=request))

    together([partial(ask, stores[number % 4]) for number in range(16)])
    assert {answer.entries for answer in answers} == {answers[0].entries}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 15
    assert assert_whole(database.worker, answers[0].entries) == events


def test_of_sixteen_requests_under_one_key_one_is_recorded(database: Database, open_store: Open) -> None:
    told = Told()
    refused: list[KeyReused] = []
    stores = [open_store(database) for _ in range(4)]

    def ask(number: int) -> None:
        request = Request.of("key", b"%d" % number)
        try:
            told.note(stores[number % 4].append(fresh_stream(), 0, [WORKING], by=Actor("p"), request=request).entries)
        except KeyReused as reused:
            refused.append(reused)

    together([partial(ask, number) for number in range(16)])
    assert (len(told.entries), len(refused)) == (1, 15)
    assert assert_whole(database.worker, told.entries) == 1


def test_a_refused_append_does_not_spoil_those_it_travels_with(database: Database, open_store: Open) -> None:
    store, told = open_store(database), Told()
    store.append("taken", 0, [WORKING])
    refused: list[WrongVersion] = []

    def write_or_fail(number: int) -> None:
        for _ in range(10):
            try:
                stream = "taken" if number % 4 == 0 else fresh_stream()
                told.note(store.append(stream, Head(), [WORKING]).entries)
            except WrongVersion as conflict:
                refused.append(conflict)

    together([partial(write_or_fail, number) for number in range(16)])
    assert (len(told.entries), len(refused)) == (120, 40)
    assert assert_whole(database.worker, told.entries) == 121


def test_rolled_back_appends_leave_no_trace_and_no_gap(database: Database) -> None:
    told = Told()

    def write_and_think_again(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a seed makes a run repeatable
        with psycopg.connect(database.service.libpq) as connection:
            for _ in range(20):
                made = entry(fresh_stream())
                connection.execute(APPEND, ([made],))
                if chance.random() < 0.5:
                    connection.rollback()
                else:
                    connection.commit()
                    told.note([made])

    with attended(database.worker):
        together([partial(write_and_think_again, seed) for seed in range(16)])
    assert assert_whole(database.worker, told.entries) == len(told.entries)


def test_a_writer_waits_for_another_at_the_same_version_and_takes_it_when_that_one_goes_back(
    database: Database,
) -> None:
    with (
        psycopg.connect(database.service.libpq) as first,
        psycopg.connect(database.service.libpq, autocommit=True) as second,
        psycopg.connect(database.owner.libpq, autocommit=True) as watcher,
    ):
        first.execute(APPEND, ([entry("s")],))
        taken = entry("s")
        waiting = threading.Thread(target=second.execute, args=(APPEND, ([taken],)))
        waiting.start()
        while not one(watcher, "SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert waiting.is_alive()
        first.rollback()
        waiting.join()
    assert assert_whole(database.worker, [taken]) == 1


def test_a_late_commit_is_neither_skipped_nor_waited_for(database: Database, store: EventStore) -> None:
    late = entry("late")
    with psycopg.connect(database.service.libpq) as slow:
        slow.execute(APPEND, ([late],))
        numbers = [store.append(f"quick/{number}", 0, [WORKING]).number for number in range(5)]
        assert seal_all(database.worker) == 5
        slow.commit()
    store.append("late", 1, [NewEvent("After", {})])
    assert assert_whole(database.worker, [late]) == 7
    assert min(numbers) > 1  # the late one drew its number first, and has position 6 all the same


def test_a_long_open_snapshot_delays_nobody_and_sees_one_moment(
    database: Database, store: EventStore, open_store: Open
) -> None:
    store.append("before", 0, [WORKING])
    seal_all(database.worker)
    told = Told()
    with psycopg.connect(database.worker.libpq) as old:
        old.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        look = "SELECT (SELECT count(*) FROM record.events), (SELECT max(first) FROM record.ledger)"
        before = old.execute(look).fetchone()
        with attended(database.worker):
            together([partial(write, store, told, seed, 15) for seed in range(16)])
        assert assert_whole(database.worker, told.entries) == len(told.entries) + 1
        assert old.execute(look).fetchone() == before == (1, 1)
    assert assert_whole(database.worker, told.entries) == len(told.entries) + 1


def test_an_open_writer_in_another_database_delays_nobody(
    database: Database, shared_database: Database, store: EventStore
) -> None:
    told = Told()
    with psycopg.connect(shared_database.service.libpq) as elsewhere:
        elsewhere.execute(APPEND, ([entry(fresh_stream())],))  # holds the oldest transaction of the whole server
        with attended(database.worker):
            together([partial(write, store, told, seed, 15) for seed in range(16)])
        assert assert_whole(database.worker, told.entries) == len(told.entries)
        elsewhere.rollback()


def test_terminated_connections_lose_and_double_nothing(database: Database, open_store: Open) -> None:
    told, done = Told(), threading.Event()
    stores = [open_store(database) for _ in range(4)]

    def terminate() -> None:
        query = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            " AND usename = 'kaohe_service' ORDER BY random() LIMIT 2"
        )
        with psycopg.connect(database.owner.libpq, autocommit=True) as owner:
            while not done.wait(0.02):
                owner.execute(query, (database.name,))

    killer = threading.Thread(target=terminate)
    killer.start()
    with contextlib.ExitStack() as ending, attended(database.worker):
        ending.callback(killer.join)
        ending.callback(done.set)
        together([partial(write_through_failures, stores[seed % 4], told, seed, 12) for seed in range(16)])
        done.set()
    assert assert_whole(database.worker, told.entries) == len(set(told.entries)) == 16 * 12
