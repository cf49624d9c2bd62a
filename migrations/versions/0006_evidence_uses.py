"""Which bytes were attached where, for duplicates across units and years; its SQL gives the reasons."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"

_SQL = Path(__file__).parent.parent / "sql" / "0006_evidence_uses.sql"


def upgrade() -> None:
    """Creates the tables."""
    op.get_bind().connection.cursor().execute(_SQL.read_bytes())


def downgrade() -> None:
    """Never taken down: restore a backup beside it instead."""
    raise NotImplementedError
