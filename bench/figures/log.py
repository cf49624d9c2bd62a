"""The verifiable log: building its tree, proving from it, verifying it, and what it costs the writers."""

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench import writers
from bench.figures.append import sample
from bench.figures.reading import _FILL, _ORDER
from bench.house import House
from bench.keeping import KEY, beside_writers, opened
from bench.rounds import percentile
from bench.table import Line, milliseconds, rate
from bench.writers import ORIGIN
from events.entry import Actor, Context, Head, build, decode, leaf_of
from events.log.authentic import AuthenticTiles
from events.log.bundles import write_bundle
from events.log.growth import grow
from events.log.memory import Memory
from events.log.new_tiles import new_bundles
from events.log.signing import sign_newest
from events.log.storage import introduce, read_head, tile_reader
from events.log.tiles import Bundle
from events.log.tree import Edge, append, leaf_hashes
from events.reader import read_range
from events.store import EventStore
from service.queries.log import policy_text, prove, standing, vouching
from service.verify.audit import Audit

EVENTS, PROOFS = 1_000_000, 2_000


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
