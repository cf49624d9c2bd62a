"""Alembic's environment: one transaction a revision, under an advisory lock, with time limits on locks."""

import os

from alembic import context
from sqlalchemy import create_engine, pool, text


def run() -> None:
    """Migrates the database of KAOHE_DATABASE_URL (or of the ``url`` attribute given by the caller)."""
    url = context.config.attributes.get("url") or os.environ["KAOHE_DATABASE_URL"]
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True, version_table_schema="public")
        with context.begin_transaction():
            # Two migrations at once would deadlock half-way; a lock wait must not stop the service for long.
            connection.execute(text("SELECT pg_advisory_lock(hashtext('kaohe.migrate'))"))
            connection.execute(text("SET lock_timeout = '5s'"))
            context.run_migrations()
    engine.dispose()


run()
