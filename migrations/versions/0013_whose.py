"""A replay says whose it is, and tables of no named program are compared, too; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"

_SQL = Path(__file__).parent.parent / "sql" / "0013_whose.sql"


def upgrade() -> None:
    """Adds the column, and names what had no name."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
