"""The one way out of the vault; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

_SQL = Path(__file__).parent.parent / "sql" / "0005_erasure.sql"


def upgrade() -> None:
    """Creates the functions and their grants."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
