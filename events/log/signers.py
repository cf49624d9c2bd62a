"""Private keys of C2SP signed-note: the skey text of the Go implementation, signing and cosigning.

Kept apart from the public half so that who only verifies never loads it. Seeds come from the caller.
"""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.log.errors import MalformedKeyError, SignatureInvalidError, UnsupportedKeyTypeError
from events.log.keys import (
    KEY_BYTES,
    TIME_BYTES,
    KeyType,
    VerifierKey,
    check_name,
    cosignature_message,
    split_key,
)
from events.log.lines import MAX_NUMBER, encode_base64
from events.log.notes import Note, check_text
from events.log.signature_lines import Signature

_SECRET = "PRIVATE+KEY+"  # noqa: S105 - the fixed beginning of every secret key text, itself no secret


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key under a name, for one signature type; the seed never shows in a representation."""

    name: str
    type: KeyType
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.seed) != KEY_BYTES:
            raise MalformedKeyError("key length")

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.type, self._private().public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """The skey: `PRIVATE+KEY+name+hex id+base64(type ‖ seed)`. Secret."""
        typed = bytes([self.type]) + self.seed
        return f"{_SECRET}{self.name}+{self.verifier.id.hex()}+{encode_base64(typed)}"

    def sign(self, text: str) -> bytes:
        """The type 0x01 signature over a note text.

        Raises:
            UnsupportedKeyTypeError: this key is for cosignatures, which need a time.
        """
        if self.type is not KeyType.ED25519:
            raise UnsupportedKeyTypeError(self.name)
        return self._private().sign(text.encode())

    def cosign(self, text: str, time: int) -> bytes:
        """The type 0x04 signature over a checkpoint text at a POSIX time in whole seconds.

        Raises:
            UnsupportedKeyTypeError: this key is not for cosignatures.
            SignatureInvalidError: no cosignature can carry this time.
        """
        if self.type is not KeyType.COSIGNATURE:
            raise UnsupportedKeyTypeError(self.name)
        if not 0 < time <= MAX_NUMBER:
            raise SignatureInvalidError(f"time {time}")
        return time.to_bytes(TIME_BYTES, "big") + self._private().sign(cosignature_message(text, time))

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def parse_skey(text: str) -> SignerKey:
    """The private key of an skey.

    Raises:
        UnsupportedKeyTypeError: a signature type other than 0x01 and 0x04.
        MalformedKeyError: anything else that is no skey, or whose id is not that of its key.
    """
    if not text.startswith(_SECRET):
        raise MalformedKeyError("not a secret key")
    name, key_id, kind, seed = split_key(text.removeprefix(_SECRET))
    key = SignerKey(name, kind, seed)
    if key.verifier.id != key_id:
        raise MalformedKeyError("id")
    return key


def sign_note(text: str, *keys: SignerKey) -> Note:
    """A text signed by each key (type 0x01), in this order.

    Raises:
        MalformedNoteError: the text can not stand in a note.
        UnsupportedKeyTypeError: a key is for cosignatures.
    """
    check_text(text)
    return Note(text, tuple(_signature(key, key.sign(text)) for key in keys))


def cosign(text: str, key: SignerKey, time: int) -> Signature:
    """A witness's timestamped signature (type 0x04) on a checkpoint text at a POSIX time.

    Raises:
        UnsupportedKeyTypeError: the key is not for cosignatures.
        MalformedNoteError: the text can not stand in a note.
        SignatureInvalidError: the time is not a positive 63-bit number.
    """
    check_text(text)
    return _signature(key, key.cosign(text, time))


def _signature(key: SignerKey, body: bytes) -> Signature:
    public = key.verifier
    return Signature(public.name, public.id, body)
