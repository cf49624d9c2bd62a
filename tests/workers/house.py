"""The real processes of the workers' side: a broker and Celery workers with their beat, killed as kill -9 does."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from redis import Redis

from service.stack import valkey
from service.stack.valkey import Valkey
from tests.servers import Database
from tests.workers.ledger import ORIGIN
from workers.app import create_app
from workers.nudge import Nudge
from workers.settings import Settings

SECONDS = 60  # never reached unless something hangs
COMMAND = [sys.executable, "-m", "celery", "-A", "workers.main", "worker", "--beat", "--concurrency=2",
           "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]  # fmt: skip


class House:
    """Everything that turns commits into scores, in a folder of its own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.broker: Valkey = valkey.start(folder / "valkey")
        self.settings = replace(
            Settings.from_environment(), data=folder, redis=self.broker.url, worker=database.worker, origin=ORIGIN
        )
        self._workers: subprocess.Popen[bytes] | None = None

    def start_workers(self) -> None:
        with (self.folder / "workers.log").open("ab") as log:
            self._workers = subprocess.Popen(
                [*COMMAND, f"--schedule={self.folder / 'schedule'}"],
                env=os.environ | self.settings.environment("worker"),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def keep_workers(self) -> bool:
        """Starts workers again that ended with their broker, as kombu may do and as `kaohe run` does; always true."""
        if self._workers and self._workers.poll() is not None:
            self.kill_workers()
            self.start_workers()
        return True

    def kill_workers(self) -> None:
        """The whole group at once: parent, pool and beat."""
        if self._workers:
            with contextlib.suppress(ProcessLookupError):  # the whole group has ended by itself
                os.killpg(self._workers.pid, signal.SIGKILL)
            self._workers.wait()
            self._workers = None

    def kill_broker(self) -> None:
        self.broker.kill()
        self.broker = valkey.start(self.folder / "valkey", self.broker.port)

    def nudge(self) -> Nudge:
        return Nudge(create_app(self.settings), Redis.from_url(self.broker.url, socket_timeout=1))

    def log(self) -> str:
        return (self.folder / "workers.log").read_text()

    def close(self) -> None:
        self.kill_workers()
        self.broker.stop()


def wait(done: Callable[[], bool], tell: Callable[[], str] = str) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end, f"waited in vain: {tell()}"
        time.sleep(0.02)
