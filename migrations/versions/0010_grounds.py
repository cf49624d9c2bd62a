"""A commit names what it was decided on, and is refused where that has moved; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"

_SQL = Path(__file__).parent.parent / "sql" / "0010_grounds.sql"


def upgrade() -> None:
    """Creates the functions."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
