"""The log's half of C2SP tlog-witness: what to ask a witness next, and what an answer of it means.

Without HTTP: the caller sends the request and hands in status and body. Nothing a witness says is believed; only a
cosignature that verifies under the key of the policy counts.
"""

from dataclasses import dataclass

from events.log.checkpoint import parse_checkpoint
from events.log.cosign import AddCheckpoint, read_conflict, read_signatures
from events.log.errors import MalformedRequestError, WitnessAheadError, WitnessRefusedError
from events.log.keys import VerifierKey
from events.log.notes import Note
from events.log.paths import consistency_proof
from events.log.signature_lines import Signature
from events.log.tree import HashReader

SIZE_TYPE = "text/x.tlog.size"
CLOCKS_DIFFER = 3_600
"""Seconds by which a witness's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified cosignature and its time (POSIX seconds)."""

    line: Signature
    time: int


def request_for(checkpoint: Note, old: int, read: HashReader) -> AddCheckpoint:
    """The request that leads a witness standing at `old` to this checkpoint.

    Raises:
        WitnessAheadError: it stands beyond it.
        LogError: the stored tree does not lead to the checkpoint's root.
    """
    size = parse_checkpoint(checkpoint.text).head.size
    if old > size:
        raise WitnessAheadError(f"{old} > {size}")
    return AddCheckpoint(old, tuple(consistency_proof(old, size, read)), checkpoint)


def understand(
    status: int, media_type: str, body: bytes, checkpoint: Note, key: VerifierKey, now: int
) -> Cosignature | int:
    """The cosignature of an answer, or the size at which the witness says it stands. `now`: POSIX seconds.

    Raises:
        WitnessRefusedError: another status; names it.
        LogError: the answer is malformed, its signature is not the witness's on this checkpoint, or its time is
            none or has not come yet.
    """
    if status == 409 and media_type == SIZE_TYPE:  # noqa: PLR2004 - the status itself
        return read_conflict(body)
    if status != 200:  # noqa: PLR2004 - the status itself
        raise WitnessRefusedError(str(status))
    line = read_signatures(body, checkpoint, (key,))[0]
    time = key.check(checkpoint.text, line.body)
    if not time or time > now + CLOCKS_DIFFER:
        raise MalformedRequestError(f"time {time}")
    return Cosignature(line, time)
