"""Appending single events from 16 connections' worth of clients, beside pgbench's plain INSERT of the same bytes."""

from collections.abc import Iterator
from functools import partial

from bench import floor, writers
from bench.cpu import metered
from bench.house import House
from bench.rounds import interleave
from bench.sealing import sealing
from bench.table import Line, beside, milliseconds, rate
from bench.writers import Plan
from events.entry import Context, Head, build, new_id

CLIENTS, PROCESSES, ROUNDS, SECONDS = 16, 2, 9, 1

NAMES = {
    "single": "append, one event, 16 clients",
    "keyed": "… with an idempotency key",
    "acts": "… and on the grounds of an act",
}


def figure(house: House) -> Iterator[Line]:
    """Rates and latencies of one event a commit, and the rate of batches of 100."""
    database = house.fresh("append")
    floor.lay(database)
    single = Plan(url(database), SECONDS, CLIENTS // PROCESSES)
    keyed = Plan(url(database), SECONDS, CLIENTS // PROCESSES, keyed=True)
    acts = Plan(url(database), SECONDS, CLIENTS // PROCESSES, keyed=True, grounded=True)
    batch = Plan(url(database), SECONDS, 1, batch=100)
    with writers.pool(PROCESSES) as pool, sealing(database):
        writers.load(pool, PROCESSES, Plan(url(database), 0.5, 1))  # the processes start
        contenders = {
            "floor": lambda: floor.load(database, sample(), SECONDS, CLIENTS),
            "single": lambda: writers.load(pool, PROCESSES, single),
            "keyed": lambda: writers.load(pool, PROCESSES, keyed),
            "acts": lambda: writers.load(pool, PROCESSES, acts),
            "batch": lambda: writers.load(pool, PROCESSES, batch),
        }
        bills: dict[str, list[float]] = {name: [] for name in contenders}
        rounds = interleave({name: partial(metered, run, bills[name]) for name, run in contenders.items()}, ROUNDS)
    rates = {name: [one.rate for one in loads] for name, loads in rounds.items()}
    p99 = {name: [one.p99 for one in loads] for name, loads in rounds.items()}
    for name, what in NAMES.items():
        yield beside(what, rate, rates[name], rates["floor"], "≥ 0.40")
        yield beside("  p99", milliseconds, p99[name], p99["floor"], "≤ 3.00")
        yield beside("  processor time", milliseconds, bills[name], bills["floor"])
    events = [each * batch.batch for each in rates["batch"]]
    yield beside("append, 100 events a commit, 2 clients, events", rate, events, rates["floor"])


def url(house: House) -> str:
    """Where the writers connect, as the service does."""
    return house.service.sqlalchemy.render_as_string(hide_password=False)


def sample() -> bytes:
    """An entry as the writers send it."""
    context = Context(writers.ORIGIN, writers.BY, "2024-11-30T00:00:00.000000Z")
    return build(f"sheet/2024/{new_id()}", Head(1, bytes(32)), writers.event(), context)
