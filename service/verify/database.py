"""`kaohe verify --database`: the whole record again, from its bytes; run it after every restore.

1. positions are gapless and every commit whole; 2. columns agree with entries; 3. streams are linked, acts
permitted; 4. the tree of the entries is the stored one, at every head; 5. checkpoints sign these heads, and
continue what was kept elsewhere; 6. what is not ordered yet is whole; 7. documents, vault, evidence and scores
agree with the entries; 8. what was promised in receipts is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.entry import slot_of
from events.log.positions import last_position, read_positions
from events.log.receipt import Receipt
from events.log.storage import Connection, read_checkpoint
from events.log.tree import leaf_hash
from events.store import EventStore
from events.vault import Vault
from service.queries.log import policy_text
from service.verify.audit import Audit
from service.verify.beside import check_documents, check_pending, check_promised, check_vault, read_receipts
from service.verify.entries import Entry
from service.verify.findings import Findings, Progress, Report, silent
from service.verify.publications import STATEMENTS, stated
from service.verify.rebuild import Rebuild
from service.verify.signed import check_checkpoints, check_kept, kept_heads
from service.verify.tables import published, stands_at
from service.verify.trusted import judge, read_policy
from workers import checkpoints

CHUNK = 8_192
_COLUMNS = "stream, version, type, recorded_at, slot, entry"
_DOCUMENTS = "SELECT hash, body FROM record.documents"
_KINDS = [kind.__name__ for kind in STATEMENTS]
_STATEMENTS = "SELECT entry FROM record.events WHERE type = ANY(%s)"
_LEDGER = "SELECT first, count, commit_seq FROM record.ledger ORDER BY first"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the auditor brings: checkpoints kept elsewhere, receipts, a policy, and how to read a file's digest."""

    checkpoints: Sequence[bytes] = ()
    receipts: Sequence[bytes] = ()
    policy: bytes | None = None
    evidence: Callable[[str], bool] | None = None
    grade: str = "ordered"
    progress: Progress = field(default=silent)


def verify_database(store: EventStore, kept: Kept) -> Report:
    """The whole database against itself and against what the auditor kept; one snapshot, nothing is written."""
    with store.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        documents = dict(connection.execute(_DOCUMENTS, binary=True).fetchall())
        stands = stands_at(connection)
        moments = stated(raw for (raw,) in connection.execute(_STATEMENTS, (_KINDS,), binary=True))
        walk = Walk(connection, Audit({h.hex(): body for h, body in documents.items()}, stands or 0, moments))
        walk.promised = read_receipts(kept.receipts, store.origin)
        findings = walk.audit.findings
        check_documents(documents, findings)
        last = walk.ledger()
        rebuild = Rebuild(connection, findings)
        rebuild.watch(head.size for head in kept_heads(kept.checkpoints, store.origin))
        walk.all(last, rebuild, kept.progress)
        rebuild.finish()
        if rebuild.size > last:
            findings.at(last + 1, "记录末尾被截去", "the end of the record was cut off", f"{last + 1}–{rebuild.size}")
        report = _signed(connection, store.origin, rebuild, kept, walk.audit)
        check_kept(kept_heads(kept.checkpoints, store.origin), rebuild, findings)
        waiting = check_pending(connection, walk.audit.chains, findings)
        check_promised(walk.promised, walk.kept_promises | waiting, findings)
        if stands is not None:
            _scores(connection, walk.audit, report)
        else:
            report.notes.append("成绩表正在更新，未核对 the score tables were on the move and were not checked")
    check_vault(Vault(store), walk.committed, walk.audit.erased, findings)
    left = {digest: at for digest, at in walk.files.items() if digest not in walk.audit.erased}
    _evidence(left, kept.evidence, findings)
    report.size = last
    report.notes += walk.audit.remarks
    return report


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


def _signed(connection: Connection, origin: str, rebuild: Rebuild, kept: Kept, audit: Audit) -> Report:
    findings = audit.findings
    report = Report(findings, grade="ordered", asked=kept.grade)
    policy = read_policy(kept.policy or policy_text(connection))
    check_checkpoints(connection, origin, policy, rebuild, findings, audit.retired)
    newest = read_checkpoint(connection)
    if newest is not None:
        trusted = judge(newest[1].data, policy, findings)
        report.grade = trusted.grade
        report.notes += [*trusted.notes, f"最新检查点 newest checkpoint: {newest[0]}"]
    return report


def _scores(connection: Connection, audit: Audit, report: Report) -> None:
    """The score tables; those of another program may differ from what this one makes of the record."""
    ours, others = checkpoints.ours(connection), Findings()
    rows = connection.execute("SELECT DISTINCT cycle FROM scores.unit_scores").fetchall()
    for cycle in sorted(
        {*(name for (name,) in rows), *(name for name, known in audit.scores.cycles.items() if known.units)}
    ):
        audit.compare(cycle, published(connection, cycle), audit.findings if ours else others)
    if others:
        report.unchecked = True
        report.notes.append(
            f"现行成绩由另一程序算得，与本程序所算有{others.count}处不同，待两人决定 the scores in force are"
            f" another program's and differ from this one's in {others.count} places: two people decide"
        )


def _evidence(files: dict[str, int], readable: Callable[[str], bool] | None, findings: Findings) -> None:
    for digest, position in files.items():
        if readable is not None and not readable(digest):
            findings.at(position, "证据文件缺失或被替换", "the evidence file is missing or was swapped", digest)
