"""What a policy makes of a signed checkpoint: did a log sign it, did enough witnesses cosign it."""

from dataclasses import dataclass

from events.log.checkpoint import Checkpoint, parse_checkpoint
from events.log.errors import NoKnownSignatureError, OriginMismatchError, QuorumNotMetError
from events.log.notes import Note, parse_note, verify_note
from events.log.policy import Policy


@dataclass(frozen=True, slots=True)
class Assessment:
    """A checkpoint a trusted log signed, and its witnesses by policy name with the POSIX time of each."""

    checkpoint: Checkpoint
    witnessed: dict[str, int]
    quorum_met: bool


def assess_checkpoint(data: bytes, policy: Policy) -> Assessment:
    """How far this signed checkpoint may be trusted under this policy; a missing quorum is told, not raised.

    Raises:
        MalformedNoteError, MalformedCheckpointError: not a signed checkpoint.
        NoKnownSignatureError: none of the policy's logs signed it.
        OriginMismatchError: a log of the policy signed it, but it speaks for another origin.
        SignatureInvalidError: a line of a known key does not verify.
    """
    return assess_note(parse_note(data), policy)


def assess_note(note: Note, policy: Policy) -> Assessment:
    """`assess_checkpoint` of a note already parsed."""
    checkpoint = parse_checkpoint(note.text)
    logs = {party.key for party in policy.logs}
    names = {party.key: name for name, party in policy.witnesses.items()}
    verified = verify_note(note, [*logs, *names])
    signers = [each.key.name for each in verified if each.key in logs]
    if not signers:
        raise NoKnownSignatureError(checkpoint.origin)
    if checkpoint.origin not in signers:
        raise OriginMismatchError(checkpoint.origin)
    witnessed = {names[each.key]: each.time for each in verified if each.time is not None}
    return Assessment(checkpoint, witnessed, policy.met_by(witnessed))


def trust_checkpoint(data: bytes, policy: Policy) -> Checkpoint:
    """The checkpoint, only when the policy is met in full.

    Raises:
        QuorumNotMetError: too few witnesses.
        LogError: everything `assess_checkpoint` raises.
    """
    return require_quorum(assess_checkpoint(data, policy)).checkpoint


def require_quorum(assessment: Assessment) -> Assessment:
    """The assessment itself when its quorum is met.

    Raises:
        QuorumNotMetError: otherwise.
    """
    if not assessment.quorum_met:
        raise QuorumNotMetError(f"{len(assessment.witnessed)}")
    return assessment
