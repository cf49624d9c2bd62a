"""Public keys of C2SP signed-note: names, key ids, the vkey text, and the two kinds of signature checked.

Type 0x01 is Ed25519 over the note text, 0x04 the timestamped Ed25519 cosignature of C2SP tlog-cosignature.
Key id = SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4].
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from events.log.errors import MalformedKeyError, SignatureInvalidError, UnsupportedKeyTypeError
from events.log.lines import MAX_NUMBER, decode_base64, encode_base64

KEY_ID_BYTES = 4
KEY_BYTES = 32
SIGNATURE_BYTES = 64
TIME_BYTES = 8
_NOT_IN_NAMES = re.compile(r"[+\x00-\x1f\ud800-\udfff]")
_HEX_ID = re.compile(r"[0-9a-fA-F]{8}")


class KeyType(IntEnum):
    """The signature types of C2SP signed-note that this log makes and checks."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


def check_name(name: str) -> str:
    """The key name itself: not empty, no Unicode space, no plus, no control character, valid UTF-8.

    Raises:
        MalformedKeyError: otherwise.
    """
    if not name or any(map(str.isspace, name)) or _NOT_IN_NAMES.search(name):
        raise MalformedKeyError("name")
    return name


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name, for one signature type."""

    name: str
    type: KeyType
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise MalformedKeyError("key length")

    @property
    def id(self) -> bytes:
        """The four bytes that, with the name, say which key signed."""
        typed = bytes([self.type]) + self.public
        return sha256(self.name.encode() + b"\n" + typed).digest()[:KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The vkey: `name+hex id+base64(type ‖ public key)`."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(bytes([self.type]) + self.public)}"

    def check(self, text: str, signature: bytes) -> int | None:
        """Return only if this key signed the note text: the cosignature's POSIX time, or None for type 0x01.

        Raises:
            SignatureInvalidError: it did not.
            ImportError: the package cryptography is missing, which the stand-alone verifier lives with.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        message, raw, time = text.encode(), signature, None
        if self.type is KeyType.COSIGNATURE:
            time = int.from_bytes(signature[:TIME_BYTES], "big")
            message, raw = cosignature_message(text, time), signature[TIME_BYTES:]
        if len(raw) != SIGNATURE_BYTES or (time or 0) > MAX_NUMBER:
            raise SignatureInvalidError(self.name)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(raw, message)
        except (InvalidSignature, ValueError):
            raise SignatureInvalidError(self.name) from None
        return time


def cosignature_message(text: str, time: int) -> bytes:
    """What a cosignature signs (C2SP tlog-cosignature): a header, the time, the whole checkpoint text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def parse_vkey(text: str) -> VerifierKey:
    """The public key of a vkey.

    Raises:
        UnsupportedKeyTypeError: a signature type other than 0x01 and 0x04.
        MalformedKeyError: anything else that is no vkey, or whose id is not that of its key.
    """
    name, key_id, kind, public = split_key(text)
    key = VerifierKey(name, kind, public)
    if key.id != key_id:
        raise MalformedKeyError("id")
    return key


def split_key(text: str) -> tuple[str, bytes, KeyType, bytes]:
    """Name, key id, type and key of `name+hex id+base64(type ‖ key)`, for public and secret keys alike.

    Raises:
        UnsupportedKeyTypeError: a signature type other than 0x01 and 0x04.
        MalformedKeyError: any other text.
    """
    # a name has no plus, base64 may: so only the first two divide
    parts = text.split("+", 2)
    if len(parts) != 3 or not _HEX_ID.fullmatch(parts[1]):  # noqa: PLR2004 - name, id, key
        raise MalformedKeyError("shape")
    typed = decode_base64(parts[2], MalformedKeyError)
    if not typed:
        raise MalformedKeyError("key length")
    if typed[0] not in tuple(KeyType):
        raise UnsupportedKeyTypeError(f"0x{typed[0]:02x}")
    return check_name(parts[0]), bytes.fromhex(parts[1]), KeyType(typed[0]), typed[1:]
