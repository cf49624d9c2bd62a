"""Live tables against shadow tables: every row that differs, and the digest of what the tables hold."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.points import show
from workers.projections.shadows import SHADOWED
from workers.projections.tables import (
    ALL,
    DEPARTMENTS,
    ENROLMENTS,
    HISTORY,
    LEAVES,
    PARKED,
    QUEUE,
    UNITS,
    Connection,
    Table,
    located,
)

LISTED = 500  # of each kind; the counts are always whole

_POINTS = frozenset({"claimed", "verified", "final", "maximum", "base", "bonus", "total", "won", "possible"})
_COLUMNS = {
    "leaves": (LEAVES, "item department claimed verified final maximum status position"),
    "totals": (UNITS, "cohort claimed verified base bonus total answer"),
    "ranks": (UNITS, "rank"),
    "departments": (DEPARTMENTS, "won possible bonus rank"),
    "history": (HISTORY, "item event type claimed verified final"),
    "queue": (QUEUE, "leaf department position"),
    "enrolments": (ENROLMENTS, "position"),
    "parked": (PARKED, "position error"),
}
_ITEMS = """
WITH a AS (SELECT cycle, unit, item, sum(claimed) AS claimed, sum(verified) AS verified, sum(final) AS final
             FROM {live} GROUP BY cycle, unit, item),
     b AS (SELECT cycle, unit, item, sum(claimed) AS claimed, sum(verified) AS verified, sum(final) AS final
             FROM {shadow} GROUP BY cycle, unit, item)
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rows`` compared and ``differences`` found, over all tables; ``listed``: kind -> count and the first rows."""

    rows: int
    differences: int
    listed: dict[str, dict[str, Any]]


def compare(connection: Connection, suffix: str) -> Comparison:
    """Every row of every live table against its shadow, in the caller's transaction."""
    listed = {
        kind: _differing(connection, located(table), located(table, suffix), table.key, columns.split())
        for kind, (table, columns) in _COLUMNS.items()
    }
    items = _ITEMS.format(live=located(LEAVES), shadow=located(LEAVES, suffix))
    listed["items"] = _differing(
        connection, "a", "b", ("cycle", "unit", "item"), ["claimed", "verified", "final"], items
    )
    differences = sum(_count(connection, table, suffix) for table in SHADOWED)
    rows = sum(_number(connection, f"SELECT count(*) FROM {located(table, suffix)}") for table in SHADOWED)  # noqa: S608 - our names
    return Comparison(rows, differences, listed)


def digest(connection: Connection, suffix: str = "") -> str:
    """SHA-256 (hexadecimal) over the rows of every score table in the order of their keys.

    Equal digests are equal tables: each row is the line that COPY writes, each table is named before its rows.
    """
    hashed = hashlib.sha256()
    for table in ALL:
        hashed.update(f"{table.name}({table.names})\n".encode())
        rows = f"SELECT {table.names} FROM {located(table, suffix)} ORDER BY {', '.join(table.key)}"  # noqa: S608 - our names
        with connection.cursor().copy(f"COPY ({rows}) TO STDOUT") as copied:
            for block in copied:
                hashed.update(block)
    return hashed.hexdigest()


def _differing(
    connection: Connection, live: str, shadow: str, key: Sequence[str], columns: Sequence[str], before: str = ""
) -> dict[str, Any]:
    mine, theirs = (", ".join(_column(side, name) for name in columns) for side in "ab")
    rows = connection.execute(
        f"{before} SELECT count(*) OVER (), a.{key[0]} IS NULL, b.{key[0]} IS NULL, {', '.join(key)}, {mine}, {theirs}"  # noqa: S608 - our names
        f" FROM {live} AS a FULL JOIN {shadow} AS b USING ({', '.join(key)})"
        f" WHERE ROW({mine}) IS DISTINCT FROM ROW({theirs}) ORDER BY {', '.join(key)} LIMIT {LISTED}"
    ).fetchall()
    return {"count": rows[0][0] if rows else 0, "rows": [_row(key, columns, row[1:]) for row in rows]}


def _column(side: str, name: str) -> str:
    # What the API answers is kept as bytes; a digest says that they differ.
    return f"encode(sha256({side}.body), 'hex')" if name == "answer" else f"{side}.{name}"


def _row(key: Sequence[str], columns: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    no_live, no_shadow, *rest = row
    where, live, replayed = rest[: len(key)], rest[len(key) : -len(columns)], rest[-len(columns) :]
    return {
        **dict(zip(key, where, strict=True)),
        "live": None if no_live else _shown(columns, live),
        "replayed": None if no_shadow else _shown(columns, replayed),
    }


def _shown(columns: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {
        name: show(int(value)) if name in _POINTS and value is not None else value
        for name, value in zip(columns, values, strict=True)
    }


def _count(connection: Connection, table: Table, suffix: str) -> int:
    names = [name for name, _ in table.columns]
    mine, theirs = (", ".join(f"{side}.{name}" for name in names) for side in "ab")
    return _number(
        connection,
        f"SELECT count(*) FROM {located(table)} AS a FULL JOIN {located(table, suffix)} AS b"  # noqa: S608 - our names
        f" USING ({', '.join(table.key)}) WHERE ROW({mine}) IS DISTINCT FROM ROW({theirs})",
    )


def _number(connection: Connection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0
