"""What a witness decides on a request to cosign, by the rules of C2SP tlog-witness, add-checkpoint.

The witness's memory stays outside: the caller reads the state, decides, stores the new head and only then
signs, all under one lock, or two requests at once could roll it back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from events.log.checkpoint import Checkpoint, parse_checkpoint
from events.log.cosign import AddCheckpoint
from events.log.errors import (
    ConsistencyNotProvedError,
    LogError,
    MalformedError,
    MalformedRequestError,
    NotSignedError,
)
from events.log.keys import VerifierKey
from events.log.notes import Note, verify_note
from events.log.paths import verify_consistency
from events.log.tree import EMPTY_ROOT, TreeHead


@dataclass(frozen=True, slots=True)
class WitnessState:
    """What a witness knows: the trusted keys of each log and the latest tree head it cosigned, by origin."""

    logs: Mapping[str, tuple[VerifierKey, ...]]
    heads: Mapping[str, TreeHead]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """All checks hold: store `checkpoint.head` under its origin, then cosign `checkpoint.text`."""

    status: ClassVar[int] = 200
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Conflict:
    """The witness stands at another size; the answer tells which."""

    status: ClassVar[int] = 409
    content_type: ClassVar[str] = "text/x.tlog.size"
    size: int

    @property
    def body(self) -> str:
        """The size, decimal, with a newline."""
        return f"{self.size}\n"


@dataclass(frozen=True, slots=True)
class Refused:
    """The checkpoint is not cosigned, with the status of the protocol and the reason by name."""

    status: int
    reason: LogError


def witness_decision(state: WitnessState, request: AddCheckpoint) -> Cosigned | Conflict | Refused:
    """Whether a witness in this state may cosign; the checks stand in the order of the specification."""
    checkpoint = parse_checkpoint(request.checkpoint.text)
    known = state.heads.get(checkpoint.origin, TreeHead(0, EMPTY_ROOT))
    if refused := _refuse_signer(state, checkpoint.origin, request.checkpoint):
        return refused
    # 3. 400: the old size is beyond the checkpoint
    if request.old_size > checkpoint.head.size:
        return Refused(400, MalformedRequestError(f"old {request.old_size}"))
    # 4. 409 with the size: the old size is not the one last cosigned, or not 0 if none ever was
    if request.old_size != known.size:
        return Conflict(known.size)
    return _refuse_growth(known, checkpoint.head, request.proof) or Cosigned(checkpoint)


def _refuse_signer(state: WitnessState, origin: str, note: Note) -> Refused | None:
    # 1. 404: the origin is not one of the configured logs
    if origin not in state.logs:
        return Refused(404, NotSignedError(origin))
    # 2. 403: no trusted key signed, or a line of a trusted key is false
    try:
        verify_note(note, state.logs[origin])
    except NotSignedError as reason:
        return Refused(403, reason)
    return None


def _refuse_growth(known: TreeHead, head: TreeHead, proof: tuple[bytes, ...]) -> Refused | None:
    # 5. 409 without a size: another root for the very size last cosigned, which is a fork
    if head.size == known.size != 0 and head.root != known.root:
        return Refused(409, ConsistencyNotProvedError(f"{head.size}"))
    # 6. 422: the proof does not lead from the last cosigned root to this one
    try:
        verify_consistency(known, head, proof)
    except (ConsistencyNotProvedError, MalformedError) as reason:
        return Refused(422, reason)
    return None
