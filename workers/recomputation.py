"""Recomputation, step by step: replay, compare at one position, record; once approved, replay again and swap.

Every step is one transaction that holds the row of what it works on, so any number of workers may work on one
recomputation and any of them may be killed: the next one finds the step as undone as it was.
"""

from collections.abc import Callable

import msgspec
import structlog
from psycopg.errors import LockNotAvailable

from domain import facts, recomputation as rules_of
from domain.recomputation import Recomputation
from events.codec import to_event, to_fact
from events.conflicts import WrongVersion
from events.entry import Actor, Head
from events.store import EventStore
from workers import checkpoints, meeting, replay
from workers.comparison import compare, digest
from workers.engine import engine
from workers.outcome import outcome
from workers.projections import shadows
from workers.projections.tables import Connection
from workers.projector import last_position
from workers.replay import Replay
from workers.rules import Rules

WORKER = Actor("", "worker")
NEAR = 5_000  # positions that may be made up for while the live tables stand still

_WAITING = """
SELECT substr(stream, 15) FROM (
    SELECT DISTINCT ON (stream) stream, type, commit_seq FROM record.events
     WHERE stream >= 'recomputation/' AND stream < 'recomputation0' ORDER BY stream, version DESC) AS newest
 WHERE type IN ('RecomputationRequested', 'RecomputationApproved') AND NOT EXISTS (
    SELECT FROM scores.replays WHERE recomputation = substr(stream, 15) AND phase = 'refused')
 ORDER BY commit_seq LIMIT 1
"""
_FREE_SHARE = "SELECT FROM scores.replay_shares WHERE recomputation = %s AND filled_at IS NULL FOR UPDATE SKIP LOCKED"
_FREE = "SELECT FROM scores.replays WHERE recomputation = %s FOR UPDATE SKIP LOCKED"

log = structlog.get_logger()


def waiting(store: EventStore) -> str | None:
    """The recomputation that was asked for, or approved, the longest ago and on which somebody could work now."""
    with store.connection() as connection:
        row = connection.execute(_WAITING).fetchone()
        if row is None:
            return None
        begun = replay.found(connection, row[0])
        held = begun and connection.execute(_FREE_SHARE if begun.phase == "filling" else _FREE, (row[0],)).fetchone()
        return None if begun and held is None else str(row[0])


def recompute(store: EventStore, recomputation: str, pause: Callable[[], None] = lambda: None) -> None:
    """Does what can be done now, step by step. ``pause`` is called in between, several times a second."""
    rules = Rules(store)
    try:
        while Recompute(store, recomputation, pause, rules).step():
            pause()
    except LockNotAvailable:
        log.info("live tables busy, trying again later", recomputation=recomputation)


class Recompute:
    """One step of one recomputation, as the record has it now."""

    def __init__(
        self, store: EventStore, recomputation: str, pause: Callable[[], None], rules: Rules | None = None
    ) -> None:
        self._store = store
        self._pause = pause
        self._id = recomputation
        self._state, self._head = _read(store, recomputation)
        self._rules = rules or Rules(store)

    def step(self) -> bool:
        """One step; False when nothing can be done now, or ever again."""
        purpose = self._purpose()
        with self._store.connection() as connection:
            found = replay.found(connection, self._id)
        if purpose is None:
            return False
        if found is None or found.purpose != purpose:
            return self._begin(purpose)
        match found.phase:
            case "filling":
                return self._fill(found)
            case "standing":
                return self._stand()
            case "ready":
                return self._compare() if purpose == "compare" else self._check()
            case "checked":
                return self._swap()
            case "recording":
                return self._record()
        return False

    def _purpose(self) -> str | None:
        if not self._head.version:
            return None
        if self._state.differences is None:
            return "compare"
        return "apply" if self._state.approved_by and not self._state.applied else None

    def _begin(self, purpose: str) -> bool:
        with self._store.connection() as connection, connection.transaction():
            row = connection.execute("SELECT pg_try_advisory_xact_lock(hashtext('scores.replays'))").fetchone()
            found = replay.found(connection, self._id)
            if row != (True,) or (found and found.purpose == purpose):
                return False
            upto = last_position(connection) if purpose == "compare" else self._compared().position
            replay.begin(connection, self._id, purpose, upto)
            return True

    def _fill(self, found: Replay) -> bool:
        if replay.fill(self._store, self._rules, found, self._pause):
            return True
        with self._store.connection() as connection:
            return replay.filled(connection, self._id)

    def _stand(self) -> bool:
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "standing")
            if mine:
                replay.stand(connection, self._rules, mine)
                replay.move(connection, mine, "ready", mine.upto)
            return mine is not None

    def _compare(self) -> bool:
        """Compares at the live position, which both sides are brought to while the live tables stand still."""
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "ready")
            if mine is None:
                return False
            if meeting.gap(connection, mine) > NEAR:
                return meeting.approach(self._store, self._rules, connection, mine)
            position = meeting.meet(self._store, self._rules, connection, mine)
            found = compare(connection, mine.shadow)
            replay.move(connection, mine, "recording", position, msgspec.json.encode(found))
            return True

    def _check(self) -> bool:
        """Only what was approved may go live: the replay must be what was compared, bit for bit."""
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "ready")
            if mine is None:
                return False
            same = digest(connection, mine.shadow) == self._state.digest
            if same:
                shadows.analyze(connection, mine.shadow)
            else:
                log.error("replay is not what was approved", recomputation=self._id, engine=engine())
                shadows.drop(connection)
            replay.move(connection, mine, "checked" if same else "refused", mine.position)
            return same

    def _swap(self) -> bool:
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "checked")
            if mine is None:
                return False
            if meeting.gap(connection, mine) > NEAR:
                return meeting.approach(self._store, self._rules, connection, mine)
            position = meeting.meet(self._store, self._rules, connection, mine)
            shadows.swap(connection, mine.shadow)
            checkpoints.fence(connection)
            replay.move(connection, mine, "recording", position)
            return True

    def _record(self) -> bool:
        """Says in the record what came of it; then the shadows and the replay's row go."""
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "recording")
            if mine is None:
                return False
            fact = self._finished(connection, mine) if mine.purpose == "compare" else self._applied(mine)
            try:
                self._store.append(f"recomputation/{self._id}", self._head, [to_event(fact)], by=WORKER)
            except WrongVersion:
                log.info("recorded by another worker", recomputation=self._id)
            replay.discard(connection, self._id)
            return True

    def _finished(self, connection: Connection, mine: Replay) -> facts.Fact:
        return rules_of.finish(self._state, outcome(self._store, connection, mine))[0]

    def _applied(self, mine: Replay) -> facts.Fact:
        return rules_of.apply(self._state, mine.position, self._state.digest)[0]

    def _compared(self) -> facts.RecomputationFinished:
        said = [to_fact(event.envelope) for event in self._store.read(f"recomputation/{self._id}")]
        return next(fact for fact in reversed(said) if isinstance(fact, facts.RecomputationFinished))


def _read(store: EventStore, recomputation: str) -> tuple[Recomputation, Head]:
    state, head = Recomputation(recomputation), Head()
    for event in store.read(f"recomputation/{recomputation}"):
        state = state.evolve(to_fact(event.envelope), event.envelope.actor)
        head = Head(event.version, event.leaf)
    return state, head
