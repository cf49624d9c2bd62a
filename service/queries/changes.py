"""What a change of a cycle under way would move: computed, kept under its digest, shown; and from what it was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
import psycopg

from domain import changes
from domain.changes import Effect
from domain.cycle_contents import Asked, Change
from domain.refusals import Refused
from domain.results import Table
from events.canonical import canonical
from events.conflicts import WrongVersion
from events.entry import Head, leaf_of
from events.reader import counted, drain, whole
from service.office import office
from workers.changes import Changes
from workers.fold import Fold

EVERY = 1 << 62  # sheets are kept in memory until the decision is made


@dataclass(frozen=True, slots=True)
class Difference:
    """The list of what would move as it is kept, and what it comes to."""

    body: bytes
    effect: Effect


class Standing:
    """A cycle's sheets as they stand, ordered or not, and where each of their streams ends.

    Nothing before the first ``follow``; each one reads only what is new since.
    """

    def __init__(self, cycle: str) -> None:
        self.cycle = cycle
        self.changes, self.heads = Changes(), dict[str, Head]()
        self._fold = Fold(office().rules, lambda _stream, _version: [], keep=EVERY)

    def follow(self) -> "Standing":
        """Brings it up to this moment, in one statement, so that it may be decided on."""
        known = {stream: head.version for stream, head in self.heads.items()}
        with office().store.connection() as connection:
            rows = whole(connection, f"cycle/{self.cycle}", f"sheet/{self.cycle}/", known)
        self._fold.take(((0, entry) for _, _, entry in rows), changes=self.changes)
        self.heads |= {stream: Head(version, leaf_of(entry)) for stream, version, entry in rows}
        return self

    def still(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Raises WrongVersion when anything happened in the cycle since: what would move may be another.

        Asked by who holds the cycle's stream (``Append.held``): until his transaction ends, nothing does.
        """
        stream = f"cycle/{self.cycle}"
        if counted(connection, stream, f"sheet/{self.cycle}/") != sum(head.version for head in self.heads.values()):
            raise WrongVersion(f"cycle {self.cycle} has moved on", self.heads[stream].version)


def ours() -> None:
    """Refuses to work out results that another program has in force: what this one makes of them is not agreed to."""
    if not office().reads.ours():
        raise Refused("program-waiting")


def ordered(cycle: str, position: int) -> Changes:
    """Every sheet of a cycle as of a position, whatever other years the record holds."""
    fold, found = Fold(office().rules, lambda _stream, _version: [], keep=EVERY), Changes()
    own, sheets = f"cycle/{cycle}", f"sheet/{cycle}/"
    with office().store.connection() as connection:
        for low, high in ((own, own + "\x01"), (sheets, sheets[:-1] + "0")):
            for stream, positions, joined in drain(connection, position, low, high):
                fold.take_run(stream, positions, joined, found)
    return found


def compared(said: Mapping[str, Any], before: Table, after: Table) -> Difference:
    """What two tables differ in; ``said`` names the cycle and what would change in it."""
    rows = changes.moved(before, after)
    body = canonical({**said, "differences": rows})
    return Difference(body, changes.effect_of(sha256(body).hexdigest(), rows))


def shown(found: Change[Asked]) -> dict[str, Any]:
    """A change without what is changed, and without the list of what it moves."""
    fact = found.fact
    return {
        "change": fact.change,
        "state": found.state,
        "difference": fact.difference,
        "units": fact.units,
        "ranks": fact.ranks,
        "engine": fact.engine,
        "position": fact.position,
        "reason": fact.reason,
        "proposed_by": found.by,
        "decided_by": found.decider or None,
        "decided_because": found.reason or None,
    }


def listed(digest: str) -> list[dict[str, Any]]:
    """Everything that moves, as it was shown; empty when the document is gone, which its digest betrays."""
    body = office().store.document(digest)
    rows: list[dict[str, Any]] = msgspec.json.decode(body)["differences"] if body else []
    return rows
