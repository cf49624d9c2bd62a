"""The vault: what may have to be erased, encrypted per subject; the record holds only a commitment to it.

The commitment is that of ``domain.commitments``, with a fresh salt a field. Salt and content are sealed together with
AES-256-GCM under the subject's key: deleting that one key erases them (crypto-shredding), and every old proof still
verifies.
"""

import re
from collections.abc import Iterable
from typing import Any

import psycopg

from events.commits import Within
from events.sealed import Secret, keyed_hash, seal, unsealed
from events.store import EventStore

_COMMITMENT = re.compile("[0-9a-f]{64}")
WHOLE = (
    "SELECT commitment, context, sealed, key FROM vault.secrets JOIN vault.keys USING (subject)"
    " WHERE commitment = ANY(%s)"
)
LENT = "SELECT commitment, context, sealed, key FROM vault.lend(%s)"  # what workers may open: addresses, no names


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
        texts = ((bytes(row[0]), unsealed(bytes(row[0]), row[1], bytes(row[2]), bytes(row[3]))) for row in rows)
        return {committed.hex(): found[1] for committed, found in texts if found is not None}

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
        found = row and unsealed(bytes.fromhex(committed), row[1], bytes(row[2]), bytes(row[3]))
        return Secret(row[0], row[1], found[1], found[0]) if row and found else None

    def holders(self, context: str, content: str) -> list[tuple[str, str]]:
        """Of whom this very text is kept to be sought: (subject, commitment in hexadecimal), in no order.

        Found by its keyed hash; what was erased has none any more.
        """
        with self._store.connection() as connection:
            rows = connection.execute(
                "SELECT commitment, subject, sealed, key FROM vault.secrets JOIN vault.keys USING (subject)"
                " WHERE lookup = %s AND context = %s",
                (keyed_hash(connection, context, content), context),
                binary=True,
            ).fetchall()
        texts = ((row, unsealed(bytes(row[0]), context, bytes(row[2]), bytes(row[3]))) for row in rows)
        return [(row[1], bytes(row[0]).hex()) for row, found in texts if found and found[1] == content]


def kept_together(subject: str, *, alone: bool = False) -> Within:
    """Orders keeping and erasing: who decides on an erasure (``alone``) waits for who is keeping, and the reverse.

    Otherwise a text could be kept in the moment between the list of what is to be erased and its approval.
    """
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"

    def wait(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        connection.execute(f"SELECT {lock}(hashtext('kaohe.vault'), hashtext(%s))".encode(), (subject,))

    return wait
