"""Shadow tables: made beside the live ones, filled without indexes, keyed, and swapped in by renaming."""

from collections.abc import Sequence
from typing import Any

from workers.projections.tables import ALL, PARKED, Connection, Table, located

SHADOWED = (*ALL, PARKED)
_SHADOWS = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'scores'::regnamespace AND relkind = 'r' AND relname ~ '__'"
)
_OPTIONS = "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = %s::regclass AND reloptions <> '{}'"


def create(connection: Connection, suffix: str) -> None:
    """Makes an empty shadow of every score table, without keys."""
    for table in SHADOWED:
        live, shadow = located(table), located(table, suffix)
        connection.execute(f"CREATE TABLE {shadow} (LIKE {live} INCLUDING ALL EXCLUDING INDEXES)")
        options = connection.execute(_OPTIONS, (live,)).fetchone()
        if options:
            connection.execute(f"ALTER TABLE {shadow} SET ({options[0]})")


def key(connection: Connection, suffix: str) -> None:
    """Gives the filled shadows their primary keys."""
    for table in SHADOWED:
        connection.execute(f"ALTER TABLE {located(table, suffix)} ADD PRIMARY KEY ({', '.join(table.key)})")


def analyze(connection: Connection, suffix: str) -> None:
    """Gives the planner its figures, for shadows that are about to go live."""
    for table in SHADOWED:
        connection.execute(f"ANALYZE {located(table, suffix)}")


def swap(connection: Connection, suffix: str) -> None:
    """The shadows are the live tables from here; the old ones are gone."""
    for table in SHADOWED:
        connection.execute(f"DROP TABLE {located(table)}")
        connection.execute(f"ALTER TABLE {located(table, suffix)} RENAME TO {table.name}")
        connection.execute(f"ALTER INDEX {located(table, suffix)}_pkey RENAME TO {table.name}_pkey")


def drop(connection: Connection) -> None:
    """Drops every shadow there is."""
    for (name,) in connection.execute(_SHADOWS).fetchall():
        connection.execute(f"DROP TABLE scores.{name}")


def copy(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], suffix: str) -> None:
    """Appends rows by COPY, the fastest way into a table nobody reads yet."""
    if rows:
        with connection.cursor().copy(f"COPY {located(table, suffix)} ({table.names}) FROM STDIN") as out:
            for row in rows:
                out.write_row(row)
