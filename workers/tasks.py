"""The Celery tasks: order what was committed, project it, recompute. Each may run at any time, any number of times."""

import time
from typing import Any

import psycopg
import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis import RedisError
from sqlalchemy.exc import DBAPIError

from events.order import seal
from workers import evidence_uses
from workers.checkpoints import Overtaken
from workers.desk import PARTITIONS, Desk
from workers.notices.tasks import NOTICES
from workers.nudge import FOLLOW
from workers.recomputation import recompute, waiting
from workers.simulation import simulate, waiting_simulation
from workers.upgrade import ask_for_comparison

PROJECT = "kaohe.project"
RECOMPUTE = "kaohe.recompute"
SIMULATE = "kaohe.simulate"
_SECONDS = 20.0
_LOOKS = 20
_PAUSE = 0.005

log = structlog.get_logger()


def register(app: Celery, desk: Desk) -> None:
    """Gives ``app`` its tasks, working with ``desk``."""

    @app.task(name=FOLLOW)  # type: ignore[untyped-decorator]
    def follow() -> None:
        desk.nudge.clear()
        _quietly(desk, lambda: order_and_project(app, desk))
        _quietly(desk, lambda: evidence_uses.follow(desk.store))
        _quietly(desk, lambda: app.send_task(NOTICES, retry=False, ignore_result=True, expires=5))
        _quietly(desk, lambda: ask_for_comparison(desk.store))
        _quietly(desk, lambda: call_for_recomputation(app, desk))
        _quietly(desk, lambda: call_for_simulation(app, desk))

    @app.task(name=PROJECT)  # type: ignore[untyped-decorator]
    def project(partition: int) -> None:
        _quietly(desk, lambda: catch_up(desk, partition))

    @app.task(name=RECOMPUTE)  # type: ignore[untyped-decorator]
    def again(recomputation: str) -> None:
        # In between, this worker still does what the others would: a replay must not hold up what is new.
        _quietly(desk, lambda: recompute(desk.store, recomputation, lambda: _quietly(desk, lambda: _look(app, desk))))

    @app.task(name=SIMULATE)  # type: ignore[untyped-decorator]
    def what_if(simulation: str) -> None:
        _quietly(desk, lambda: simulate(desk.store, simulation, desk.progress.teller(simulation)))


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


def call_for_recomputation(app: Celery, desk: Desk) -> None:
    """Calls a worker to a recomputation on which there is something to do that nobody does."""
    recomputation = waiting(desk.store)
    if recomputation:
        app.send_task(RECOMPUTE, (recomputation,), retry=False, ignore_result=True)


def call_for_simulation(app: Celery, desk: Desk) -> None:
    """Calls a worker to a simulation that nobody has finished."""
    simulation = waiting_simulation(desk.store)
    if simulation:
        app.send_task(SIMULATE, (simulation,), retry=False, ignore_result=True)


def _quietly(desk: Desk, work: Any) -> None:
    """A lost race or a lost database is no error of the task: the sweep comes again within a second."""
    try:
        work()
    except Overtaken:
        desk.begin_anew()
        log.info("overtaken by another worker")
    except (DBAPIError, psycopg.OperationalError) as error:
        log.warning("database unavailable", error=type(error).__name__)
    except (RedisError, OperationalError) as error:
        log.warning("broker unavailable", error=type(error).__name__)
