"""A secret under its subject's key: salt and content sealed together with AES-256-GCM, found again by a keyed hash.

What was sealed opens only as what its commitment says: a text put in its place is none.
"""

import hmac
import os
from dataclasses import dataclass, field
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.commitments import SALT, commitment
from events.commits import Within

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Secret:
    """A text about ``subject`` with its fresh salt: its commitment is known before anything is kept.

    ``sought``: it is found again by its content, through a keyed hash beside it.
    """

    subject: str
    context: str
    content: str = field(repr=False)
    salt: bytes = field(repr=False, default_factory=lambda: os.urandom(SALT))
    sought: bool = False

    @property
    def commitment(self) -> str:
        """In hexadecimal, for the event."""
        return commitment(self.salt, self.context, self.content).hex()


def seal(secret: Secret) -> Within:
    """Seals ``secret`` on the connection, and in the transaction, that is given; again does nothing."""

    def write(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        committed, nonce = bytes.fromhex(secret.commitment), os.urandom(_NONCE)
        key = _key(connection, secret.subject)
        sealed = nonce + AESGCM(key).encrypt(nonce, secret.salt + secret.content.encode(), committed)
        lookup = keyed_hash(connection, secret.context, secret.content) if secret.sought else None
        connection.execute(
            "INSERT INTO vault.secrets VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (committed, secret.subject, secret.context, sealed, lookup),
        )

    return write


def keyed_hash(connection: psycopg.Connection[tuple[Any, ...]], context: str, content: str) -> bytes:
    """The keyed hash by which a text is found; its key lies beside those that open the texts."""
    row = connection.execute("SELECT key FROM vault.lookup_key", binary=True).fetchone()
    assert row is not None  # noqa: S101 - made with the table
    return hmac.digest(bytes(row[0]), context.encode() + b"\x00" + content.encode(), "sha256")


def unsealed(committed: bytes, context: str, sealed: bytes, key: bytes) -> tuple[bytes, str] | None:
    """Salt and content, if they are what was committed to."""
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], committed)
        salt, content = plain[:SALT], plain[SALT:].decode()
        agrees = hmac.compare_digest(commitment(salt, context, content), committed)
    except (InvalidTag, ValueError):  # tampered, cut short, or another subject's
        return None
    return (salt, content) if agrees else None


def _key(connection: psycopg.Connection[tuple[Any, ...]], subject: str) -> bytes:
    # Two that keep for a new subject at once: one key stays, and both read that one.
    connection.execute(
        "INSERT INTO vault.keys VALUES (%s, %s) ON CONFLICT DO NOTHING", (subject, AESGCM.generate_key(256))
    )
    row = connection.execute("SELECT key FROM vault.keys WHERE subject = %s", (subject,), binary=True).fetchone()
    assert row is not None  # noqa: S101 - inserted a line above
    return bytes(row[0])
