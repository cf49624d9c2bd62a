"""Checkpoints against the rebuilt tree: those in the database, and those an auditor kept elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from events.log.checkpoint import parse_checkpoint
from events.log.errors import LogError
from events.log.keys import parse_vkey
from events.log.notes import parse_note
from events.log.policy import Party, Policy
from events.log.storage import Connection
from events.log.tree import TreeHead
from events.log.trust import assess_note
from service.verify.findings import Findings, UnusableError
from service.verify.rebuild import Rebuild

_CHECKPOINTS = "SELECT size, note FROM log.checkpoints ORDER BY size"


def check_checkpoints(
    connection: Connection,
    origin: str,
    policy: Policy,
    rebuild: Rebuild,
    findings: Findings,
    retired: Mapping[str, int],
) -> None:
    """Finds every published checkpoint that does not sign the head of its size, or is not signed by the log.

    ``retired``: by key the position that ended it; up to there it counts though the policy names it no longer.
    """
    for size, data in connection.execute(_CHECKPOINTS, binary=True).fetchall():
        place = f"checkpoint {size}"
        try:
            head, log = _signed(data, _with_retired(policy, retired, size))
        except LogError as reason:
            findings.add(place, reason.zh, reason.en, reason.detail)
            continue
        if (log, head.size, head.root) != (origin, size, rebuild.heads.get(size)):
            findings.add(place, "检查点与树根记录不符", "the checkpoint does not sign the head of its size")
        elif rebuild.root_at(size) != head.root:
            findings.add(place, "条目算出的树根与签名不符", "the entries give another root than the signed one")


def _signed(data: bytes, policy: Policy) -> tuple[TreeHead, str]:
    """The head that a checkpoint signs, and of which log; raises LogError unless the policy's log signed it."""
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    assess_note(note, policy)
    return checkpoint.head, checkpoint.origin


def _with_retired(policy: Policy, retired: Mapping[str, int], size: int) -> Policy:
    known = {party.key for party in policy.logs}
    more = {parse_vkey(text) for text, until in retired.items() if size <= until} - known
    return replace(policy, logs=(*policy.logs, *map(Party, more))) if more else policy


def kept_heads(checkpoints: Iterable[bytes], origin: str) -> Sequence[TreeHead]:
    """The heads of checkpoints somebody kept, signed notes or their bare texts; raises UnusableError."""
    heads = []
    for data in checkpoints:
        try:
            text = parse_note(data).text if b"\n\n" in data else data.decode()
            checkpoint = parse_checkpoint(text)
        except (LogError, UnicodeDecodeError) as reason:
            raise UnusableError("检查点无法读取", "unreadable checkpoint", str(reason)) from None
        if checkpoint.origin != origin:
            raise UnusableError("检查点属于另一个日志", "the checkpoint is of another log", checkpoint.origin)
        heads.append(checkpoint.head)
    return heads


def check_kept(heads: Iterable[TreeHead], rebuild: Rebuild, findings: Findings) -> None:
    """Finds where the database does not continue a head that was kept elsewhere: a rollback, or a fork."""
    for head in heads:
        computed = rebuild.root_at(head.size)
        if head.size > rebuild.size:
            findings.add(
                f"kept checkpoint {head.size}",
                "数据库比所存检查点旧：恢复了旧备份或截去了末尾",
                "the database is older than a checkpoint kept elsewhere: a backup was restored, or its end was cut",
                f"{rebuild.size} < {head.size}",
            )
        elif head.size and computed != head.root:
            findings.add(
                f"kept checkpoint {head.size}",
                "数据库不是所存检查点的延续：历史已被改写（分叉）",
                "the database does not continue a checkpoint kept elsewhere: history was rewritten (a fork)",
            )
