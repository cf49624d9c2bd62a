"""A million events replayed into shadow tables by two processes, beside one process that only drains the same rows."""

import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import msgspec
import psycopg
import sqlalchemy

from bench.figures.projection import fill
from bench.house import House
from bench.rounds import interleave
from bench.table import Line, beside, rate
from bench.writers import ORIGIN, pool
from events.entry import decode
from events.store import EventStore
from workers import replay, replay_filling
from workers.rules import Rules

YEARS, ROUNDS, PROCESSES = 33, 3, 2
ID = "bench"
_COPY = "COPY (SELECT entry FROM record.events) TO STDOUT (FORMAT binary)"


def figure(house: House) -> Iterator[Line]:
    """Events a second of both, and the most memory a process took."""
    database = house.fresh("rebuild")
    url = database.worker.sqlalchemy.render_as_string(hide_password=False)
    store = EventStore(sqlalchemy.create_engine(url), ORIGIN)
    events = fill(database, store, range(YEARS))
    peaks: list[int] = []
    with pool(PROCESSES) as processes:
        list(processes.map(warm, [url] * PROCESSES))
        rounds = interleave(
            {
                "floor": lambda: (
                    events / drained(database, events, lambda entry: str(msgspec.json.decode(entry)["type"]))
                ),
                "envelopes": lambda: events / drained(database, events, lambda entry: decode(entry).type),
                "ours": lambda: events / rebuilt(store, processes, url, events, peaks),
            },
            ROUNDS,
        )
    yield beside(f"rebuild of {events:,} events, two processes", rate, rounds["ours"], rounds["floor"], "≥ 0.50")
    yield beside("  beside a drain that leaves the facts undecoded", rate, rounds["ours"], rounds["envelopes"])
    yield Line("  most memory of a process", f"{max(peaks) / 1024:,.0f} MB", goal="< 500 MB")


def drained(house: House, events: int, type_of: Callable[[bytes], str]) -> float:
    """Seconds in which one process drains the rows by COPY, decodes them and counts them in a dict."""
    counted: Counter[str] = Counter()
    begun = time.perf_counter()
    with psycopg.connect(house.worker.libpq) as connection, connection.cursor().copy(_COPY) as copy:
        copy.set_types(["bytea"])
        for (entry,) in copy.rows():
            counted[type_of(entry)] += 1
    assert sum(counted.values()) == events
    return time.perf_counter() - begun


def rebuilt(store: EventStore, processes: ProcessPoolExecutor, url: str, events: int, peaks: list[int]) -> float:
    """Seconds in which two processes make every score table again, with keys, sums and ranks."""
    begun = time.perf_counter()
    with store.connection() as connection:
        with connection.transaction():
            replay.begin(connection, ID, "compare", events)
        made = replay.found(connection, ID)
        assert made
        peaks += processes.map(partial(share, url), [made] * PROCESSES)
        with connection.transaction():
            replay_filling.stand(connection, Rules(store), made)
        taken = time.perf_counter() - begun
        replay.discard(connection, ID)
    return taken


def share(url: str, made: replay.Replay) -> int:
    """Fills shares until none is free; the process's peak memory in KB."""
    store = EventStore(sqlalchemy.create_engine(url), ORIGIN)
    rules = Rules(store)
    while replay_filling.fill(store, rules, made, lambda: None):
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def warm(url: str) -> None:
    """Imports what a worker has imported long ago."""
    with EventStore(sqlalchemy.create_engine(url), ORIGIN).connection() as connection:
        connection.execute("SELECT 1")
