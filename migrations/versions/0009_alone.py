"""An act that is decided on a whole year may be alone for a moment; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"

_SQL = Path(__file__).parent.parent / "sql" / "0009_alone.sql"


def upgrade() -> None:
    """Creates the function."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
