"""Ordering: gapless positions for what has been committed, given after commit and in one place."""

import time
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Engine, text

_WAITING = "SELECT FROM record.pending JOIN record.events USING (commit_seq) WHERE recorded_at <= %s LIMIT 1"
_LOOKS = 50
_PAUSE = 0.01


def seal(engine: Engine, limit: int = 20_000) -> int | None:
    """Gives positions to up to ``limit`` committed commits.

    Returns the last position of the record, or None when another sealer is at work (it will do ours too, or
    the next sweep will).
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        last: int | None = connection.execute(text("SELECT record.seal(:limit)"), {"limit": limit}).scalar()
        return last


def seal_until(connection: psycopg.Connection[Any], recorded: datetime) -> bool:
    """Orders what is committed and was recorded by a moment, or waits a little for who is at it.

    False when it is not ordered yet: then nobody can say what came last by that moment. ``connection``: in autocommit.
    """
    for left in reversed(range(_LOOKS)):
        if connection.execute(_WAITING, (recorded,)).fetchone() is None:
            return True
        if connection.execute("SELECT record.seal()").fetchone() == (None,) and left:
            time.sleep(_PAUSE)
    return False


def last_position(engine: Engine) -> int:
    """The last position given so far; 0 for an empty record."""
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1")
        ).scalar()
        return int(found or 0)
