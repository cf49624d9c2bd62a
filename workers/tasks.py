"""The Celery tasks: order what was committed, then project it. Each may run at any time, any number of times."""

import time
from typing import Any

import psycopg
import structlog
from celery import Celery
from sqlalchemy.exc import DBAPIError

from events.order import seal
from workers.desk import PARTITIONS, Desk
from workers.nudge import FOLLOW
from workers.projector import Overtaken

PROJECT = "kaohe.project"
_SECONDS = 20.0
_LOOKS = 20
_PAUSE = 0.005

log = structlog.get_logger()


def register(app: Celery, desk: Desk) -> None:
    """Gives ``app`` its tasks, working with ``desk``."""

    @app.task(name=FOLLOW)  # type: ignore[untyped-decorator]
    def follow() -> None:
        desk.nudge.clear()
        _quietly(lambda: order_and_project(app, desk))

    @app.task(name=PROJECT)  # type: ignore[untyped-decorator]
    def project(partition: int) -> None:
        _quietly(lambda: catch_up(desk, partition))


def order_and_project(app: Celery, desk: Desk) -> None:
    """Gives positions, then projects every share; a long backlog goes to one task a share, side by side.

    Whoever is at work already may have looked before the commit that woke us, so we look again behind him.
    """
    for _ in range(_LOOKS):
        if not _look(app, desk):
            return
        time.sleep(_PAUSE)


def _look(app: Celery, desk: Desk) -> bool:
    """Does what can be done now; True when somebody else held a part of it."""
    held = seal(desk.engine) is None
    for partition in range(PARTITIONS):
        progress = desk.projectors[partition].advance()
        held |= progress is None
        if progress is not None and progress.more:
            app.send_task(PROJECT, (partition,), retry=False, ignore_result=True)
    return held


def catch_up(desk: Desk, partition: int) -> None:
    """Projects one share until nothing is waiting, or for a while; the sweep comes back for the rest."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        progress = desk.projectors[partition].advance()
        if progress is None or not progress.more:
            return


def _quietly(work: Any) -> None:
    """A lost race or a lost database is no error of the task: the sweep comes again within a second."""
    try:
        work()
    except Overtaken:
        log.info("overtaken by another worker")
    except (DBAPIError, psycopg.OperationalError) as error:
        log.warning("database unavailable", error=type(error).__name__)
