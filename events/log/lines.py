"""The three spellings all C2SP text formats share: base64, decimals, hashes; each has one canonical form.

Only the canonical form is read, so that parsing and writing again gives back the same bytes.
"""

import base64
import re

from events.log.errors import LogError

HASH_BYTES = 32
MAX_NUMBER = 2**63 - 1
"""Largest tree size, index or POSIX time: what a signed 64-bit column can hold."""

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str, error: type[LogError]) -> bytes:
    """The bytes of a canonical base64 text.

    Raises:
        LogError: `error`, for anything `encode_base64` would not have written.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise error("base64") from None
    if encode_base64(data) != text:
        raise error("base64")
    return data


def decode_hash(text: str, error: type[LogError]) -> bytes:
    """The 32 bytes of a base64 SHA-256 hash.

    Raises:
        LogError: `error`, for another length or a bad base64.
    """
    data = decode_base64(text, error)
    if len(data) != HASH_BYTES:
        raise error("hash length")
    return data


def decode_number(text: str, error: type[LogError]) -> int:
    """An ASCII decimal without sign or leading zeros, 0 to MAX_NUMBER.

    Raises:
        LogError: `error`, for any other text.
    """
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > MAX_NUMBER:
        raise error("number")
    return number
