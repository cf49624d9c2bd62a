"""A small record for the tests of the workers, and what they look at: tables, digests, replays."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, create_engine

from domain import facts
from domain.rubric.model import Rubric
from events.codec import to_event, to_fact
from events.entry import Actor, NewEvent, new_id
from events.order import seal
from events.store import EventStore
from tests.servers import Database
from tests.workers.year import Act, append, city, opening, publish, six_actions, year
from workers import recomputation as recomputations, replay, replay_filling
from workers.comparison import digest
from workers.projections.shadows import SHADOWED
from workers.projector import Projector
from workers.rules import Rules

ORIGIN = "test.example/log"
CYCLE = "2026"
RUBRIC: Rubric = six_actions()


@dataclass(slots=True)
class Ledger:
    """One record, written by the service's role and followed by the workers' role."""

    database: Database
    service: EventStore
    workers: EventStore
    engines: tuple[Engine, Engine]

    @classmethod
    def of(cls, database: Database) -> "Ledger":
        engines = create_engine(database.service.sqlalchemy), create_engine(database.worker.sqlalchemy, pool_size=8)
        made = cls(database, EventStore(engines[0], ORIGIN), EventStore(engines[1], ORIGIN), engines)
        publish(made.service, RUBRIC)
        return made

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()

    def append(self, *acts: Act) -> None:
        append(self.service, list(acts))

    def garble(self, stream: str, event: NewEvent | None = None) -> None:
        """Appends what no program can read, past every door."""
        self.service.append(stream, self.service.head(stream), [event or NewEvent("FiguresSubmitted", {"figures": 1})])

    def order(self) -> int:
        last = seal(self.engines[1])
        assert last is not None
        return last

    def follow(self, batch: int = 10_000) -> None:
        self.order()
        for projector in self.projectors():
            while (progress := projector.advance(batch)) is not None and progress.more:
                pass

    def projectors(self) -> list[Projector]:
        return [Projector(self.workers, partition) for partition in (0, 1)]

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.workers.connection() as connection:
            return connection.execute(statement.encode(), parameters).fetchall()

    def checkpoints(self) -> list[tuple[int, int]]:
        return self.rows("SELECT position, epoch FROM scores.checkpoints ORDER BY partition")

    def digest(self) -> str:
        with self.workers.connection() as connection:
            return digest(connection)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        statement = "SELECT {0} FROM scores.{1} ORDER BY {1}::text"  # no row's place depends on when it was written
        return {each.name: self.rows(statement.format(each.names, each.name)) for each in SHADOWED}

    def forget_scores(self) -> None:
        """Throws the read models away, as an operator may at any time."""
        self.rows_of("UPDATE scores.checkpoints SET position = 0")
        self.rows_of(f"TRUNCATE {', '.join(f'scores.{each.name}' for each in SHADOWED)}")

    def rows_of(self, statement: str) -> None:
        with self.workers.connection() as connection:
            connection.execute(statement.encode())

    def request(self, by: str = "auditor") -> str:
        key = new_id()
        asked = to_event(facts.RecomputationRequested(key, "每年复核"))
        self.service.append(f"recomputation/{key}", 0, [asked], by=Actor(by, "auditor", "*"))
        return key

    def approve(self, key: str, by: str = "second-auditor") -> None:
        stream = f"recomputation/{key}"
        event = to_event(facts.RecomputationApproved(key, "差异已核实"))
        self.service.append(stream, self.service.head(stream), [event], by=Actor(by, "auditor", "*"))

    def recompute(self) -> list[Any]:
        """Does every recomputation that waits; answers the facts of the last one."""
        key = ""
        while waiting := recomputations.waiting(self.workers):
            key = waiting
            recomputations.recompute(self.workers, key)
        return self.said(key) if key else []

    def said(self, key: str) -> list[Any]:
        return [to_fact(event.envelope) for event in self.service.read(f"recomputation/{key}")]

    def finished(self, key: str) -> facts.RecomputationFinished:
        return next(fact for fact in reversed(self.said(key)) if isinstance(fact, facts.RecomputationFinished))

    def shadows(self) -> list[str]:
        found = self.rows(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'scores'::regnamespace AND relname ~ '__'"
        )
        return [name for (name,) in found]

    def replayed(self, borders: Sequence[str] = (), upto: int = 0) -> str:
        """The digest of a replay from zero to ``upto`` (0: the last position), cut at these names; leaves nothing."""
        with self.workers.connection() as connection, connection.transaction():
            replay.begin(connection, "test", "compare", upto or self.order())
            if borders:
                connection.execute("DELETE FROM scores.replay_shares")
                for share, (low, high) in enumerate(itertools.pairwise(["", *sorted(borders), "\U0010ffff"])):
                    connection.execute(
                        "INSERT INTO scores.replay_shares VALUES ('test', %s, %s, %s)", (share, low, high)
                    )
        with self.workers.connection() as connection:
            made = replay.found(connection, "test")
            assert made
            rules = Rules(self.workers)
            while replay_filling.fill(self.workers, rules, made, lambda: None):
                pass
            with connection.transaction():
                replay_filling.stand(connection, rules, made)
            found = digest(connection, made.shadow)
            replay.discard(connection, "test")
        return found


def acts(units: int = 3, seed: int = 0, limit: int | None = None) -> list[Act]:
    """A cycle, its units and the beginning of their year."""
    there = city(units)
    return opening(RUBRIC, CYCLE, there) + list(itertools.islice(year(RUBRIC, CYCLE, there, seed, files=3), limit))


def chunks(some: Sequence[Act], size: int) -> Iterable[list[Act]]:
    for start in range(0, len(some), size):
        yield list(some[start : start + size])
