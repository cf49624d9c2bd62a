"""A statement prepared once a connection and executed by libpq itself: for the few calls that everybody waits for.

Through a cursor of the driver, an append cost a busy writer a fifth more, and so did the most asked read.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

_NOT_PREPARED = b"26000"  # PostgreSQL, appendix A: invalid_sql_statement_name


class Prepared:
    """A statement that answers one row; its parameters and its answer travel in PostgreSQL's binary form.

    ``types``: the OIDs of its parameters.
    """

    def __init__(self, name: str, statement: str, types: Sequence[int]) -> None:
        self._name, self._statement, self._types = name.encode(), statement.encode(), types
        self._formats = [Format.BINARY] * len(types)

    def row(self, connection: psycopg.Connection[Any], values: Sequence[bytes | None]) -> list[bytes | None]:
        """The columns of its row, on a connection in autocommit; raises psycopg's error for it, as a cursor would."""
        conn = connection.pgconn
        result = self._run(conn, values)
        # Asked again each time, because the driver drops every prepared statement after a rollback of its own.
        if result.error_field(DiagnosticField.SQLSTATE) == _NOT_PREPARED:
            _checked(connection, conn.prepare(self._name, self._statement, self._types))
            result = self._run(conn, values)
        _checked(connection, result)
        return [result.get_value(0, column) for column in range(result.nfields)]

    def _run(self, conn: PGconn, values: Sequence[bytes | None]) -> PGresult:
        # The driver's annotation forgets NULL.
        return conn.exec_prepared(self._name, values, self._formats, Format.BINARY)  # type: ignore[arg-type]


def _checked(connection: psycopg.Connection[Any], result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        # What no server said is libpq's own word that there is none, even where the connection still calls itself good.
        connection.close()
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result)
