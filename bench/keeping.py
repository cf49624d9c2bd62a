"""The log's keeper beside writers: what it costs them, and how far its checkpoint is behind their commits."""

import contextlib
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy

from bench import writers
from bench.figures.append import url
from bench.house import House
from bench.rounds import interleave, median, percentile
from bench.sealing import meanwhile, sealing
from bench.table import Line, milliseconds, rate
from bench.writers import ORIGIN, Plan
from events.entry import Head
from events.log.growth import grow
from events.log.keys import KeyType
from events.log.memory import Memory
from events.log.signers import SignerKey
from events.log.signing import sign_newest
from events.log.storage import read_head
from events.order import seal
from events.store import EventStore

CLIENTS, PROCESSES, ROUNDS, SECONDS = 16, 2, 5, 3
RATE, LAG_SECONDS = 1_000, 10  # appends a second, offered for so long
KEY = SignerKey(ORIGIN, KeyType.ED25519, b"k" * 32)
EVERY = 0.5  # seconds between two rounds of the log's keeper


@contextlib.contextmanager
def opened(house: House) -> Iterator[EventStore]:
    """The record as the workers reach it."""
    engine = sqlalchemy.create_engine(house.worker.sqlalchemy)
    try:
        yield EventStore(engine, ORIGIN)
    finally:
        engine.dispose()


def beside_writers(house: House) -> Iterator[Line]:
    """What the keeper costs appends, and how far the checkpoint is behind them."""
    plan = Plan(url(house), SECONDS, CLIENTS // PROCESSES)

    def without() -> float:
        with sealing(house):
            return writers.load(pool, PROCESSES, plan).rate

    def with_log() -> float:
        with sealing(house), keeping(house):
            return writers.load(pool, PROCESSES, plan).rate

    with writers.pool(PROCESSES) as pool:
        writers.load(pool, PROCESSES, Plan(url(house), 0.5, 1))
        rounds = interleave({"without": without, "with": with_log}, ROUNDS)
    without_, with_ = (median(rounds[name]) for name in ("without", "with"))
    yield Line("append beside the log's keeper", rate(with_), rate(without_), with_ / without_, "≥ 0.90")
    lags = lagging(house)
    yield Line("log: checkpoint behind its commit, p99", milliseconds(percentile(lags, 0.99)), goal="< 1000 ms")


@contextlib.contextmanager
def keeping(house: House) -> Iterator[None]:
    """Orders, grows and signs again and again until the block ends, as the workers' beat does."""

    def loop(done: threading.Event) -> None:
        with opened(house) as store, tempfile.TemporaryDirectory() as folder:
            memory = Memory(Path(folder) / "signed", ORIGIN)
            with store.connection() as connection:
                known = read_head(connection)
                if known.size:
                    memory.write(known)
            while not done.wait(EVERY):
                seal(store._engine)  # noqa: SLF001 - as a worker's desk has it
                while grow(store):
                    pass
                with store.connection() as connection:
                    sign_newest(connection, [KEY], memory)

    with meanwhile(loop):
        yield


def lagging(house: House) -> list[float]:
    """Seconds from each commit to the first checkpoint that covers it, at the offered rate."""
    with opened(house) as store:
        with keeping(house):
            commits = offered(store)
            time.sleep(3 * EVERY)
        with store.connection() as connection:
            rows = connection.execute(
                "SELECT l.commit_seq, (SELECT extract(epoch FROM c.signed_at) FROM log.checkpoints c"
                " WHERE c.size >= l.first + l.count - 1 ORDER BY c.size LIMIT 1) FROM record.ledger l"
                " WHERE l.commit_seq = ANY(%s)",
                (list(commits),),
            ).fetchall()
    return [float(signed) - commits[number] for number, signed in rows if signed is not None]


def offered(store: EventStore) -> dict[int, float]:
    """Commits by number with their moment, at RATE a second from a few threads."""
    commits: dict[int, float] = {}
    threads, each = 8, 8 / RATE

    def loop(number: int) -> None:
        stream, head = f"note/{number}-{time.time_ns()}", Head()
        due = time.perf_counter() + number * each / threads
        for _ in range(LAG_SECONDS * RATE // threads):
            time.sleep(max(0.0, due - time.perf_counter()))
            commit = store.append(stream, head, [writers.event()])
            commits[commit.number] = time.time()
            head, due = commit.heads[stream], due + each

    running = [threading.Thread(target=loop, args=(number,)) for number in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    return commits
