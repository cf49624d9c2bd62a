"""C2SP tlog-proof: one file that proves an entry to be in a witnessed log, without asking anyone."""

from dataclasses import dataclass

from events.log.errors import MalformedProofError
from events.log.lines import decode_base64, decode_hash, decode_number, encode_base64
from events.log.notes import Note, parse_note
from events.log.paths import verify_inclusion
from events.log.policy import Policy
from events.log.trust import Assessment, assess_note, require_quorum

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PATH = 63
MAX_PROOF_BYTES = 2**21


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An index, its inclusion path (leaf's sibling first), the signed checkpoint, data nobody vouches for."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes = b""

    @property
    def data(self) -> bytes:
        """The text of the proof file."""
        extra = [f"extra {encode_base64(self.extra)}"] if self.extra else []
        lines = [HEADER, *extra, f"index {self.index}", *map(encode_base64, self.path), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.checkpoint.data


def parse_proof(data: bytes) -> TlogProof:
    """The proof in these bytes; nothing in it is verified yet.

    Raises:
        MalformedProofError: not a tlog-proof.
        MalformedNoteError: what stands in the checkpoint's place is no signed note.
    """
    head, divider, checkpoint = data.partition(b"\n\n")
    if not divider or len(data) > MAX_PROOF_BYTES:
        raise MalformedProofError(f"{len(data)} bytes")
    try:
        header, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedProofError("ASCII") from None
    if header != HEADER:
        raise MalformedProofError("header")
    extra = _keyed("extra ", lines.pop(0)) if lines and lines[0].startswith("extra ") else ""
    if not 1 <= len(lines) <= MAX_PATH + 1:
        raise MalformedProofError(f"{len(lines)} lines")
    index = decode_number(_keyed("index ", lines[0]), MalformedProofError)
    path = tuple(decode_hash(line, MalformedProofError) for line in lines[1:])
    return TlogProof(index, path, parse_note(checkpoint), decode_base64(extra, MalformedProofError))


def verify_proof(proof: TlogProof, leaf: bytes, policy: Policy) -> Assessment:
    """What the policy makes of the proof's checkpoint, only when the leaf hash is proved to be in its tree.

    Steps: 1. a trusted log signed the checkpoint and no known signature is false; 2. the quorum cosigned it;
    3. the path leads from the leaf at the index to the root (RFC 9162 section 2.1.3.2).

    Raises:
        NotSignedError: step 1 or 2 fails.
        InclusionNotProvedError: step 3 fails.
        MalformedError: the checkpoint or the leaf hash is malformed.
    """
    assessment = require_quorum(assess_note(proof.checkpoint, policy))
    verify_inclusion(leaf, proof.index, assessment.checkpoint.head, proof.path)
    return assessment


def _keyed(key: str, line: str) -> str:
    if not line.startswith(key):
        raise MalformedProofError(key.strip())
    return line.removeprefix(key)
