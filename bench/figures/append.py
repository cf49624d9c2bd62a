"""Appending single events from 16 connections' worth of clients, beside pgbench's plain INSERT of the same bytes."""

from collections.abc import Iterator
from functools import partial

from bench import floor, writers
from bench.cpu import metered
from bench.house import House
from bench.rounds import interleave, median
from bench.sealing import sealing
from bench.table import Line, milliseconds, rate
from bench.writers import Plan
from events.entry import Context, Head, build, new_id

CLIENTS, PROCESSES, ROUNDS, SECONDS = 16, 2, 7, 2


def figure(house: House) -> Iterator[Line]:
    """Rates and latencies of one event a commit, and the rate of batches of 100."""
    database = house.fresh("append")
    floor.lay(database)
    single = Plan(url(database), SECONDS, CLIENTS // PROCESSES)
    keyed = Plan(url(database), SECONDS, CLIENTS // PROCESSES, keyed=True)
    batch = Plan(url(database), SECONDS, 1, batch=100)
    with writers.pool(PROCESSES) as pool, sealing(database):
        writers.load(pool, PROCESSES, Plan(url(database), 0.5, 1))  # the processes start
        contenders = {
            "floor": lambda: floor.load(database, sample(), SECONDS, CLIENTS),
            "single": lambda: writers.load(pool, PROCESSES, single),
            "keyed": lambda: writers.load(pool, PROCESSES, keyed),
            "batch": lambda: writers.load(pool, PROCESSES, batch),
        }
        bills: dict[str, list[float]] = {name: [] for name in contenders}
        rounds = interleave({name: partial(metered, run, bills[name]) for name, run in contenders.items()}, ROUNDS)
    rates = {name: median([one.rate for one in loads]) for name, loads in rounds.items()}
    p99 = {name: median([one.p99 for one in loads]) for name, loads in rounds.items()}
    cpu = {name: median(bill) for name, bill in bills.items()}
    for name, what in (("single", "append, one event, 16 clients"), ("keyed", "… with an idempotency key")):
        yield Line(what, rate(rates[name]), rate(rates["floor"]), rates[name] / rates["floor"], "≥ 0.40")
        yield Line("  p99", milliseconds(p99[name]), milliseconds(p99["floor"]), p99[name] / p99["floor"], "≤ 3.00")
        yield Line("  processor time", milliseconds(cpu[name]), milliseconds(cpu["floor"]), cpu[name] / cpu["floor"])
    events = rates["batch"] * batch.batch
    yield Line(
        "append, 100 events a commit, 2 clients, events", rate(events), rate(rates["floor"]), events / rates["floor"]
    )


def url(house: House) -> str:
    """Where the writers connect, as the service does."""
    return house.service.sqlalchemy.render_as_string(hide_password=False)


def sample() -> bytes:
    """An entry as the writers send it."""
    context = Context(writers.ORIGIN, writers.BY, "2024-11-30T00:00:00.000000Z")
    return build(f"sheet/2024/{new_id()}", Head(1, bytes(32)), writers.event(), context)
