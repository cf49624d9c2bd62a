"""The workers' own task has checkpoints cosigned and stamped, and never waits for anybody."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.events.log.record import ORIGIN, store_at
from tests.servers import Database
from tests.workers.authority import OPENSSL, LocalAuthority
from tests.workers.test_stamps import granting
from tests.workers.third_party import Reply, Strict, served
from tests.workers.witnessed_log import Log
from workers.app import create_app, equip
from workers.settings import Settings
from workers.witness_tasks import WITNESS

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="the openssl command, which makes the authority, is missing")


def until(holds: Callable[[], bool]) -> None:
    """Waits for something another thread does; the limit only ends a test that would hang."""
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def settings(database: Database, redis: str, folder: Path) -> Settings:
    return Settings(
        host="127.0.0.1",
        port=8000,
        data=folder,
        origin=ORIGIN,
        max_upload=1,
        evidence=folder.as_uri(),
        worker=database.worker,
        redis=redis,
    )


def test_the_task_gathers_and_stamps_in_the_background(
    database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, theirs = LocalAuthority(tmp_path / "authority"), Strict("third.example/w")
    answering = threading.Event()

    def slow(body: bytes) -> Reply:
        answering.wait(60)
        return theirs(body)

    app = equip(create_app(settings(database, redis_url, tmp_path)), settings(database, redis_url, tmp_path))
    with store_at(database.worker) as store, served(slow) as url, served(granting(authority)) as stamps:
        monkeypatch.setitem(os.environ, "KAOHE_TSA_URL", stamps + "add-checkpoint")
        monkeypatch.setitem(os.environ, "KAOHE_TSA_CERTIFICATE", str(authority.root))
        log = Log(store, tmp_path, monkeypatch)
        log.policy((theirs.vkey, url), need=1)
        log.grow(5)
        app.tasks[WITNESS]()  # comes back although the witness has not answered
        app.tasks[WITNESS]()
        assert log.witnessed() == set()
        answering.set()
        until(lambda: log.witnessed() == {"w1"})
        until(lambda: count(log, "log.stamps") == 1)
        assert count(log, "log.cosignatures") == 1
        until(lambda: all(thread.name != "witnesses" for thread in threading.enumerate()))


def count(log: Log, table: str) -> int:
    with log.store.connection() as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608 - our own names
    return int(row[0]) if row else 0
