"""Entry bundles of C2SP tlog-tiles: up to 256 entries, each behind its length as a big-endian uint16."""

from collections.abc import Sequence

from events.log.errors import MalformedTileError

MAX_ENTRY_BYTES = 2**16 - 1
_LENGTH_BYTES = 2


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle.

    Raises:
        MalformedTileError: an entry is longer than 65,535 bytes.
    """
    if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
        raise MalformedTileError("entry length")
    return b"".join(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry for entry in entries)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """The entries of a bundle that must hold exactly `width` of them.

    Raises:
        MalformedTileError: more, fewer, or a cut entry.
    """
    entries, at = [], 0
    for _ in range(width):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
        # a length cut short reads as a small number, so the end is what tells
        if start > len(data) or at > len(data):
            raise MalformedTileError("cut entry")
    if at != len(data):
        raise MalformedTileError("bytes after the last entry")
    return entries
