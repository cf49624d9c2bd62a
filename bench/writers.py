"""The service's side of an append: processes of threads, each with a connection, as a web server has them."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from typing import Any

import sqlalchemy

from bench.rounds import Load
from events.entry import Actor, Head, NewEvent, new_id
from events.store import Append, EventStore, Request

ORIGIN = "kaohe.example/record"
STREAM_LENGTH = 20
SUBMISSION = "0197b5a0-1111-7000-8000-000000000001"
FIGURES = {"submission": SUBMISSION, "figures": {"6a": {"numerator": 412, "denominator": 437}}}
BY = Actor("0197b5a0-2222-7000-8000-000000000002", "unit", "zhongshan")
YEAR, PERSON = ("cycle/2024", 0), (f"person/{BY.id}", 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What each process does: how long (seconds), by how many threads, how many events an append.

    ``grounded``: on two streams that others stand on, too, as an act on a sheet stands on its year and its actor.
    """

    url: str
    seconds: float
    threads: int
    batch: int = 1
    keyed: bool = False
    grounded: bool = False


def event() -> NewEvent:
    """An event whose entry has about 600 bytes."""
    return NewEvent("FiguresSubmitted", FIGURES, effective="2024-11-30")


def acts(store: EventStore, plan: Plan) -> Callable[[], Any]:
    """One act of a thread: an append to its current stream, a fresh stream every so often."""
    counter = itertools.count()
    state: dict[str, Any] = {}

    def act() -> None:
        if next(counter) % STREAM_LENGTH == 0:
            state["stream"], state["head"] = f"sheet/2024/{new_id()}", Head()
        request = Request.of(new_id(), b"POST /v1/sheets/6/submissions") if plan.keyed else None
        year, person = (YEAR, PERSON) if plan.grounded else (None, None)
        one = Append(state["stream"], state["head"], [event()] * plan.batch, ground=year)
        commit = store.append_all([one], by=BY, request=request, ground=person)
        state["head"] = commit.heads[state["stream"]]

    return act


@cache
def opened(url: str) -> EventStore:
    """This process's store, kept from round to round as a web server keeps its own."""
    return EventStore(sqlalchemy.create_engine(url, pool_size=8, max_overflow=0, pool_use_lifo=True), ORIGIN)


def drive(plan: Plan) -> list[float]:
    """Runs one process's threads until the time is over; the latencies in seconds."""
    store = opened(plan.url)
    results: list[list[float]] = [[] for _ in range(plan.threads)]
    ready = threading.Barrier(plan.threads)

    def loop(mine: list[float]) -> None:
        act = acts(store, plan)
        act()
        ready.wait()
        end = time.perf_counter() + plan.seconds
        while (start := time.perf_counter()) < end:
            act()
            mine.append(time.perf_counter() - start)

    threads = [threading.Thread(target=loop, args=(mine,)) for mine in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [latency for mine in results for latency in mine]


def load(pool: ProcessPoolExecutor, processes: int, plan: Plan) -> Load:
    """Runs ``plan`` in every process at once."""
    running: Sequence[Future[list[float]]] = [pool.submit(drive, plan) for _ in range(processes)]
    latencies = [latency for future in running for latency in future.result()]
    return Load(len(latencies) / plan.seconds, latencies)


def pool(processes: int) -> ProcessPoolExecutor:
    """Processes that start clean (spawn) and are kept from round to round."""
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
