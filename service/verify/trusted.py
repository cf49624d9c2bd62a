"""The signed head a verification rests on: the checkpoint, judged under a policy, and the grade it earns."""

from dataclasses import dataclass

from events.log.checkpoint import Checkpoint, parse_checkpoint
from events.log.errors import LogError, NotSignedError
from events.log.notes import parse_note
from events.log.policy import Policy, parse_policy
from events.log.trust import assess_note
from service.verify.findings import Findings, UnusableError


@dataclass(frozen=True, slots=True)
class Trusted:
    """A checkpoint, the grade its signatures earn ("ordered" when none could be checked), and remarks."""

    checkpoint: Checkpoint
    grade: str
    notes: tuple[str, ...] = ()
    quorum_met: bool = False


def read_policy(data: bytes) -> Policy:
    """The policy in these bytes; raises UnusableError."""
    try:
        return parse_policy(data)
    except LogError as reason:
        raise UnusableError("策略无法读取", "unreadable policy", str(reason)) from None


def judge(data: bytes, policy: Policy, findings: Findings) -> Trusted:
    """The checkpoint in a signed note, and what the policy makes of it.

    A false signature is a finding; without the package `cryptography` none is checked, and the grade says so.

    Raises:
        UnusableError: not a checkpoint at all.
    """
    try:
        note = parse_note(data)
        checkpoint = parse_checkpoint(note.text)
    except LogError as reason:
        raise UnusableError("检查点无法读取", "unreadable checkpoint", str(reason)) from None
    try:
        assessment = assess_note(note, policy)
    except NotSignedError as reason:
        findings.add("checkpoint", reason.zh, reason.en, reason.detail)
        return Trusted(checkpoint, "ordered")
    except ImportError:
        remark = "未安装 cryptography，签名未核对 / signatures not checked: the package cryptography is not installed"
        return Trusted(checkpoint, "ordered", (remark,))
    told = f"见证 witnesses: {', '.join(assessment.witnessed) or '—'}"
    witnessed = bool(assessment.witnessed) and assessment.quorum_met
    return Trusted(checkpoint, "witnessed" if witnessed else "signed", (told,), assessment.quorum_met)
