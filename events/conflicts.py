"""What the record may answer instead of appending, and how PostgreSQL says it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


class RecordRefused(Exception):
    """The record did not take the commit; nothing was written."""


class WrongVersion(RecordRefused):
    """The stream does not stand where the caller saw it; ``actual`` is its version now."""

    def __init__(self, message: str, actual: int) -> None:
        super().__init__(message)
        self.actual = actual


class KeyReused(RecordRefused):
    """The request key was used before for another request."""


class BadCommit(RecordRefused):
    """The entries do not make a commit: empty, out of order, not now, or not linked."""


def refusal_of(error: psycopg.Error) -> RecordRefused | None:
    """The refusal behind a database error, or None when it is a failure of another kind."""
    message = error.diag.message_primary or ""
    match error.sqlstate:
        case "KH001":
            return WrongVersion(message, int(error.diag.message_detail or 0))
        case "KH003" | "23514" | "22P02" | "22P05" | "22007" | "22008" | "22003" | "22021":
            return BadCommit(message)
        case "23505":
            return _lost_race(error)
    return None


@contextmanager
def refusals() -> Iterator[None]:
    """Turns a database error that is a refusal into it; others pass."""
    try:
        yield
    except psycopg.Error as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from None


def _lost_race(error: psycopg.Error) -> RecordRefused:
    """Two commits met in a primary key and this one came second."""
    if error.diag.table_name == "requests":
        return KeyReused("the request key was used by a commit at the same time or before")
    # The detail ends in "(stream, version)=(sheet/6, 12) already exists."
    actual = int((error.diag.message_detail or "").rpartition(", ")[2].partition(")")[0])
    return WrongVersion(f"another writer recorded version {actual} of the stream", actual)
