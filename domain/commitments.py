"""Commitments: what the record holds of a text that it must not show, or not yet (design, "Personal data").

commitment = HMAC-SHA256(salt, context ‖ 0x00 ‖ content) with a salt of 32 random bytes: nobody can guess a short
text from it, and nobody can open it as another one.
"""

import hashlib
import hmac

SALT = 32


def commitment(salt: bytes, context: str, content: str) -> bytes:
    """What the record holds instead of ``content`` (32 bytes); a context holds no NUL, or two pairs could meet."""
    if "\x00" in context:
        raise ValueError("a context holds no NUL")
    return hmac.digest(salt, context.encode() + b"\x00" + content.encode(), hashlib.sha256)


def opens(committed: str, salt: str, context: str, content: str) -> bool:
    """Whether a salt and a text are what was committed to; salt and commitment in hexadecimal."""
    try:
        known = bytes.fromhex(salt)
        return len(known) == SALT and commitment(known, context, content).hex() == committed
    except ValueError:  # no hexadecimal, no encodable text, or a NUL: then it opens nothing
        return False
