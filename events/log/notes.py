"""C2SP signed-note: a text, an empty line, and one line per signature.

Only the canonical spelling is read, so a note that was parsed is written back byte for byte. Lines of unknown
keys are kept and ignored; one line of a known key that does not verify refuses the whole note.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from events.log.errors import (
    MalformedNoteError,
    NoKnownSignatureError,
    NotSignedError,
)
from events.log.keys import VerifierKey
from events.log.signature_lines import MAX_SIGNATURES, Signature, parse_signatures

MAX_NOTE_BYTES = 2**20
_NOT_IN_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a newline with at least one signature; never one that could not be read back."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        check_text(self.text)
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise MalformedNoteError(f"{len(self.signatures)} signatures")

    @property
    def data(self) -> bytes:
        """The signed note as it is stored and sent.

        Raises:
            MalformedNoteError: longer than 1 MiB.
        """
        data = (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()
        if len(data) > MAX_NOTE_BYTES:
            raise MalformedNoteError(f"{len(data)} bytes")
        return data


@dataclass(frozen=True, slots=True)
class Verified:
    """A known key that signed a note; `time` (POSIX seconds) stands only in a cosignature."""

    key: VerifierKey
    time: int | None


def check_text(text: str) -> str:
    """The text itself when it may stand in a note: ends in a newline, has no other control character.

    Raises:
        MalformedNoteError: otherwise, and for what UTF-8 can not say.
    """
    if not text.endswith("\n") or _NOT_IN_TEXT.search(text):
        raise MalformedNoteError("text")
    return text


def parse_note(data: bytes) -> Note:
    """The note in these bytes; nothing in it is verified yet.

    Raises:
        MalformedNoteError: not a signed note, or beyond 1 MiB or 100 signatures.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise MalformedNoteError(f"{len(data)} bytes")
    try:
        written = data.decode()
    except UnicodeDecodeError:
        raise MalformedNoteError("UTF-8") from None
    # the text may hold empty lines: the last one divides
    text, divider, block = written.rpartition("\n\n")
    if not divider:
        raise MalformedNoteError("no empty line")
    return Note(text + "\n", parse_signatures(block))


def with_signatures(note: Note, more: Iterable[Signature]) -> Note:
    """The note with further signatures behind its own; one that is already there is not doubled."""
    new = [each for each in dict.fromkeys(more) if each not in note.signatures]
    return replace(note, signatures=(*note.signatures, *new))


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[Verified, ...]:
    """The known keys that signed, in the order of the note, each once; never empty.

    Raises:
        SignatureInvalidError: a line names a known key and does not verify.
        NoKnownSignatureError: no line names a known key.
        NotSignedError: two known keys share name and id, so no line says which of them signed.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise NotSignedError(f"ambiguous key {key.name}")
    found: dict[VerifierKey, Verified] = {}
    for each in note.signatures:
        named = known.get((each.name, each.key_id))
        if named is not None:
            # every line is checked, a doubled one too, but a key counts once
            found.setdefault(named, Verified(named, named.check(note.text, each.body)))
    if not found:
        raise NoKnownSignatureError
    return tuple(found.values())
