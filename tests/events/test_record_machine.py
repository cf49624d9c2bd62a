"""The record against a plain list: whatever is done in whatever order, both say the same."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy
from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test as run,
)

from events import order, reader
from events.conflicts import KeyReused, WrongVersion
from events.entry import Actor, Head, NewEvent
from events.store import Append, EventStore, Request
from tests.events.audit import assert_whole
from tests.servers import Database, fresh_database, process_number
from workers.database_url import DatabaseUrl

STREAMS = st.sampled_from(["a", "b", "考/核", "z'; --"])
PEOPLE = st.sampled_from([Actor("p-1", "filer"), Actor("p-2", "reviewer")])
TYPES = st.lists(st.sampled_from(["Filed", "Reviewed", "Granted"]), min_size=1, max_size=3)
KEYS = st.sampled_from(["k-1", "k-2"])
OFF_BY = st.sampled_from([0, 0, 0, -1, 1, 5])


class Model(RuleBasedStateMachine):
    """A list of commits; each is a list of (stream, type). A stream's version is what the list holds of it."""

    server: DatabaseUrl

    def __init__(self) -> None:
        super().__init__()
        self.open = contextlib.ExitStack()
        self.commits: list[list[tuple[str, str]]] = []
        self.sealed = 0
        self.answers: dict[tuple[str, str], tuple[bytes, tuple[bytes, ...]]] = {}

    @initialize()
    def start(self) -> None:
        name = f"machine_{process_number()}"
        self.database: Database = self.open.enter_context(fresh_database(self.server, name))
        self.engine = sqlalchemy.create_engine(self.database.service.sqlalchemy)
        self.open.callback(self.engine.dispose)
        self.store = EventStore(self.engine, "example.org/log")

    def version(self, stream: str) -> int:
        return len(self.types(stream))

    def types(self, stream: str) -> list[str]:
        return [kind for commit in self.commits for where, kind in commit if where == stream]

    @rule(stream=STREAMS, types=TYPES, off_by=OFF_BY, by_head=st.booleans())
    def append(self, stream: str, types: list[str], off_by: int, by_head: bool) -> None:
        seen = max(0, self.version(stream) + off_by)
        expected: Head | int = self.store.head(stream) if by_head and seen == self.version(stream) else seen
        with self.agreed(seen == self.version(stream)):
            self.store.append(stream, expected, [NewEvent(kind, {}) for kind in types])
            self.commits.append([(stream, kind) for kind in types])

    @rule(wanted=st.dictionaries(STREAMS, st.tuples(TYPES, OFF_BY), min_size=2))
    def append_to_several(self, wanted: dict[str, tuple[list[str], int]]) -> None:
        appends = [
            Append(stream, max(0, self.version(stream) + off_by), [NewEvent(kind, {}) for kind in types])
            for stream, (types, off_by) in wanted.items()
        ]
        with self.agreed(all(one.expected == self.version(one.stream) for one in appends)):
            self.store.append_all(appends)
            ordered = sorted(wanted.items(), key=lambda item: item[0].encode())
            self.commits.append([(stream, kind) for stream, (types, _) in ordered for kind in types])

    @rule(stream=STREAMS, person=PEOPLE, key=KEYS, body=st.sampled_from([b"x", b"y"]))
    def ask(self, stream: str, person: Actor, key: str, body: bytes) -> None:
        request = Request.of(key, body)
        known = self.answers.get((person.id, key))
        if known and known[0] != request.hash:
            with pytest.raises(KeyReused):
                self.store.append(stream, self.version(stream), [NewEvent("Asked", {})], by=person, request=request)
            return
        commit = self.store.append(stream, self.version(stream), [NewEvent("Asked", {})], by=person, request=request)
        assert commit.replayed == bool(known)
        if known:
            assert commit.entries == known[1]
        else:
            self.commits.append([(stream, "Asked")])
            self.answers[person.id, key] = (request.hash, commit.entries)

    @rule(limit=st.sampled_from([1, 2, 1000]))
    def seal(self, limit: int) -> None:
        self.sealed = min(len(self.commits), self.sealed + limit)
        assert order.seal(self.engine, limit) == self.positions()

    @precondition(lambda self: self.commits)
    @rule(stream=STREAMS, after=st.integers(0, 6))
    def read_stream(self, stream: str, after: int) -> None:
        assert [event.type for event in self.store.read(stream, after)] == self.types(stream)[after:]
        assert self.store.head(stream).version == self.version(stream)

    @rule(after=st.integers(0, 10), limit=st.integers(1, 10))
    def read_positions(self, after: int, limit: int) -> None:
        ordered = [event for commit in self.commits[: self.sealed] for event in commit]
        found = reader.read(self.store, after, limit)
        assert [(event.envelope.subject, event.type) for event in found] == ordered[after : after + limit]
        assert [event.position for event in found] == list(range(after + 1, after + 1 + len(found)))

    @invariant()
    def the_last_position_counts_what_was_sealed(self) -> None:
        assert order.last_position(self.engine) == self.positions()

    def positions(self) -> int:
        return sum(len(commit) for commit in self.commits[: self.sealed])

    @contextlib.contextmanager
    def agreed(self, welcome: bool) -> Iterator[None]:
        """Whether the record takes it must be what the model says."""
        if welcome:
            yield
        else:
            with pytest.raises(WrongVersion):
                yield

    def teardown(self) -> None:
        with self.open:
            if hasattr(self, "database"):
                assert assert_whole(self.database.worker) == sum(map(len, self.commits))


def test_the_record_says_what_a_plain_list_says(postgres_server: DatabaseUrl) -> None:
    machine: Any = type("Machine", (Model,), {"server": postgres_server})
    run(machine, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))
