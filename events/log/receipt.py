"""A receipt: the log's signed promise, given at acceptance, that an event will be in the tree by a set time.

It makes the removal of a not yet ordered event provable. It is a C2SP signed note of this project; its second
line is never a number, so no receipt can pass for a checkpoint although the same key may sign both:

    kaohe-receipt/v1
    origin <the log's origin>
    event <id, a lower-case UUID>
    leaf <base64 of SHA-256(0x00 ‖ entry)>
    accepted <RFC 3339, UTC, microseconds, Z>
    sealed-by <the same>
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from events.log.errors import MalformedReceiptError, OriginMismatchError
from events.log.keys import VerifierKey
from events.log.lines import HASH_BYTES, decode_hash, encode_base64
from events.log.notes import parse_note, verify_note

HEADER = "kaohe-receipt/v1"
_KEYS = ("origin", "event", "leaf", "accepted", "sealed-by")
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Receipt:
    """An accepted event, its leaf hash, when it was accepted, by when it must be in a signed tree (UTC)."""

    origin: str
    event: UUID
    leaf: bytes
    accepted: datetime
    sealed_by: datetime

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or len(self.leaf) != HASH_BYTES:
            raise MalformedReceiptError("origin or leaf")
        if any(time.utcoffset() != timedelta(0) for time in (self.accepted, self.sealed_by)):
            raise MalformedReceiptError("not UTC")
        if self.accepted > self.sealed_by:
            raise MalformedReceiptError("sealed-by")

    @property
    def text(self) -> str:
        """The note text that is signed."""
        times = [_write_time(time) for time in (self.accepted, self.sealed_by)]
        values = (self.origin, str(self.event), encode_base64(self.leaf), *times)
        lines = (f"{key} {value}" for key, value in zip(_KEYS, values, strict=True))
        return "".join(f"{line}\n" for line in (HEADER, *lines))


def parse_receipt(text: str) -> Receipt:
    """The receipt of a note text; nothing in it is verified yet.

    Raises:
        MalformedReceiptError: not the canonical text of a receipt.
    """
    lines = text.split("\n")
    parts = [line.partition(" ") for line in lines[1:-1]]
    if lines[0] != HEADER or lines[-1] or tuple(key for key, _, _ in parts) != _KEYS:
        raise MalformedReceiptError("lines")
    origin, event, leaf, accepted, sealed_by = (value for _, _, value in parts)
    try:
        receipt = Receipt(
            origin,
            UUID(event),
            decode_hash(leaf, MalformedReceiptError),
            _read_time(accepted),
            _read_time(sealed_by),
        )
    except ValueError:
        raise MalformedReceiptError("event or time") from None
    if receipt.text != text:
        raise MalformedReceiptError("spelling")
    return receipt


def open_receipt(data: bytes, origin: str, keys: Iterable[VerifierKey]) -> Receipt:
    """The receipt in a signed note, only when a key of this log signed it.

    Raises:
        MalformedNoteError, MalformedReceiptError: not a signed receipt.
        OriginMismatchError: a receipt of another log.
        NotSignedError: no key of the log signed it, or a line of one does not verify.
    """
    note = parse_note(data)
    receipt = parse_receipt(note.text)
    if receipt.origin != origin:
        raise OriginMismatchError(receipt.origin)
    verify_note(note, keys)
    return receipt


def _write_time(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _read_time(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
