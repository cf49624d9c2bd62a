"""`kaohe verify --database`: the whole record again, from its bytes; run it after every restore.

1. positions are gapless and every commit whole; 2. columns agree with entries; 3. streams are linked, acts
permitted; 4. the tree of the entries is the stored one, at every head; 5. checkpoints sign these heads, and
continue what was kept elsewhere; 6. what is not ordered yet is whole; 7. documents, vault, evidence and scores
agree with the entries; 8. what was promised in receipts is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from events.log.receipt import Receipt
from events.log.storage import Connection, read_checkpoint
from events.store import EventStore
from events.vault import Vault
from service.queries.log import policy_text
from service.verify.audit import Audit
from service.verify.beside import check_documents, check_pending, check_promised, check_vault, read_receipts
from service.verify.findings import Findings, Progress, Report, silent
from service.verify.publications import STATEMENTS, stated
from service.verify.rebuild import Rebuild
from service.verify.signed import check_checkpoints, check_kept, kept_heads
from service.verify.tables import published, stands_at
from service.verify.trusted import judge, read_policy
from service.verify.walk import Walk
from workers import checkpoints

_DOCUMENTS = "SELECT hash, body FROM record.documents"
_KINDS = [kind.__name__ for kind in STATEMENTS]
_STATEMENTS = "SELECT entry FROM record.events WHERE type = ANY(%s)"


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
        walk = _begun(connection, read_receipts(kept.receipts, store.origin))
        report = _walked(walk, store.origin, kept)
        _scores(connection, walk.audit, report)
    findings = walk.audit.findings
    check_vault(Vault(store), walk.committed, walk.audit.ended.erased, findings)
    left = {digest: at for digest, at in walk.files.items() if digest not in walk.audit.ended.erased}
    _evidence(left, kept.evidence, findings)
    report.notes += walk.audit.ended.remarks
    return report


def _begun(connection: Connection, promised: Mapping[str, Receipt]) -> Walk:
    """The walk before its first position: it knows the documents, and where results are stated."""
    documents: dict[bytes, bytes] = dict(connection.execute(_DOCUMENTS, binary=True).fetchall())
    moments = stated(raw for (raw,) in connection.execute(_STATEMENTS, (_KINDS,), binary=True))
    audit = Audit({h.hex(): body for h, body in documents.items()}, stands_at(connection) or 0, moments)
    check_documents(documents, audit.findings)
    return Walk(connection, audit, promised=promised)


def _walked(walk: Walk, origin: str, kept: Kept) -> Report:
    """Every position, the tree and its signatures, what is not ordered yet, and what was kept elsewhere."""
    connection, findings, heads = walk.connection, walk.audit.findings, kept_heads(kept.checkpoints, origin)
    last = walk.ledger()
    rebuild = Rebuild(connection, findings)
    rebuild.watch(head.size for head in heads)
    walk.all(last, rebuild, kept.progress)
    rebuild.finish()
    if rebuild.size > last:
        findings.at(last + 1, "记录末尾被截去", "the end of the record was cut off", f"{last + 1}–{rebuild.size}")
    report = _signed(connection, origin, rebuild, kept, walk.audit)
    check_kept(heads, rebuild, findings)
    waiting = check_pending(connection, walk.audit.chains, findings)
    check_promised(walk.promised, walk.kept_promises | waiting, findings)
    report.size = last
    return report


def _signed(connection: Connection, origin: str, rebuild: Rebuild, kept: Kept, audit: Audit) -> Report:
    findings = audit.findings
    report = Report(findings, grade="ordered", asked=kept.grade)
    policy = read_policy(kept.policy or policy_text(connection))
    check_checkpoints(connection, origin, policy, rebuild, findings, audit.ended.retired)
    newest = read_checkpoint(connection)
    if newest is not None:
        trusted = judge(newest[1].data, policy, findings)
        report.grade = trusted.grade
        report.notes += [*trusted.notes, f"最新检查点 newest checkpoint: {newest[0]}"]
    return report


def _scores(connection: Connection, audit: Audit, report: Report) -> None:
    """The score tables; those of another program may differ from what this one makes of the record."""
    if stands_at(connection) is None:
        report.notes.append("成绩表正在更新，未核对 the score tables were on the move and were not checked")
        return
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
