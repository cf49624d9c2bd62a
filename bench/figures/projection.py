"""Live projection with its checkpoint in the same transaction, and how long a commit waits for its score."""

import time
from collections.abc import Callable, Iterator

import psycopg
import sqlalchemy

from bench.figures.ordering import POLL, TIMES, worker
from bench.house import House
from bench.load import load
from bench.rounds import median, percentile
from bench.table import Line, milliseconds, rate
from bench.writers import ORIGIN
from domain import facts
from events.codec import to_event
from events.entry import Actor
from events.store import EventStore
from tests.workers.year import city, opening, publish, six_actions, year
from workers.desk import PARTITIONS
from workers.projections.shadows import SHADOWED
from workers.projector import Projector

YEARS, ROUNDS = 7, 3
CYCLE = "year-0"
SHEET = f"sheet/{CYCLE}/unit-00/1"
FILER = Actor("person", "unit", "unit-00")
PAUSE = 0.02
_STANDS = (
    "SELECT NOT EXISTS (SELECT FROM record.pending) AND (SELECT min(position) FROM scores.checkpoints)"
    " = (SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1)"
)


def figure(house: House) -> Iterator[Line]:
    """Events a second of one process that catches up, the time of one year, and the lag of one commit."""
    database = house.fresh("projection")
    engine = sqlalchemy.create_engine(database.worker.sqlalchemy)
    store = EventStore(engine, ORIGIN)
    one = fill(database, store, range(1))
    with psycopg.connect(database.worker.libpq, autocommit=True) as connection:
        seconds = median([catch_up(store, connection) for _ in range(ROUNDS)])
        yield Line(f"a city's year ({one:,} events) into the score tables", f"{seconds:.2f} s", goal="< 1 s")
        with worker(database) as nudge:
            waits = list(lags(store, connection, nudge.send))[20:]  # the worker starts meanwhile
        yield Line("commit to score, nudge and worker, p50", milliseconds(median(waits)), goal="< 50 ms")
        yield Line("  p99", milliseconds(percentile(waits, 0.99)))
        events = fill(database, store, range(1, YEARS))
        speeds = [events / catch_up(store, connection) for _ in range(ROUNDS)]
    yield Line("projection, checkpoint in the transaction, events", rate(median(speeds)), goal="≥ 50,000/s")
    engine.dispose()


def fill(house: House, store: EventStore, years: range) -> int:
    """Puts these years into the record; answers its last position."""
    rubric, units = six_actions(), city()
    publish(store, rubric)
    last = 0
    with psycopg.connect(house.owner.libpq) as owner:
        for number in years:
            cycle = f"year-{number}"
            last = load(owner, [*opening(rubric, cycle, units), *year(rubric, cycle, units, number)])
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE record.events, record.ledger")
    return last


def catch_up(store: EventStore, connection: psycopg.Connection) -> float:
    """Seconds in which one process makes all score tables from nothing, share after share."""
    connection.execute("UPDATE scores.checkpoints SET position = 0")
    connection.execute(f"TRUNCATE {', '.join(f'scores.{table.name}' for table in SHADOWED)}".encode())
    begun = time.perf_counter()
    for partition in range(PARTITIONS):
        projector = Projector(store, partition)
        while (progress := projector.advance()) is not None and progress.more:
            pass
    return time.perf_counter() - begun


def lags(store: EventStore, connection: psycopg.Connection, say: Callable[[], object]) -> Iterator[float]:
    """Seconds from each commit's answer until its score stands in the table."""
    head = store.head(SHEET)
    for number in range(TIMES):
        filed = facts.FiguresSubmitted(f"filing-{number}", {"1a": {"actual": number % 2, "target": 2}})
        head = store.append(SHEET, head, [to_event(filed)], by=FILER).heads[SHEET]
        begun = time.perf_counter()
        say()
        while not projected(connection):
            assert time.perf_counter() - begun < 60, "nobody projects"
            time.sleep(POLL)
        yield time.perf_counter() - begun
        time.sleep(PAUSE)


def projected(connection: psycopg.Connection) -> bool:
    """Whether the score tables have taken in everything that was committed."""
    row = connection.execute(_STANDS, prepare=True).fetchone()
    return bool(row and row[0])
