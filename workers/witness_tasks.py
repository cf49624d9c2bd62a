"""The Celery task that has checkpoints cosigned and time-stamped, in a thread beside the worker's other work.

Witnesses and authorities are other people's machines: a worker process that waited for them would be missing for
ordering and projecting.
"""

import os
from threading import Lock, Thread
from typing import TYPE_CHECKING

import psycopg
import structlog
from celery import Celery
from sqlalchemy.exc import DBAPIError

from workers.desk import Desk
from workers.witnesses import Gatherer

if TYPE_CHECKING:
    from workers.stamps import Stamper

WITNESS = "kaohe.witness"

log = structlog.get_logger()


def register(app: Celery, desk: Desk) -> None:
    """Gives ``app`` the task; the beat calls it every second, and while a round lasts nothing is begun."""
    rounds = Rounds(desk)

    @app.task(name=WITNESS)  # type: ignore[untyped-decorator]
    def witness() -> None:
        rounds.begin()


class Rounds:
    """One round at a time in this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._busy = Lock()
        self._gatherer: Gatherer | None = None
        self._stamper: Stamper | None = None

    def begin(self) -> None:
        """Starts a round in a thread, unless one is under way; never waits."""
        if self._busy.acquire(blocking=False):
            Thread(target=self._round, name="witnesses", daemon=True).start()

    def _round(self) -> None:
        try:
            # Made here, after the fork, with the connections of this very process.
            self._gatherer = self._gatherer or Gatherer(self._desk.store)
            self._gatherer.gather()
            if os.environ.get("KAOHE_TSA_URL"):
                self._stamp()
        except (DBAPIError, psycopg.Error) as error:
            log.warning("database unavailable", error=type(error).__name__)
        finally:
            self._busy.release()

    def _stamp(self) -> None:
        # Loaded here: who names no authority needs no library for one.
        from workers.stamps import Stamper

        self._stamper = self._stamper or Stamper(self._desk.store)
        self._stamper.stamp()
