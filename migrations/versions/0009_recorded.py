"""Events by when they were recorded: reads as then known ask for a moment, and would look at all of them."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

_SQL = Path(__file__).parent.parent / "sql" / "0009_recorded.sql"


def upgrade() -> None:
    """Creates the index."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
