"""Who decides on a whole year is alone for a moment: behind every commit under way, before every other."""

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, LockNotAvailable

from events.entry import NewEvent
from events.reader import alone, counted
from events.store import EventStore
from tests.events.audit import assert_whole
from tests.events.test_concurrency import APPEND
from tests.events.test_rights import entry
from tests.servers import Database

A = NewEvent("A", {"n": 1})


def test_nobody_appends_while_one_is_alone_and_everybody_reads(store: EventStore, database: Database) -> None:
    store.append("s/1", 0, [A])
    with ThreadPoolExecutor(2) as pool, psycopg.connect(database.service.libpq) as connection:
        alone(connection)
        others = [
            pool.submit(partial(store.append, "s/2", 0, [A])),
            pool.submit(partial(store.append, "s/3", 0, [A, A])),
        ]
        assert wait(others, timeout=0.5).done == set()
        assert store.head("s/1").version == 1
        assert counted(connection, "", "s/") == 1
        connection.commit()
        assert not wait(others, timeout=60).not_done
    assert assert_whole(database.worker) == 4


def test_of_two_who_would_be_alone_the_second_waits_for_the_first(store: EventStore, database: Database) -> None:
    with ThreadPoolExecutor(1) as pool, psycopg.connect(database.service.libpq) as first:
        alone(first)
        with psycopg.connect(database.service.libpq) as second:
            asked = pool.submit(alone, second)
            assert not wait([asked], timeout=0.5).done
            first.execute(APPEND, ([entry("t")],))
            first.commit()
            asked.result(60)
            assert counted(second, "t", "t/") == 1
    assert store.head("t").version == 1


def test_who_cannot_be_alone_is_told_and_nothing_waits_behind_him_any_more(
    store: EventStore, database: Database
) -> None:
    with psycopg.connect(database.service.libpq) as writer, psycopg.connect(database.service.libpq) as waiting:
        writer.execute(APPEND, ([entry("t")],))
        with pytest.raises(LockNotAvailable):
            alone(waiting)
        assert store.append("s", 0, [A]).heads["s"].version == 1
    assert assert_whole(database.worker) == 2


def test_the_workers_have_no_need_to_be_alone(database: Database) -> None:
    with psycopg.connect(database.worker.libpq) as connection, pytest.raises(InsufficientPrivilege):
        alone(connection)
