"""The steps of a recomputation: each is one transaction that holds the row of what it works on."""

from collections.abc import Callable

import msgspec
import structlog

from domain import recomputation as rules_of
from events.codec import to_event
from events.conflicts import WrongVersion
from events.entry import Actor
from events.store import EventStore
from workers import checkpoints, meeting, replay, replay_filling
from workers.comparison import compare, digest
from workers.engine import engine
from workers.outcome import outcome
from workers.projections import shadows
from workers.recomputation_record import compared, standing
from workers.replay import Replay
from workers.rules import Rules

WORKER = Actor("", "worker")
NEAR = 5_000  # positions that may be made up for while the live tables stand still

log = structlog.get_logger()


class Recompute:
    """One step of one recomputation, as the record has it now."""

    def __init__(self, store: EventStore, key: str, pause: Callable[[], None], rules: Rules | None = None) -> None:
        self._store, self._id, self._pause = store, key, pause
        self._state, self._head = standing(store, key)
        self._rules = rules or Rules(store)

    def step(self) -> bool:
        """One step; False when nothing can be done now, or ever again."""
        purpose = self._purpose()
        with self._store.connection() as connection:
            found = replay.found(connection, self._id)
        if purpose is None:
            return False
        if found is None or (found.purpose, found.program) != (purpose, engine()):
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
            if row != (True,) or (found and (found.purpose, found.program) == (purpose, engine())):
                return False
            if not checkpoints.ours(connection) and checkpoints.at_work(connection):
                return False  # whose tables they are, and who is at work, does it
            upto = meeting.end(connection) if purpose == "compare" else compared(self._store, self._id).position
            replay.begin(connection, self._id, purpose, upto)
            return True

    def _fill(self, found: Replay) -> bool:
        if replay_filling.fill(self._store, self._rules, found, self._pause):
            return True
        with self._store.connection() as connection:
            return replay.filled(connection, self._id)

    def _stand(self) -> bool:
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "standing")
            if mine:
                replay_filling.stand(connection, self._rules, mine)
                replay.move(connection, mine, "ready", mine.upto)
            return mine is not None

    def _compare(self) -> bool:
        """Compares at the live position, which both sides are brought to while the live tables stand still.

        Another program's live tables are compared as they are.
        """
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "ready")
            if mine is None:
                return False
            if not checkpoints.ours(connection):
                shares = meeting.meet_apart(self._store, self._rules, connection, mine)
                found = compare(connection, mine.shadow)
                position = meeting.close_up(self._store, self._rules, connection, mine, shares)
            elif meeting.gap(connection, mine) > NEAR:
                return meeting.approach(self._store, self._rules, connection, mine)
            else:
                position = meeting.meet(self._store, self._rules, connection, mine)
                found = compare(connection, mine.shadow)
            if not found.differences:
                checkpoints.made(connection)
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
            checkpoints.made(connection)
            replay.move(connection, mine, "recording", position)
            return True

    def _record(self) -> bool:
        """Says in the record what came of it; then the shadows and the replay's row go."""
        with self._store.connection() as connection, connection.transaction():
            mine = replay.claimed(connection, self._id, "recording")
            if mine is None:
                return False
            if mine.purpose == "compare":
                [fact] = rules_of.finish(self._state, outcome(self._store, connection, mine))
            else:
                [fact] = rules_of.apply(self._state, mine.position, self._state.digest)
            try:
                self._store.append(f"recomputation/{self._id}", self._head, [to_event(fact)], by=WORKER)
            except WrongVersion:
                log.info("recorded by another worker", recomputation=self._id)
            replay.discard(connection, self._id)
            return True
