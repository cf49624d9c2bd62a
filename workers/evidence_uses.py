"""Following which bytes were attached where: a read model with its own checkpoint, in one transaction a batch.

It stands beside the score tables, not among them: it moves no score, so a recomputation has nothing to compare here,
and a replay need not hash a year of files again. What it says follows from the record alone, whatever the batches.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from events.codec import STEPS, UnknownEvent, brief, reader
from events.reader import read_range
from events.store import EventStore
from workers.projections.tables import Connection, Table, put_absent
from workers.projector import BATCH, Progress, last_position

USES = Table(
    "evidence_uses",
    (*((name, "text") for name in ("digest", "cycle", "unit", "item", "leaf", "evidence")), ("position", "int8")),
    ("cycle", "unit", "item", "evidence"),
)
PARKED = Table("evidence_parked", (("stream", "text"), ("position", "int8"), ("error", "text")), ("position",))

_CLAIM = "SELECT position FROM scores.evidence_followed FOR UPDATE SKIP LOCKED"
_MOVE = "UPDATE scores.evidence_followed SET position = %s"
_WITHDRAW = (
    "UPDATE scores.evidence_uses AS u SET withdrawn = true FROM unnest(%b::text[], %b::text[], %b::text[], %b::text[])"
    " AS gone (cycle, unit, item, evidence)"
    " WHERE (u.cycle, u.unit, u.item, u.evidence) = (gone.cycle, gone.unit, gone.item, gone.evidence)"
)
_AGAIN = (
    "UPDATE scores.evidence_uses SET again = true WHERE NOT again AND digest IN"
    " (SELECT digest FROM scores.evidence_uses WHERE digest = ANY(%s) GROUP BY digest HAVING count(*) > 1)"
)
_FORGET = "TRUNCATE scores.evidence_uses, scores.evidence_parked"


class Came(msgspec.Struct, frozen=True, gc=False):
    """As much of EvidenceAttached as is followed."""

    evidence: str
    leaf: str
    digest: str


class Gone(msgspec.Struct, frozen=True, gc=False):
    """As much of EvidenceWithdrawn."""

    evidence: str


_read = reader({"EvidenceAttached": Came, "EvidenceWithdrawn": Gone}, STEPS)
_ABOUT_FILES = (b'"type":"EvidenceAttached"', b'"type":"EvidenceWithdrawn"')
_UNREADABLE = (ValueError, msgspec.MsgspecError, UnknownEvent)


@dataclass(slots=True)
class Found:
    """What a run of events says of files."""

    came: list[tuple[Any, ...]] = field(default_factory=list)
    gone: list[tuple[str, ...]] = field(default_factory=list)
    parked: list[tuple[str, int, str]] = field(default_factory=list)


def advance(store: EventStore, batch: int = BATCH) -> Progress | None:
    """Follows up to ``batch`` positions; None when another worker is at it."""
    with store.connection() as connection, connection.transaction():
        row = connection.execute(_CLAIM).fetchone()
        if row is None:
            return None
        last = last_position(connection)
        upto = min(last, row[0] + batch)
        if upto > row[0]:
            write(connection, find(read_range(connection, row[0], upto)))
            connection.execute(_MOVE, (upto,))
        return Progress(upto - row[0], upto, more=upto < last)


def follow(store: EventStore) -> bool:
    """Follows everything that is ordered; True when another worker is at it."""
    while (progress := advance(store)) is not None and progress.more:
        pass
    return progress is None


def begin_anew(store: EventStore) -> None:
    """Throws the read model away; it makes itself again from position 1."""
    with store.connection() as connection, connection.transaction():
        connection.execute(_MOVE, (0,))
        connection.execute(_FORGET)


def find(rows: Iterable[tuple[int, bytes]]) -> Found:
    """What (position, entry) rows say of files; whatever cannot be read is named and passed over."""
    found = Found()
    for position, entry in rows:
        if any(about in entry for about in _ABOUT_FILES):
            _one(position, entry, found)
    return found


def _one(position: int, entry: bytes, found: Found) -> None:
    stream = ""
    try:
        event = brief(entry)
        stream = event.subject
        if event.type not in {"EvidenceAttached", "EvidenceWithdrawn"}:
            return
        _, cycle, unit, item = stream.split("/")
        fact = _read(event)
    except _UNREADABLE as error:
        found.parked.append((stream, position, f"{type(error).__name__}: {error}"[:500]))
        return
    if isinstance(fact, Came):
        found.came.append((fact.digest, cycle, unit, item, fact.leaf, fact.evidence, position))
    else:
        found.gone.append((cycle, unit, item, fact.evidence))


def write(connection: Connection, found: Found) -> None:
    """Writes what was found; again changes nothing."""
    put_absent(connection, USES, found.came)
    if found.gone:
        connection.execute(_WITHDRAW, [list(column) for column in zip(*found.gone, strict=True)])
    if found.came:
        connection.execute(_AGAIN, ([row[0] for row in found.came],))
    put_absent(connection, PARKED, found.parked)
