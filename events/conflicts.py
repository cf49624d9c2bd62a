"""What the record may answer instead of appending, and how PostgreSQL says it."""

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
        case "KH002":
            return KeyReused(message)
        case "KH003":
            return BadCommit(message)
    return None
