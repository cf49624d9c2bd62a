"""The verifiable log: building its tree, proving from it, verifying it, and what it costs the writers."""

import contextlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import sqlalchemy

from bench import writers
from bench.figures.append import sample, url
from bench.figures.reading import _FILL, _ORDER
from bench.house import House
from bench.rounds import interleave, median, percentile
from bench.sealing import sealing
from bench.table import Line, milliseconds, rate
from bench.writers import ORIGIN, Plan
from events.entry import Actor, Context, Head, build, decode, leaf_of
from events.log.authentic import AuthenticTiles
from events.log.bundles import write_bundle
from events.log.growth import grow
from events.log.keys import KeyType
from events.log.memory import Memory
from events.log.new_tiles import new_bundles
from events.log.signers import SignerKey
from events.log.signing import sign_newest
from events.log.storage import introduce, read_head, tile_reader
from events.log.tiles import Bundle
from events.log.tree import Edge, append, leaf_hashes
from events.order import seal
from events.reader import read_range
from events.store import EventStore
from service.queries.log import policy_text, prove, standing, vouching
from service.verify.audit import Audit

EVENTS, PROOFS, CLIENTS, PROCESSES, ROUNDS, SECONDS = 1_000_000, 2_000, 16, 2, 5, 3
RATE, LAG_SECONDS = 1_000, 10  # appends a second, offered for so long
KEY = SignerKey(ORIGIN, KeyType.ED25519, b"k" * 32)
EVERY = 0.5  # seconds between two rounds of the log's keeper


def figure(house: House) -> Iterator[Line]:
    """Tree building, inclusion proofs and verification at a million entries; lag and overhead beside writers."""
    database = house.fresh("log")
    fill(database)
    with opened(database) as store, tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "signed", ORIGIN)
        built, floor = building(store), hashing()
        yield Line("log: tree building, entries, one process", rate(built), rate(floor), built / floor, "≥ 80,000/s")
        with store.connection() as connection:
            sign_newest(connection, [KEY], memory)
            introduce(connection, "checkpoint", [KEY])
        proofs, walks = proving(store), verifying(store)
        yield Line("log: inclusion proof at a million, p99", milliseconds(percentile(proofs, 0.99)), goal="< 5.00 ms")
        yield Line(
            "log: every entry to the signed root, entries", rate(walks), rate(floor), walks / floor, "≥ 250,000/s"
        )
    yield Line("log: entries, chains, acts and scores as well, entries", rate(auditing()), goal="")
    yield from beside_writers(house.fresh("keeping"))


@contextlib.contextmanager
def opened(house: House) -> Iterator[EventStore]:
    """The record as the workers reach it."""
    engine = sqlalchemy.create_engine(house.worker.sqlalchemy)
    try:
        yield EventStore(engine, ORIGIN)
    finally:
        engine.dispose()


def fill(house: House) -> None:
    """A million ordered events, made in the database."""
    entry = sample()
    values = {"entry": entry.decode(), "stream": decode(entry).subject, "events": EVENTS, "streams": EVENTS // 20}
    with psycopg.connect(house.owner.libpq, autocommit=True) as connection:
        connection.execute(_FILL, values)
        connection.execute(_ORDER, (EVENTS,))
        connection.execute("VACUUM ANALYZE record.events, record.ledger")


def building(store: EventStore) -> float:
    """Entries a second from the record to the stored tree."""
    begun = time.perf_counter()
    while grow(store):
        pass
    return EVENTS / (time.perf_counter() - begun)


def hashing() -> float:
    """The floor: leaf and node hashes of as long entries in memory, nothing read, nothing written."""
    entries = [sample()] * 100_000
    begun = time.perf_counter()
    append(Edge(), leaf_hashes(entries))
    return len(entries) / (time.perf_counter() - begun)


def proving(store: EventStore) -> list[float]:
    """Seconds for each of some proofs at random positions, as the web server makes them."""
    chance, taken = random.Random(1), []  # noqa: S311 - the same positions each time
    with store.connection() as connection:
        for _ in range(PROOFS):
            position = chance.randint(1, EVENTS)
            begun = time.perf_counter()
            found = standing(connection, position)
            assert found
            assert found.vouched
            prove(connection, found.vouched, position)
            taken.append(time.perf_counter() - begun)
    return taken


def verifying(store: EventStore) -> float:
    """Entries a second that a verifier leads to the signed root, from bundles in memory and tiles."""
    with store.connection() as connection:
        vouched = vouching(connection, policy_text(connection), 1)
        assert vouched
        size = 200 * 256 * 4
        bundles = {
            each: write_bundle([entry for _, entry in read_range(connection, each.start, each.start + each.width)])
            for each in new_bundles(0, size)
        }
        begun = time.perf_counter()
        tiles = AuthenticTiles(read_head(connection), tile_reader(connection))
        checked = sum(_count(tiles, bundle, data) for bundle, data in bundles.items())
    return checked / (time.perf_counter() - begun)


def _count(tiles: AuthenticTiles, bundle: Bundle, data: bytes) -> int:
    return sum(1 for _ in tiles.entries(bundle, data))


def auditing() -> float:
    """Entries a second of the whole walk of the verifier, which needs the standard library alone."""
    entries, heads = [], dict.fromkeys(range(2_000), Head())
    context = Context(ORIGIN, Actor(""), "2026-11-30T00:00:00.000000Z")
    for number in range(40_000):
        head = heads[number % len(heads)]
        entries.append(build(f"note/{number % len(heads)}", head, writers.event(), context))
        heads[number % len(heads)] = Head(head.version + 1, leaf_of(entries[-1]))
    audit = Audit({}, 0)
    begun = time.perf_counter()
    for position, entry in enumerate(entries, 1):
        audit.take(position, entry)
    return len(entries) / (time.perf_counter() - begun)


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
    done = threading.Event()

    def loop() -> None:
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

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


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
