"""Processes and servers may die at any moment: what was answered is there, and the record is whole."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from migrations.upgrade import upgrade
from service.stack import binaries
from service.stack.postgres import Postgres
from tests.events.audit import assert_whole
from tests.events.crowd import WORKING, attended
from tests.events.log.record import store_at
from tests.servers import Database, as_owner, roles
from workers.database_url import DatabaseUrl

ROOT = Path(__file__).parents[2]
Writers = Callable[[DatabaseUrl, int], list[subprocess.Popen[bytes]]]


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[Writers]:
    """Starts client processes; each writes what it was answered to a file of its own."""
    with contextlib.ExitStack() as ending:

        def start(url: DatabaseUrl, count: int) -> list[subprocess.Popen[bytes]]:
            processes = []
            for seed in range(count):
                output = ending.enter_context((tmp_path / f"told-{time.monotonic_ns()}-{seed}").open("wb"))
                text = url.sqlalchemy.render_as_string(hide_password=False)
                command = [sys.executable, "-m", "tests.events.writer", text, str(seed)]
                processes.append(subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, cwd=ROOT))
                ending.callback(processes[-1].wait)
                ending.callback(processes[-1].kill)
            return processes

        yield start


def told(folder: Path) -> list[bytes]:
    """Every entry that any client process was answered; a line cut off by its death does not count."""
    lines = [line for file in folder.glob("told-*") for line in file.read_bytes().split(b"\n")[:-1]]
    return [bytes.fromhex(line.decode()) for line in lines]


def until_told(folder: Path, count: int) -> int:
    """Waits until the clients were answered ``count`` times; how often they were."""
    end = time.monotonic() + 60
    while (found := len(told(folder))) < count:
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


def test_clients_killed_in_mid_append_lose_nothing_they_were_told(
    database: Database, writers: Writers, tmp_path: Path
) -> None:
    with attended(database.worker):
        for process in writers(database.service, 4):
            until_told(tmp_path, len(told(tmp_path)) + 40)
            process.kill()
            process.wait()
    assert assert_whole(database.worker, told(tmp_path)) >= len(told(tmp_path)) >= 160


def test_a_killed_server_comes_back_with_everything_it_answered(
    fresh_cluster: Callable[[str], Postgres], writers: Writers, tmp_path: Path
) -> None:
    server = fresh_cluster("a")
    upgrade(server.url.libpq)
    processes = writers(roles(server.url).service, 3)
    until_told(tmp_path, 100)
    server.kill()
    for process in processes:
        process.wait()  # its connection is gone
    again = roles(fresh_cluster("a").url)
    assert assert_whole(again.worker, told(tmp_path)) >= 100


def test_of_a_pool_whose_server_died_one_connection_tells_so_and_the_next_act_is_carried_out(
    fresh_cluster: Callable[[str], Postgres],
) -> None:
    server = fresh_cluster("a")
    upgrade(server.url.libpq)
    with store_at(roles(server.url).service) as store:
        with contextlib.ExitStack() as together:  # four connections wait in the pool afterwards
            for _ in range(4):
                together.enter_context(store.connection())
        store.append("note/0", 0, [WORKING])
        server.kill()
        fresh_cluster("a")
        with pytest.raises(psycopg.OperationalError):
            store.append("note/1", 0, [WORKING])
        for number in range(2, 8):
            store.append(f"note/{number}", 0, [WORKING])


def test_a_dump_taken_in_mid_flight_goes_on_in_a_new_cluster(
    database: Database, fresh_cluster: Callable[[str], Postgres], writers: Writers, tmp_path: Path
) -> None:
    other = fresh_cluster("b")
    upgrade(other.url.libpq)  # the roles, which belong to a cluster and are in no dump
    with as_owner(other.url) as owner:
        owner.execute("CREATE DATABASE restored")
    restored = roles(other.url.in_database("restored"))

    processes = writers(database.service, 3)
    until_told(tmp_path, 60)
    before = told(tmp_path)
    dump = tmp_path / "record.dump"
    with attended(database.worker, sealers=1):
        run("pg_dump", "--format=custom", f"--file={dump}", database.owner.libpq)
        run("pg_restore", "--exit-on-error", f"--dbname={restored.owner.libpq}", str(dump))
    for process in processes:
        process.kill()
        process.wait()
    for file in tmp_path.glob("told-*"):
        file.unlink()

    carried = assert_whole(restored.worker, before)
    with attended(restored.worker):
        processes = writers(restored.service, 3)
        until_told(tmp_path, 60)
        for process in processes:
            process.kill()
            process.wait()
    assert assert_whole(restored.worker, [*before, *told(tmp_path)]) >= carried + 60


def run(program: str, *arguments: str) -> None:
    done = subprocess.run([binaries.postgres(program), *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
