"""The messages of C2SP tlog-witness: what a log sends to a witness and what comes back."""

from dataclasses import dataclass

from events.log.checkpoint import parse_checkpoint
from events.log.errors import MalformedError, MalformedRequestError
from events.log.keys import VerifierKey
from events.log.lines import decode_hash, decode_number, encode_base64
from events.log.notes import MAX_NOTE_BYTES, Note, parse_note, verify_note
from events.log.signature_lines import Signature, parse_signatures

MAX_PROOF_LINES = 63
MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 2**12


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: the size the witness is thought to stand at, the proof from there on."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: Note

    @property
    def data(self) -> bytes:
        """The body of `POST <submission prefix>/add-checkpoint`."""
        lines = (f"old {self.old_size}", *map(encode_base64, self.proof), "")
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint.data


def parse_add_checkpoint(data: bytes) -> AddCheckpoint:
    """The request in this body; nothing in it is verified yet. A refusal is answered with 400.

    Raises:
        MalformedRequestError: not an add-checkpoint body.
        MalformedNoteError, MalformedCheckpointError: it carries no signed checkpoint.
    """
    head, divider, checkpoint = data.partition(b"\n\n")
    if not divider or len(data) > MAX_REQUEST_BYTES:
        raise MalformedRequestError(f"{len(data)} bytes")
    try:
        old, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedRequestError("ASCII") from None
    if not old.startswith("old ") or len(lines) > MAX_PROOF_LINES:
        raise MalformedRequestError("old size")
    note = parse_note(checkpoint)
    parse_checkpoint(note.text)
    proof = tuple(decode_hash(line, MalformedRequestError) for line in lines)
    return AddCheckpoint(decode_number(old.removeprefix("old "), MalformedRequestError), proof, note)


def write_signatures(*signatures: Signature) -> bytes:
    """The body of the answer 200: the witness's signature lines."""
    return "".join(each.line for each in signatures).encode()


def read_signatures(data: bytes, checkpoint: Note, keys: tuple[VerifierKey, ...]) -> tuple[Signature, ...]:
    """The cosignatures of an answer 200 that known witness keys made on this checkpoint; others are left out.

    Raises:
        MalformedRequestError: not a list of signature lines.
        SignatureInvalidError: a line of a known key does not verify.
        NoKnownSignatureError: no line is of a known key.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise MalformedRequestError(f"{len(data)} bytes")
    try:
        signatures = parse_signatures(data.decode())
    except (UnicodeDecodeError, MalformedError):
        raise MalformedRequestError("signature lines") from None
    verify_note(Note(checkpoint.text, signatures), keys)
    known = {(key.name, key.id) for key in keys}
    return tuple(each for each in signatures if (each.name, each.key_id) in known)


def read_conflict(data: bytes) -> int:
    """The size in the body of an answer 409 of type text/x.tlog.size.

    Raises:
        MalformedRequestError: not a decimal with a newline.
    """
    text = data[:32].decode("ascii", "replace")
    if not text.endswith("\n"):
        raise MalformedRequestError("size")
    return decode_number(text.removesuffix("\n"), MalformedRequestError)
