"""What stands beside the order: documents, what is not ordered yet, the vault, and promises made in receipts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

from events.log.errors import LogError
from events.log.notes import parse_note
from events.log.receipt import Receipt, parse_receipt
from events.log.storage import Connection
from events.vault import Vault
from service.verify.chains import Chains
from service.verify.entries import Entry, UnreadableError, read_entry
from service.verify.findings import Findings, UnusableError

_UNORDERED = """
SELECT e.commit_seq, e.stream, e.version, e.entry FROM record.events e
 WHERE NOT EXISTS (SELECT FROM record.ledger l WHERE l.commit_seq = e.commit_seq) ORDER BY e.commit_seq, e.ordinal
"""
_PENDING = "SELECT commit_seq, count FROM record.pending"


def check_documents(documents: Mapping[bytes, bytes], findings: Findings) -> None:
    """Finds documents that are not what they are kept under."""
    for digest, body in documents.items():
        if sha256(body).digest() != digest:
            findings.add(f"document {digest.hex()}", "文档与其哈希不符", "the document does not have its hash")


def check_pending(connection: Connection, chains: Chains, findings: Findings) -> dict[str, bytes]:
    """Finds what is not ordered yet and not whole: lost, forged or altered events, and half commits.

    Answers the leaves of the sound ones by event id.
    """
    sound: dict[str, bytes] = {}
    waiting: dict[int, int] = dict(connection.execute(_PENDING, binary=True).fetchall())
    found: Counter[int] = Counter()
    for number, stream, version, raw in connection.execute(_UNORDERED, binary=True).fetchall():
        found[number] += 1
        place = f"unordered {stream} {version}"
        if number not in waiting:
            findings.add(place, "伪造的事件：不在待排序之列", "a forged event: it does not wait to be ordered")
        entry = _continued(raw, (stream, version), chains, (place, findings))
        if entry is not None:
            sound[entry.id] = entry.leaf
    for number, count in waiting.items():
        if found[number] != count:
            told = f"{found[number]} / {count}"
            findings.add(f"commit {number}", "未排序的事件缺失", "an event not yet ordered is missing", told)
    return sound


def _continued(raw: bytes, named: tuple[str, int], chains: Chains, found: tuple[str, Findings]) -> Entry | None:
    """The entry where it continues the stream it is kept under; else None, which is a finding."""
    place, findings = found
    try:
        entry = read_entry(0, raw)
    except UnreadableError as reason:
        findings.add(place, "条目无法读取", "the entry is unreadable", str(reason))
        return None
    if (entry.subject, entry.version) != named or not chains.continues(entry):
        findings.add(place, "未排序的事件与流不相连", "an event not yet ordered does not continue its stream")
        return None
    chains.take(entry)
    return entry


def check_vault(vault: Vault, committed: Mapping[str, int], erased: Mapping[str, int], findings: Findings) -> None:
    """Finds committed texts that are gone or altered without an erasure in the record."""
    opened = vault.open(committed)
    for commitment, position in committed.items():
        if commitment and commitment not in opened and commitment not in erased:
            findings.at(
                position,
                "保险库内容缺失或被改动，且无抹除记录",
                "the vault's text is missing or altered, and no erasure is recorded",
                commitment,
            )


def read_receipts(receipts: Iterable[bytes], origin: str) -> dict[str, Receipt]:
    """Receipts by the event they promise; raises UnusableError for what is no receipt of this log."""
    found = {}
    for data in receipts:
        try:
            receipt = parse_receipt(parse_note(data).text)
        except LogError as reason:
            raise UnusableError("回执无法读取", "unreadable receipt", str(reason)) from None
        if receipt.origin != origin:
            raise UnusableError("回执属于另一个日志", "the receipt is of another log", receipt.origin)
        found[str(receipt.event)] = receipt
    return found


def check_promised(promised: Mapping[str, Receipt], leaves: Mapping[str, bytes], findings: Findings) -> None:
    """Finds promised events that are not in the order: removed before they were ordered, or replaced."""
    for event, receipt in promised.items():
        if leaves.get(event) != receipt.leaf:
            findings.add(
                f"event {event}",
                "回执承诺的事件不在记录中",
                "an event promised in a receipt is not in the record",
                f"{receipt.accepted:%Y-%m-%dT%H:%M:%SZ}",
            )
