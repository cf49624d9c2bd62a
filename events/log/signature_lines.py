"""Signature lines as they stand under a note (C2SP signed-note), or alone in a witness's answer.

Only the canonical spelling is read; nothing is verified here.
"""

from dataclasses import dataclass

from events.log.errors import MalformedKeyError, MalformedNoteError
from events.log.keys import KEY_ID_BYTES, check_name
from events.log.lines import decode_base64, encode_base64

MAX_SIGNATURES = 100
"""The format asks for at least 16; a hundred is what the Go implementation reads."""

_PREFIX = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name and id, and what that key's type makes of the text."""

    name: str
    key_id: bytes
    body: bytes

    def __post_init__(self) -> None:
        try:
            check_name(self.name)
        except MalformedKeyError:
            raise MalformedNoteError("key name") from None
        if len(self.key_id) != KEY_ID_BYTES or not self.body:
            raise MalformedNoteError("signature length")

    @property
    def line(self) -> str:
        """The line with its newline."""
        return f"{_PREFIX}{self.name} {encode_base64(self.key_id + self.body)}\n"


def parse_signatures(block: str) -> tuple[Signature, ...]:
    """The signatures of a block of signature lines, each with its newline.

    Raises:
        MalformedNoteError: no line, too many, or one that is no signature line.
    """
    lines = block.split("\n")
    if lines.pop():
        raise MalformedNoteError("no newline at the end")
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise MalformedNoteError(f"{len(lines)} signatures")
    return tuple(map(_parse_line, lines))


def _parse_line(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_PREFIX).partition(" ")
    if not line.startswith(_PREFIX):
        raise MalformedNoteError("signature line")
    raw = decode_base64(encoded, MalformedNoteError)
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])
