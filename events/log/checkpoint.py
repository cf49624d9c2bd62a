"""C2SP tlog-checkpoint: the signed statement "this log, at this size, has this root"."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.log.errors import MalformedCheckpointError, OriginMismatchError
from events.log.keys import VerifierKey
from events.log.lines import decode_hash, decode_number, encode_base64
from events.log.notes import Note, parse_note, verify_note
from events.log.tree import TreeHead

_FIXED_LINES = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its origin, its tree head, and extension lines, which nobody should use."""

    origin: str
    head: TreeHead
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(line and "\n" not in line for line in (self.origin, *self.extensions)):
            raise MalformedCheckpointError("empty line")

    @property
    def text(self) -> str:
        """The note text that is signed."""
        lines = (self.origin, str(self.head.size), encode_base64(self.head.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note text; nothing in it is verified yet.

    Raises:
        MalformedCheckpointError: fewer than three lines, an empty one, a size or root spelt otherwise.
    """
    lines = text.split("\n")
    if lines.pop() or len(lines) < _FIXED_LINES:
        raise MalformedCheckpointError("lines")
    origin, size, root, *extensions = lines
    head = TreeHead(decode_number(size, MalformedCheckpointError), decode_hash(root, MalformedCheckpointError))
    return Checkpoint(origin, head, tuple(extensions))


def open_checkpoint(data: bytes, origin: str, keys: Iterable[VerifierKey]) -> tuple[Checkpoint, Note]:
    """The checkpoint in a signed note, only when a key of the log signed it and it speaks for that log.

    Raises:
        MalformedNoteError: not a signed note.
        MalformedCheckpointError: not a checkpoint.
        OriginMismatchError: a checkpoint of another log.
        NotSignedError: no key of the log signed it, or a line of one does not verify.
    """
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise OriginMismatchError(checkpoint.origin)
    verify_note(note, keys)
    return checkpoint, note
