"""The walk over a database's positions in order: gapless, columns agree, and what to look up beside the record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.entry import slot_of
from events.log.positions import last_position, read_positions
from events.log.receipt import Receipt
from events.log.storage import Connection
from events.log.tree import leaf_hash
from service.verify.audit import Audit
from service.verify.entries import Entry
from service.verify.findings import Findings, Progress
from service.verify.rebuild import Rebuild

CHUNK = 8_192
_COLUMNS = "stream, version, type, recorded_at, slot, entry"
_LEDGER = "SELECT first, count, commit_seq FROM record.ledger ORDER BY first"


@dataclass(slots=True)
class Walk:
    """All positions in order; notes on the way what has to be looked up beside the record."""

    connection: Connection
    audit: Audit
    committed: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    promised: Mapping[str, Receipt] = field(default_factory=dict)
    kept_promises: dict[str, bytes] = field(default_factory=dict)

    def ledger(self) -> int:
        """Checks that the ledger is gapless; gives the last position."""
        expected = 1
        for first, count, _ in self.connection.execute(_LEDGER, binary=True):
            if first != expected:
                where = min(first, expected)
                self.audit.findings.at(where, "账本的位置不连续", "the ledger is not gapless", f"{expected} → {first}")
            expected = first + count
        return last_position(self.connection)

    def all(self, last: int, rebuild: Rebuild, progress: Progress) -> None:
        """Audits every position and hands its leaf to the rebuilt tree."""
        for start in range(0, last, CHUNK):
            upto = min(start + CHUNK, last)
            rows: dict[int, tuple[Any, ...]] = {}
            for position, *row in read_positions(self.connection, _COLUMNS, start, upto):
                if position in rows:
                    self.audit.findings.at(position, "同一位置有两个条目", "two entries at one position")
                rows[position] = tuple(row)
            rebuild.take([self._leaf(position, rows.get(position)) for position in range(start + 1, upto + 1)])
            progress(upto, last)

    def _leaf(self, position: int, row: tuple[Any, ...] | None) -> bytes:
        if row is None:
            self.audit.findings.at(position, "该位置的条目缺失", "the entry at this position is missing")
            self.audit.stop(position)
            return bytes(32)
        *columns, raw = row
        entry = self.audit.take(position, raw)
        if entry is None:
            return leaf_hash(raw)
        check_columns(position, columns, entry, self.audit.findings)
        self._note(entry)
        return entry.leaf

    def _note(self, entry: Entry) -> None:
        if entry.id in self.promised:
            self.kept_promises[entry.id] = entry.leaf
        match entry.type:
            case "PersonRegistered":
                self.committed[str(entry.data.get("name"))] = entry.position
            case "EvidenceAttached":
                self.committed[str(entry.data.get("name"))] = entry.position
                self.files[str(entry.data.get("digest"))] = entry.position
            case "JudgementSealed":
                self.committed[str(entry.data.get("seal"))] = entry.position
            case "MarkingSet":
                self.committed[str(entry.data.get("seed"))] = entry.position
            case "NoticeChannelSet":
                self.committed[str(entry.data.get("address"))] = entry.position
            case "NoticeSecretSet":
                self.committed[str(entry.data.get("secret"))] = entry.position


def check_columns(position: int, columns: Sequence[Any], entry: Entry, findings: Findings) -> None:
    """Finds a column beside an entry that says something else than the entry."""
    stream, version, kind, recorded_at, slot = columns
    said = (entry.subject, entry.version, entry.type, datetime.fromisoformat(entry.time), slot_of(entry.subject))
    names = ("stream", "version", "type", "recorded_at", "slot")
    for name, mine, theirs in zip(names, said, (stream, version, kind, recorded_at, slot), strict=True):
        if mine != theirs:
            findings.at(
                position, f"列 {name} 与条目不符", f"the column {name} does not agree with the entry", str(theirs)
            )
