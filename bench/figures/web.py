"""GET unit scores against a bare Flask view with one prepared SELECT, behind the same web server in the same run."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine

from bench.callers import Target, call
from bench.cpu import metered
from bench.house import House
from bench.rounds import interleave
from bench.table import Line, beside, milliseconds, rate
from domain import facts
from domain.phases import TIMED
from domain.rubric.identity import canonical
from events.codec import to_event
from events.entry import Actor, new_id, utc_text
from events.order import seal
from events.store import EventStore
from service.rubric_files import load
from service.stack.commands import WSGI
from service.tokens import new_token
from workers.desk import PARTITIONS
from workers.projector import Projector

ORIGIN = "kaohe.example/record"
CYCLE, UNIT = "2026", "zhongshan"
SECONDS, ROUNDS, CALLERS = 1.5, 11, 8


def figure(house: House) -> Iterator[Line]:
    """Requests a second of both and their latencies."""
    made = house.fresh("web")
    token = populate(made)
    with served("bench.bare:create_app", made) as bare, served("service.app:create_app", made) as kaohe:
        targets = {
            "bare view": Target(bare, f"/cycles/{CYCLE}/units/{UNIT}/scores"),
            "unit scores": Target(kaohe, f"/api/v1/cycles/{CYCLE}/units/{UNIT}/scores", token),
        }
        for target in targets.values():
            call(target, 1.0, CALLERS)
        bills: dict[str, list[float]] = {name: [] for name in targets}
        contenders = {
            name: partial(metered, partial(call, target, SECONDS, CALLERS), bills[name])
            for name, target in targets.items()
        }
        rounds = interleave(contenders, ROUNDS)
    ours, floor = rounds["unit scores"], rounds["bare view"]
    rates = [[one.rate for one in each] for each in (ours, floor)]
    yield beside(f"GET unit scores, {CALLERS} callers", rate, rates[0], rates[1], "≥ 0.60")
    yield beside("  p99", milliseconds, [one.p99 for one in ours], [one.p99 for one in floor])
    yield beside("  processor time", milliseconds, bills["unit scores"], bills["bare view"])


def populate(house: House) -> str:
    """An open cycle with one unit and a viewer; gives the viewer's token."""
    engine = create_engine(house.worker.sqlalchemy)
    try:
        store = EventStore(engine, ORIGIN)
        person = new_id()
        token = new_token(person)
        rubric = store.keep_document(canonical(load("six-actions")))
        for stream, some in happened(person, token.digest, rubric).items():
            store.append(stream, 0, [to_event(fact) for fact in some], by=Actor("founder"))
        seal(engine)
        for partition in range(PARTITIONS):
            Projector(store, partition).advance()
    finally:
        engine.dispose()
    return token.text


def happened(person: str, digest: str, rubric: str) -> dict[str, list[facts.Fact]]:
    """What was recorded before anybody asks, by stream."""
    calendar = {phase: later(10 * number) for number, phase in enumerate(TIMED, 1)}
    return {
        f"person/{person}": [
            facts.PersonRegistered(""),
            facts.RoleGranted("viewer", "*", "bench"),
            facts.CredentialIssued(new_id(), digest, later(1)),
        ],
        f"cycle/{CYCLE}": [
            facts.CycleCreated("2026", "2026", "six-actions", rubric, calendar),
            facts.UnitEnrolled(UNIT, "district", "中山区", "Zhongshan"),
            facts.PhaseAdvanced("draft", "open", "bench"),
        ],
        f"sheet/{CYCLE}/{UNIT}/1": [facts.FiguresSubmitted(new_id(), {"1a": {"actual": 90, "target": 100}})],
    }


def later(days: int) -> str:
    """A moment some days from now."""
    return utc_text(datetime.now(UTC) + timedelta(days=days))


@contextlib.contextmanager
def served(app: str, house: House) -> Iterator[int]:
    """Runs an app behind granian as ``kaohe run`` does, with two workers; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "KAOHE_SERVICE_DATABASE_URL": house.service.libpq,
            "KAOHE_REDIS_URL": "redis://127.0.0.1:1/0",
            "KAOHE_DATA_DIR": folder,
        }
        command = [sys.executable, "-m", "granian", *WSGI, "--workers", "2"]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen([*command, "--port", str(port), app], env=environment, stdout=log, stderr=log)
            try:
                wait_for(port)
                yield port
            finally:
                server.terminate()
                server.wait(10)


def wait_for(port: int) -> None:
    """Returns when somebody listens."""
    for _ in range(1200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the web server did not come up")
