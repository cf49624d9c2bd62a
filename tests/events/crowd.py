"""Many writers, sealers and readers at once, on real connections; what they were told is kept for the audit."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import sqlalchemy

from events.conflicts import WrongVersion
from events.entry import Actor, NewEvent, new_id
from events.reader import read_range
from events.store import Append, EventStore, Request
from workers.database_url import DatabaseUrl

HOT = ["hot/1", "hot/2", "hot/3"]
WORKING = NewEvent("Worked", {"note": "x" * 300})


@dataclass
class Told:
    """Every entry whose append was answered, from all threads."""

    entries: list[bytes] = field(default_factory=list)

    def note(self, entries: Sequence[bytes]) -> None:
        self.entries.extend(entries)


def write(store: EventStore, told: Told, seed: int, acts: int, streams: Sequence[str] = HOT) -> None:
    """Appends ``acts`` times, to hot streams and to its own, trying again when overtaken."""
    chance = random.Random(seed)  # noqa: S311 - a seed makes a run repeatable
    for _ in range(acts):
        stream = chance.choice([*streams, f"own/{seed}"])
        several = chance.random() < 0.2
        keep_on(lambda s=stream, m=several: told.note(act(store, s, seed, m)))  # type: ignore[misc]


def act(store: EventStore, stream: str, seed: int, several: bool) -> Sequence[bytes]:
    head = store.head(stream)
    if not several:
        return store.append(stream, head, [WORKING]).entries
    mine = f"own/{seed}/more"
    return store.append_all(
        [Append(mine, store.head(mine), [WORKING]), Append(stream, head, [WORKING, WORKING])]
    ).entries


def keep_on(attempt: Callable[[], None]) -> None:
    """Tries again after every conflict, as a person who reloads would."""
    while True:
        try:
            return attempt()
        except WrongVersion:
            continue


def write_through_failures(store: EventStore, told: Told, seed: int, acts: int) -> None:
    """Asks each request until it is answered, whatever happens to the connection: under its key, once is once."""
    for number in range(acts):
        request = Request.of(f"{seed}-{number}", b"append")
        while True:
            try:
                stream = HOT[number % len(HOT)]
                by = Actor(f"p-{seed}")
                told.note(store.append(stream, store.head(stream), [WORKING], by=by, request=request).entries)
                break
            except (WrongVersion, psycopg.OperationalError, sqlalchemy.exc.OperationalError):
                continue


def seal_until(url: DatabaseUrl, done: threading.Event) -> list[int]:
    """Seals in small bites until told to stop; the positions it was answered."""
    answers: list[int] = []
    with psycopg.connect(url.libpq, autocommit=True) as connection:
        while not done.is_set():
            row = connection.execute("SELECT record.seal(%s)", (random.choice([1, 7, 1000]),)).fetchone()  # noqa: S311
            if row and row[0] is not None:
                answers.append(row[0])
    return answers


def follow_until(url: DatabaseUrl, done: threading.Event) -> list[tuple[int, bytes]]:
    """Reads forward from position to position, as a projection does; all it ever saw."""
    seen: list[tuple[int, bytes]] = []
    with psycopg.connect(url.libpq, autocommit=True) as connection:
        while not done.is_set():
            seen += read_range(connection, len(seen), len(seen) + 50)
    return seen


@contextmanager
def attended(url: DatabaseUrl, sealers: int = 3) -> Iterator[None]:
    """Competing sealers and a follower beside whatever the block does; checks what they saw."""
    done = threading.Event()
    with ThreadPoolExecutor(sealers + 1) as threads:
        sealing = [threads.submit(seal_until, url, done) for _ in range(sealers)]
        following = threads.submit(follow_until, url, done)
        try:
            yield
        finally:
            done.set()
    for answers in sealing:
        assert answers.result() == sorted(answers.result())
    seen = following.result()
    assert [position for position, _ in seen] == list(range(1, len(seen) + 1))
    with psycopg.connect(url.libpq, autocommit=True) as connection:
        assert list(read_range(connection, 0, len(seen))) == seen  # a position never changes its event


def together(jobs: Sequence[Callable[[], None]]) -> None:
    """Runs all jobs at once and raises what any of them raised."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        start.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        for future in [threads.submit(run, job) for job in jobs]:
            future.result()


def fresh_stream() -> str:
    return f"stream/{new_id()}"
