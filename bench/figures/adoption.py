"""Another rubric for a city of 40 units with full sheets: proposed with all it moves, and adopted on every sheet."""

import contextlib
import io
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine

from bench.house import House
from bench.load import load
from bench.rounds import median
from bench.table import Line
from domain import facts
from domain.interpretations import apply
from domain.rubric.identity import identity
from events.codec import to_event
from events.entry import Actor
from events.order import seal
from tests.servers import Database
from tests.service.city import City, opened
from tests.workers.year import city, opening, publish, six_actions, year

YEARS = 3  # what is asked of one year must not take the longer, the more of them there are
CYCLE, RUBRIC = "year-0", "rubric/six-actions"
CHANGES = f"/cycles/{CYCLE}/rubric-changes"
READINGS: tuple[dict[str, str], ...] = ({"Q3": "zero"}, {"Q3": "zero", "Q7": "full"}, {"Q7": "full"}, {"Q7": "zero"})
NOBODY = "redis://127.0.0.1:1/0"
GOAL = "< 3 s"

Taken = tuple[float, float]
"""Seconds until an act is answered, and of them the web server's own processor time."""


def figure(house: House) -> Iterator[Line]:
    """How long each of the two people waits; also the very first time, when everything is read anew."""
    made = house.fresh("adoption")
    events, engine = filled(made), create_engine(made.worker.sqlalchemy)
    database = Database(made.owner, made.service, made.worker)
    with quiet(), tempfile.TemporaryDirectory() as folder, opened(database, NOBODY, Path(folder)) as there:
        taken = [changed(there, engine, reading) for reading in READINGS]
    engine.dispose()
    for act, seconds in zip(("propose", "confirm"), zip(*taken, strict=True), strict=True):
        first, *later = seconds
        waited = median([each for each, _ in later])
        yield Line(
            f"{act} another rubric, 40 units", f"{waited:.2f} s", goal=f"{GOAL}, {YEARS} years, {events:,} events"
        )
        yield Line("  processor time of the web server", f"{median([own for _, own in later]):.2f} s")
        yield Line("  the first after a start", f"{first[0]:.2f} s")


def quiet() -> contextlib.AbstractContextManager[Any]:
    """Keeps the log lines of the requests out of the table."""
    return contextlib.redirect_stderr(io.StringIO())


def filled(house: House) -> int:
    """Puts the years into the record; answers its last position."""
    rubric, units, last = six_actions(), city(), 0
    with psycopg.connect(house.owner.libpq) as owner:
        for number in range(YEARS):
            cycle = f"year-{number}"
            last = load(owner, [*opening(rubric, cycle, units), *year(rubric, cycle, units, number)])
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE record.events, record.ledger")
    return last


def changed(there: City, engine: Engine, reading: dict[str, str]) -> tuple[Taken, Taken]:
    """Publishes the sheet as it is read so, and takes the cycle there; how long each of the two acts took."""
    rubric, store = apply(six_actions(), reading), there.office.store
    publish(store, rubric)
    said: list[facts.Fact] = [facts.RubricDrafted(identity(rubric), "bench"), facts.RubricPublished(identity(rubric))]
    store.append(RUBRIC, store.head(RUBRIC), [to_event(fact) for fact in said], by=Actor("founder"))
    seal(engine)
    body = {"hash": identity(rubric), "reason": "bench"}
    proposing, told = timed(lambda: there.done("administrator", CHANGES, body))
    place = f"{CHANGES}/{told['events'][0]['data']['change']}/confirmation"
    confirming, _ = timed(lambda: there.done("second-administrator", place, {"reason": "bench"}))
    seal(engine)
    return proposing, confirming


def timed(act: Callable[[], dict[str, Any]]) -> tuple[Taken, dict[str, Any]]:
    """How long an act takes, and its answer."""
    begun, own = time.perf_counter(), time.process_time()
    answer = act()
    return (time.perf_counter() - begun, time.process_time() - own), answer
