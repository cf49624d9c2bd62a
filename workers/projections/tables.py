"""The score tables by name, live or shadow, and how rows get into them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with their array types, and which of them are the key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def names(self) -> str:
        """The column names, for SQL."""
        return ", ".join(name for name, _ in self.columns)


def _columns(text: str = "", whole: str = "") -> tuple[tuple[str, str], ...]:
    return tuple((name, "text") for name in text.split()) + tuple((name, "int8") for name in whole.split())


LEAVES = Table(
    "leaf_scores",
    (
        *_columns("cycle unit item leaf department", "claimed verified final maximum"),
        ("status", "text"),
        ("position", "int8"),
    ),
    ("cycle", "unit", "leaf"),
)
HISTORY = Table(
    "score_history",
    (*_columns("cycle unit item leaf", "position"), *_columns("event type", "claimed verified final")),
    ("cycle", "unit", "leaf", "position"),
)
QUEUE = Table(
    "review_queue",
    _columns("cycle unit item leaf department kind subject", "position"),
    ("cycle", "unit", "item", "kind", "subject"),
)
UNITS = Table(
    "unit_scores",
    (*_columns("cycle unit cohort", "claimed verified base bonus total rank"), ("body", "bytea")),
    ("cycle", "unit"),
)
DEPARTMENTS = Table(
    "department_scores", _columns("cycle department", "won possible bonus rank"), ("cycle", "department")
)
ENROLMENTS = Table("enrolments", _columns("cycle unit", "position"), ("cycle", "unit"))
PARKED = Table(
    "parked", (*_columns("projection stream"), ("position", "int8"), ("error", "text")), ("projection", "stream")
)
ALL = (ENROLMENTS, LEAVES, HISTORY, QUEUE, UNITS, DEPARTMENTS)


def located(table: Table, suffix: str = "") -> str:
    """The table's full name; ``suffix`` "" is live, "__…" a shadow."""
    return f"scores.{table.name}{suffix}"


def put(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], suffix: str = "") -> None:
    """Inserts rows or overwrites those of the same key; one statement whatever their number."""
    if not rows:
        return
    arrays = ", ".join(f"%b::{kind}[]" for _, kind in table.columns)
    changed = ", ".join(f"{name} = excluded.{name}" for name, _ in table.columns if name not in table.key)
    connection.execute(
        f"INSERT INTO {located(table, suffix)} ({table.names}) SELECT * FROM unnest({arrays})"  # noqa: S608 - our names
        f" ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {changed}",
        [list(column) for column in zip(*rows, strict=True)],
    )


def put_absent(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], suffix: str = "") -> None:
    """Inserts the rows whose key is not there yet."""
    if not rows:
        return
    arrays = ", ".join(f"%b::{kind}[]" for _, kind in table.columns)
    connection.execute(
        f"INSERT INTO {located(table, suffix)} ({table.names}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",  # noqa: S608 - our names
        [list(column) for column in zip(*rows, strict=True)],
    )


def take_out(connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]], suffix: str = "") -> None:
    """Deletes the rows of these keys; one that is not there is no error."""
    if not keys:
        return
    kinds = dict(table.columns)
    arrays = ", ".join(f"%b::{kinds[name]}[]" for name in table.key)
    names = ", ".join(table.key)
    connection.execute(
        f"DELETE FROM {located(table, suffix)} WHERE ({names}) IN (SELECT * FROM unnest({arrays}))",  # noqa: S608 - our names
        [list(column) for column in zip(*keys, strict=True)],
    )


def hand_over(connection: Connection, leaves: Sequence[tuple[str, str, str, str, str]], suffix: str = "") -> None:
    """Lays what waits on these leaves (cycle, unit, item, leaf) before another department."""
    if leaves:
        arrays = ", ".join(["%b::text[]"] * len(leaves[0]))
        connection.execute(
            f"UPDATE {located(QUEUE, suffix)} AS q SET department = m.department"  # noqa: S608 - our names
            f" FROM unnest({arrays}) AS m (cycle, unit, item, leaf, department)"
            " WHERE (q.cycle, q.unit, q.item, q.leaf) = (m.cycle, m.unit, m.item, m.leaf)",
            [list(column) for column in zip(*leaves, strict=True)],
        )
