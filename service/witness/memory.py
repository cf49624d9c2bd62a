"""What a witness remembers: by origin the last tree head it cosigned, and requests that speak against a log.

SQLite, because this is the witness's own state on another organisation's machine, where no server runs: one file,
one writer at a time across threads and processes (BEGIN IMMEDIATE), and a commit that survives kill -9 and the plug
(synchronous=EXTRA). The head is stored before a signature exists, so a witness never signs what it could forget.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from events.log.checkpoint import parse_checkpoint
from events.log.cosign import AddCheckpoint
from events.log.keys import VerifierKey
from events.log.tree import TreeHead
from events.log.witness import Conflict, Cosigned, Refused, WitnessState, witness_decision

MOST_SUSPECTS = 100
"""Kept requests a log; the first are what matter, and a log must not be able to fill its auditor's disk."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS heads (
    origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL, time INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS suspects (
    origin TEXT NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, status INTEGER NOT NULL,
    request BLOB NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (origin, size, root));
"""
_KEEP = "INSERT INTO heads VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET (size, root, note, time) = (excluded.size, excluded.root, excluded.note, excluded.time)"  # noqa: E501 - one statement
_SUSPECT = """
INSERT OR IGNORE INTO suspects SELECT ?1, ?2, ?3, ?4, ?5, ?6
 WHERE (SELECT count(*) FROM suspects WHERE origin = ?1) < ?7
"""
_CONTRADICTIONS = frozenset({409, 422})


@dataclass(frozen=True, slots=True)
class Seen:
    """A log as a witness knows it: the head it cosigned last, when (POSIX seconds), and kept contradictions."""

    origin: str
    head: TreeHead
    time: int
    suspects: int


@dataclass(frozen=True, slots=True)
class Memory:
    """The memory in one file."""

    path: Path

    def decide(
        self, logs: Mapping[str, tuple[VerifierKey, ...]], request: AddCheckpoint, now: int
    ) -> tuple[Cosigned | Conflict | Refused, int]:
        """Decides on a request and stores what follows, under one lock; also the time a cosignature may bear.

        That time never runs backwards, whatever the clock does: a cosignature says that no larger tree was seen
        at its time (C2SP tlog-cosignature).
        """
        with self._locked() as connection:
            rows = connection.execute("SELECT origin, size, root, time FROM heads").fetchall()
            heads = {origin: TreeHead(size, root) for origin, size, root, _ in rows}
            decision = witness_decision(WitnessState(logs, heads), request)
            named = parse_checkpoint(request.checkpoint.text).origin
            time = max([now, *(last for origin, *_, last in rows if origin == named)])
            if isinstance(decision, Cosigned):
                _keep(connection, decision, request.checkpoint.data, time)
            elif isinstance(decision, Refused) and decision.status in _CONTRADICTIONS:
                _suspect(connection, decision, request, now)
        return decision, time

    def seen(self) -> list[Seen]:
        """Every log that was cosigned, by origin."""
        with self._locked() as connection:
            rows = connection.execute(
                "SELECT origin, size, root, time, (SELECT count(*) FROM suspects s WHERE s.origin = h.origin)"
                " FROM heads h ORDER BY origin"
            ).fetchall()
        return [Seen(origin, TreeHead(size, root), time, suspects) for origin, size, root, time, suspects in rows]

    def create(self) -> None:
        """Makes an empty memory; one that is there stays as it is."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def _locked(self) -> Iterator[sqlite3.Connection]:
        # Never made here: an empty memory in the place of a lost one would cosign any fork.
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=5, isolation_level=None
        )
        try:
            connection.execute("PRAGMA synchronous = EXTRA")
            # Taken before reading: two requests at once would both see the old head, and one roll the other back.
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()


def _keep(connection: sqlite3.Connection, cosigned: Cosigned, note: bytes, time: int) -> None:
    checkpoint = cosigned.checkpoint
    connection.execute(_KEEP, (checkpoint.origin, checkpoint.head.size, checkpoint.head.root, note, time))


def _suspect(connection: sqlite3.Connection, refused: Refused, request: AddCheckpoint, now: int) -> None:
    # The log's own signature stands under it: with the head that was cosigned it is the proof of a fork.
    checkpoint = parse_checkpoint(request.checkpoint.text)
    head = checkpoint.head
    values = (checkpoint.origin, head.size, head.root, refused.status, request.data, now, MOST_SUSPECTS)
    connection.execute(_SUSPECT, values)
