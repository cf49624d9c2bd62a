"""Linked identities are found by a keyed hash; those that are kept already get theirs here, for no server opens all.

Written out instead of imported: a migration does for ever what it did on its day.
"""

import hmac
from pathlib import Path

from alembic import op
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

revision = "0008"
down_revision = "0007"

_SQL = Path(__file__).parent.parent / "sql" / "0008_lookup.sql"
_CONTEXT = "person.identity"
_NONCE, _SALT = 12, 32


def upgrade() -> None:
    """Creates the key, the column and its index, and fills in what can be opened."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(_SQL.read_bytes())
    [(key,)] = cursor.execute("SELECT key FROM vault.lookup_key").fetchall()
    kept = "SELECT commitment, sealed, key FROM vault.secrets JOIN vault.keys USING (subject) WHERE context = %s"
    for commitment, sealed, own in cursor.execute(kept, (_CONTEXT,)).fetchall():
        try:
            content = AESGCM(own).decrypt(sealed[:_NONCE], sealed[_NONCE:], commitment)[_SALT:]
        except (InvalidTag, ValueError):  # tampered: nobody is signed in by it, now as before
            continue
        lookup = hmac.digest(key, _CONTEXT.encode() + b"\x00" + content, "sha256")
        cursor.execute("UPDATE vault.secrets SET lookup = %s WHERE commitment = %s", (lookup, commitment))


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
