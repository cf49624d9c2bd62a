"""Reading the record by position, beside the least it can cost: COPY the bytes, decode them, count them in a dict."""

import time
from collections import Counter
from collections.abc import Iterator

import psycopg

from bench.figures.append import sample
from bench.house import House
from bench.rounds import interleave
from bench.table import Line, beside, rate
from events.entry import decode
from events.reader import read_range

EVENTS, STREAM, BATCH, ROUNDS = 200_000, 20, 2_000, 3
_FILL = """
INSERT INTO record.events
SELECT record.slot(stream), stream, version, 'FiguresSubmitted', now(), number, 0,
       convert_to(replace(%(entry)s, %(stream)s, stream), 'UTF8')
  FROM (SELECT number, 'sheet/2024/' || number %% %(streams)s AS stream, 1 + number / %(streams)s AS version
          FROM generate_series(0, %(events)s - 1) AS number) AS made
"""
_ORDER = "INSERT INTO record.ledger SELECT number + 1, 1, number, now() FROM generate_series(0, %s - 1) AS number"
_COPY = "COPY (SELECT entry FROM record.events) TO STDOUT (FORMAT binary)"


def figure(house: House) -> Iterator[Line]:
    """Events a second of both, and of two readers' shares."""
    database = house.fresh("reading")
    fill(database)
    with psycopg.connect(database.worker.libpq, autocommit=True) as connection:
        rounds = interleave(
            {"floor": lambda: timed(copied, connection), "ours": lambda: timed(by_position, connection)}, ROUNDS
        )
    yield beside("read by position, decoded, counted, events", rate, rounds["ours"], rounds["floor"])


def fill(house: House) -> None:
    """Puts events into the record as its owner, in the database alone; they are not linked."""
    entry = sample()
    stream = decode(entry).subject
    with psycopg.connect(house.owner.libpq) as connection:
        values = {"entry": entry.decode(), "stream": stream, "events": EVENTS, "streams": EVENTS // STREAM}
        connection.execute(_FILL, values)
        connection.execute(_ORDER, (EVENTS,))
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE record.events, record.ledger")


def timed(read: object, connection: psycopg.Connection) -> float:
    """Events a second."""
    begun = time.perf_counter()
    counted = read(connection)  # type: ignore[operator]
    assert sum(counted.values()) == EVENTS
    return EVENTS / (time.perf_counter() - begun)


def copied(connection: psycopg.Connection) -> Counter[str]:
    """By COPY rows."""
    counted: Counter[str] = Counter()
    with connection.cursor().copy(_COPY) as copy:
        copy.set_types(["bytea"])
        for (entry,) in copy.rows():
            counted[decode(entry).subject] += 1
    return counted


def by_position(connection: psycopg.Connection) -> Counter[str]:
    """By ranges of positions, as a projection reads."""
    counted: Counter[str] = Counter()
    for after in range(0, EVENTS, BATCH):
        for _, entry in read_range(connection, after, after + BATCH):
            counted[decode(entry).subject] += 1
    return counted
