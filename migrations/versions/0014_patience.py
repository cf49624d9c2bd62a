"""Whoever waits for somebody that holds the year waits three seconds; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0013"

_SQL = Path(__file__).parent.parent / "sql" / "0014_patience.sql"


def upgrade() -> None:
    """Sets the time."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
