"""The record: streams, commits, events, ledger, append and seal."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Creates roles and the record."""
    connection = op.get_bind().connection
    for name in ("0000_roles.sql", "0001_record.sql"):
        connection.cursor().execute((_SQL / name).read_bytes())


def downgrade() -> None:
    """The record is never taken down by a migration."""
    raise NotImplementedError("the record is immutable")
