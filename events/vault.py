"""The vault: what may have to be erased, encrypted per subject; the record holds only a commitment to it.

The commitment is that of ``domain.commitments``, with a fresh salt a field. Salt and content are sealed together with
AES-256-GCM under the subject's key: deleting that one key erases them (crypto-shredding), and every old proof still
verifies.
"""

import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.commitments import SALT, commitment
from events.store import EventStore, Within

_NONCE = 12
_COMMITMENT = re.compile("[0-9a-f]{64}")
WHOLE = (
    "SELECT commitment, context, sealed, key FROM vault.secrets JOIN vault.keys USING (subject)"
    " WHERE commitment = ANY(%s)"
)
LENT = "SELECT commitment, context, sealed, key FROM vault.lend(%s)"  # what workers may open: addresses, no names


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


class Vault:
    """Keeps and opens committed texts of one record's database; ``view``: the statement that says what it may open."""

    def __init__(self, store: EventStore, view: str = WHOLE) -> None:
        self._store, self._view = store, view

    def keep(self, subject: str, context: str, content: str) -> str:
        """Seals ``content`` for ``subject``; answers the commitment in hexadecimal, for the event."""
        secret = Secret(subject, context, content)
        self.put(secret)
        return secret.commitment

    def put(self, secret: Secret) -> None:
        """Seals a secret; again does nothing.

        An event that holds the commitment is appended with ``EventStore.append_all(…, within=seal(secret))``: then
        both stand or neither, whatever dies in between.
        """
        with self._store.connection() as connection, connection.transaction():
            seal(secret)(connection)

    def erase(self, subject: str) -> int:
        """Deletes salts, texts and key of a subject, exactly as far as an approval in the record names them.

        Raises psycopg.DatabaseError (KH011) without such an approval. Again is harmless; answers how many texts went.
        """
        with self._store.connection() as connection:
            row = connection.execute("SELECT vault.erase(%s)", (subject,)).fetchone()
        return int(row[0]) if row else 0

    def open(self, commitments: Iterable[str]) -> dict[str, str]:
        """The texts behind commitments (hexadecimal); what was erased, does not agree or is none is absent."""
        wanted = [bytes.fromhex(each) for each in commitments if _COMMITMENT.fullmatch(each)]
        with self._store.connection() as connection:
            rows = connection.execute(self._view.encode(), (wanted,), binary=True).fetchall()
        opened = ((bytes(row[0]), _open(bytes(row[0]), row[1], bytes(row[2]), bytes(row[3]))) for row in rows)
        return {committed.hex(): found[1] for committed, found in opened if found is not None}

    def reveal(self, committed: str) -> Secret | None:
        """The text behind one commitment (hexadecimal) with its salt, for an event that opens it to everybody."""
        if not _COMMITMENT.fullmatch(committed):
            return None
        with self._store.connection() as connection:
            row = connection.execute(
                "SELECT subject, context, sealed, key FROM vault.secrets JOIN vault.keys USING (subject)"
                " WHERE commitment = %s",
                (bytes.fromhex(committed),),
                binary=True,
            ).fetchone()
        found = row and _open(bytes.fromhex(committed), row[1], bytes(row[2]), bytes(row[3]))
        return Secret(row[0], row[1], found[1], found[0]) if row and found else None

    def holders(self, context: str, content: str) -> list[tuple[str, str]]:
        """Of whom this very text is kept to be sought: (subject, commitment in hexadecimal), in no order.

        Found by its keyed hash; what was erased has none any more.
        """
        with self._store.connection() as connection:
            rows = connection.execute(
                "SELECT commitment, subject, sealed, key FROM vault.secrets JOIN vault.keys USING (subject)"
                " WHERE lookup = %s AND context = %s",
                (_lookup(connection, context, content), context),
                binary=True,
            ).fetchall()
        opened = ((row, _open(bytes(row[0]), context, bytes(row[2]), bytes(row[3]))) for row in rows)
        return [(row[1], bytes(row[0]).hex()) for row, found in opened if found and found[1] == content]


def seal(secret: Secret) -> Within:
    """Seals ``secret`` on the connection, and in the transaction, that is given; again does nothing."""

    def write(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        committed, nonce = bytes.fromhex(secret.commitment), os.urandom(_NONCE)
        key = _key(connection, secret.subject)
        sealed = nonce + AESGCM(key).encrypt(nonce, secret.salt + secret.content.encode(), committed)
        lookup = _lookup(connection, secret.context, secret.content) if secret.sought else None
        connection.execute(
            "INSERT INTO vault.secrets VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (committed, secret.subject, secret.context, sealed, lookup),
        )

    return write


def kept_together(subject: str, *, alone: bool = False) -> Within:
    """Orders keeping and erasing: who decides on an erasure (``alone``) waits for who is keeping, and the reverse.

    Otherwise a text could be kept in the moment between the list of what is to be erased and its approval.
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"

    def wait(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        connection.execute(f"SELECT {lock}(hashtext('kaohe.vault'), hashtext(%s))".encode(), (subject,))

    return wait


def _lookup(connection: psycopg.Connection[tuple[Any, ...]], context: str, content: str) -> bytes:
    """The keyed hash by which a text is found; its key lies beside those that open the texts."""
    row = connection.execute("SELECT key FROM vault.lookup_key", binary=True).fetchone()
    assert row is not None  # noqa: S101 - made with the table
    return hmac.digest(bytes(row[0]), context.encode() + b"\x00" + content.encode(), "sha256")


def _open(committed: bytes, context: str, sealed: bytes, key: bytes) -> tuple[bytes, str] | None:
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
