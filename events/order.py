"""Ordering: gapless positions for what has been committed, given after commit and in one place."""

from sqlalchemy import Engine, text


def seal(engine: Engine, limit: int = 20_000) -> int | None:
    """Gives positions to up to ``limit`` committed commits.

    Returns the last position of the record, or None when another sealer is at work (it will do ours too, or
    the next sweep will).
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        last: int | None = connection.execute(text("SELECT record.seal(:limit)"), {"limit": limit}).scalar()
        return last


def last_position(engine: Engine) -> int:
    """The last position given so far; 0 for an empty record."""
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1")
        ).scalar()
        return int(found or 0)
