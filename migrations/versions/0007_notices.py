"""Notices, their outbox, and what of the vault workers may read; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"

_SQL = Path(__file__).parent.parent / "sql" / "0007_notices.sql"


def upgrade() -> None:
    """Creates the schema with its tables and grants."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
