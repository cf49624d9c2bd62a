"""What a recomputation found, as the record keeps it: the event and the report it names by its SHA-256."""

from dataclasses import replace

import msgspec

from domain.facts import RecomputationFinished
from events.store import EventStore
from workers.comparison import Comparison, digest
from workers.engine import engine
from workers.projections.tables import Connection
from workers.replay import Replay


def outcome(store: EventStore, connection: Connection, mine: Replay) -> RecomputationFinished:
    """The event of a compared replay; its report is kept as a document."""
    found = msgspec.json.decode(mine.outcome or b"", type=Comparison)
    finished = RecomputationFinished(
        recomputation=mine.recomputation,
        position=mine.position,
        digest=digest(connection, mine.shadow),
        rows=found.rows,
        differences=found.differences,
        engine=engine(),
        report="",
    )
    said = {name: getattr(finished, name) for name in ("recomputation", "position", "engine", "digest")}
    report = said | {"rows": found.rows, "differences": found.differences} | found.listed
    return replace(finished, report=store.keep_document(msgspec.json.encode(report)))
