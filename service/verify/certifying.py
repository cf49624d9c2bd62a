"""Writing a certificate: one unit's entries with their proofs, and what they give."""

from collections.abc import Iterable
from typing import Any

from events.log.authentic import AuthenticTiles
from events.log.paths import inclusion_proof
from events.log.storage import Connection, tile_reader
from events.store import EventStore
from service.queries.log import policy_text
from service.verify.audit import Audit
from service.verify.certificate import computed, write_certificate, written_entry
from service.verify.findings import UnusableError
from service.verify.snapshot import document, ready, rubrics_of
from service.verify.tables import published

_STREAMS = """
SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)
 WHERE e.stream = %(cycle)s OR (e.stream >= %(sheets)s AND e.stream < %(after)s) ORDER BY 1
"""


def certificate(store: EventStore, cycle: str, unit: str) -> bytes:
    """The score certificate of a unit; raises UnusableError for an unknown one, or when nothing is signed."""
    with ready(store) as (connection, vouched, _):
        head = vouched.assessment.checkpoint.head
        rows = _entries(connection, cycle, unit, head.size)
        shown = published(connection, cycle)["units"].get(unit)
        if shown is None:
            raise UnusableError("没有这个单位", "no such unit", f"{cycle}/{unit}")
        tiles = AuthenticTiles(head, tile_reader(connection))
        rubric = document(connection, rubrics_of(connection, cycle, head.size)[-1])
        parts: dict[str, Any] = {
            "cycle": cycle,
            "unit": unit,
            "checkpoint": vouched.note.data.decode(),
            "policy": policy_text(connection).decode(),
            "rubric": rubric.decode(),
            "derivation": _derived(rows, cycle, unit, rubric),
            "score": {name: value for name, value in shown.items() if name not in {"cohort", "rank"}},
            "entries": [
                written_entry(position, entry, inclusion_proof(position - 1, head.size, tiles.node))
                for position, entry in rows
            ],
        }
    return write_certificate(parts)


def _entries(connection: Connection, cycle: str, unit: str, size: int) -> list[tuple[int, bytes]]:
    """The cycle's entries and those of the unit's sheets, with their positions, as far as they are signed."""
    sheets = f"sheet/{cycle}/{unit}/"
    names = {"cycle": f"cycle/{cycle}", "sheets": sheets, "after": sheets[:-1] + "0"}
    rows: list[tuple[int, bytes]] = connection.execute(_STREAMS, names, binary=True).fetchall()
    return [row for row in rows if row[0] <= size]


def _derived(rows: Iterable[tuple[int, bytes]], cycle: str, unit: str, rubric: bytes) -> dict[str, Any]:
    audit = Audit({}, 2**63, traced=True)
    for position, entry in rows:
        audit.folded(position, entry)
    return computed(audit, cycle, unit, rubric)[1]
