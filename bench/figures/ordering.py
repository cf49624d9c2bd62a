"""From commit to position when nothing else happens: the seal alone, and through broker and worker."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import sqlalchemy
from redis import Redis

from bench import writers
from bench.house import House
from bench.rounds import percentile
from bench.table import Line, milliseconds
from events.store import EventStore
from service.stack import valkey
from workers.app import create_app
from workers.nudge import Nudge
from workers.settings import Settings

TIMES = 200
PAUSE = 0.02  # seconds between two commits: idle means that the last one is done with
POLL = 0.0005
GOAL = "≤ 20 ms at p99"


def figure(house: House) -> Iterator[Line]:
    """The median and the p99 of each way."""
    database = house.fresh("ordering")
    engine = sqlalchemy.create_engine(database.worker.sqlalchemy)
    store = EventStore(engine, writers.ORIGIN)
    with psycopg.connect(database.worker.libpq, autocommit=True) as connection:
        yield from lines("commit to position, seal alone", lags(store, connection, lambda: seal(connection)))
        with worker(database) as nudge:
            wait_for(store, connection, nudge)
            yield from lines("commit to position, nudge and worker", lags(store, connection, nudge.send))
    engine.dispose()


def lines(what: str, seconds: list[float]) -> Iterator[Line]:
    """Median and p99 of one way."""
    yield Line(f"{what}, p50", milliseconds(percentile(seconds, 0.5)))
    yield Line("  p99", milliseconds(percentile(seconds, 0.99)), goal=GOAL)


def lags(store: EventStore, connection: psycopg.Connection, say: Callable[[], object]) -> list[float]:
    """Seconds from each commit's answer until its position can be read."""
    seconds = []
    act = writers.acts(store, writers.Plan("", 0, 1))
    for _ in range(TIMES):
        act()
        begun = time.perf_counter()
        say()
        until_ordered(connection)
        seconds.append(time.perf_counter() - begun)
        time.sleep(PAUSE)
    return seconds


def seal(connection: psycopg.Connection) -> None:
    """Orders what is there."""
    connection.execute("SELECT record.seal()", prepare=True)


def until_ordered(connection: psycopg.Connection, patience: float = 10) -> None:
    """Returns when nothing is pending."""
    end = time.monotonic() + patience
    while connection.execute("SELECT 1 FROM record.pending LIMIT 1", prepare=True).fetchone():
        assert time.monotonic() < end, "nobody orders"
        time.sleep(POLL)


def wait_for(store: EventStore, connection: psycopg.Connection, nudge: Nudge) -> None:
    """Returns when the worker has started and its caches are warm."""
    act = writers.acts(store, writers.Plan("", 0, 1))
    for _ in range(20):
        act()
        nudge.send()
        until_ordered(connection, 60)


@contextlib.contextmanager
def worker(house: House) -> Iterator[Nudge]:
    """A broker and one Celery worker as `kaohe run` starts them; without the sweep, which would hide a lost nudge."""
    with tempfile.TemporaryDirectory(prefix="kaohe-bench-") as name, contextlib.ExitStack() as ending:
        broker = valkey.start(Path(name) / "valkey")
        ending.callback(broker.stop)
        environment = os.environ | {
            "KAOHE_WORKER_DATABASE_URL": house.worker.libpq,
            "KAOHE_SERVICE_DATABASE_URL": house.service.libpq,
            "KAOHE_REDIS_URL": broker.url,
            "KAOHE_DATA_DIR": name,
        }
        command = [sys.executable, "-m", "celery", "-A", "workers.main", "worker", "--concurrency=2"]
        options = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
        with (Path(name) / "log").open("wb") as log:
            process = subprocess.Popen([*command, *options], env=environment, stdout=log, stderr=log)
        ending.callback(process.wait)
        ending.callback(process.send_signal, signal.SIGTERM)
        yield nudging(environment)


def nudging(environment: dict[str, str]) -> Nudge:
    """The service's side of the nudge."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        settings = Settings.from_environment()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return Nudge(create_app(settings), Redis.from_url(environment["KAOHE_REDIS_URL"]))
