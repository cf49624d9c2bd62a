"""Databases that serve one test after another: emptied in between, and thrown away when anything but rows changed.

Making a database and dropping it costs more than most tests do with it. What makes a used one equal to a new one is
checked, not assumed: each row of the catalogs that describe it must still be the one that the template had.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from tests.servers import Database, as_owner, create, drop, roles
from workers.database_url import DatabaseUrl

TIMES = 20  # a database that served so often goes: dead rows and grown indexes would slow what comes later
CATALOGS = (
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_index",
    "pg_namespace",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_sequence",
    "pg_trigger",
    "pg_type",
    "pg_event_trigger",
    "pg_largeobject_metadata",
    "pg_default_acl",
)
# A row of a catalog that was changed in any way has a newer transaction, as PostgreSQL's row versions go.
SHAPE = " UNION ALL ".join(f"SELECT '{name}' || ctid || xmin AS row FROM {name}" for name in CATALOGS)  # noqa: S608
SETTINGS = """SELECT setconfig::text FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
  WHERE d.datname = current_database()"""
FINGERPRINT = f"SELECT md5(string_agg(row, ',' ORDER BY row)) FROM ({SHAPE} UNION ALL {SETTINGS}) AS every"  # noqa: S608
TABLES = """SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
SEQUENCES = """SELECT format('%I.%I', schemaname, sequencename), start_value FROM pg_sequences
  WHERE last_value IS NOT NULL"""
OTHERS = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@dataclass(slots=True)
class Used:
    """A database between two tests, with what it looked like when new."""

    name: str
    shape: str
    rows: dict[str, Any]  # table -> its rows as JSON, null when it has none
    times: int = 0


@dataclass(slots=True)
class Pool:
    """The databases of one worker process."""

    server: DatabaseUrl
    free: list[Used] = field(default_factory=list)

    @contextlib.contextmanager
    def database(self, name: str) -> Iterator[Database]:
        """Gives a migrated database of that name with nothing in it."""
        used = self.take(name)
        try:
            yield roles(self.server.in_database(name))
        finally:
            if used.times < TIMES and emptied(self.server, used):
                self.free.append(used)
            else:
                drop(self.server, name)

    def take(self, name: str) -> Used:
        """One that is free, renamed so that nothing remembered by its name is taken for this one's; or a new one."""
        if not self.free:
            create(self.server, name)
            return looked_at(self.server, name)
        used = self.free.pop()
        with as_owner(self.server) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(used.name), sql.Identifier(name))
            )
        used.name, used.times = name, used.times + 1
        return used

    def close(self) -> None:
        """Drops what is left."""
        while self.free:
            drop(self.server, self.free.pop().name)


def looked_at(server: DatabaseUrl, name: str) -> Used:
    with as_owner(server.in_database(name)) as connection:
        tables = [row[0] for row in connection.execute(TABLES)]
        return Used(name, shape(connection), {table: rows(connection, table) for table in tables})


def shape(connection: psycopg.Connection[Any]) -> str:
    return str(only(connection, FINGERPRINT))


def rows(connection: psycopg.Connection[Any], table: str) -> Any:
    return only(connection, f"SELECT json_agg(t)::text FROM {table} t")  # noqa: S608 - named by the catalog


def only(connection: psycopg.Connection[Any], query: str) -> Any:
    [(value,)] = connection.execute(query.encode()).fetchall()
    return value


def emptied(server: DatabaseUrl, used: Used) -> bool:
    """Brings the rows back to those of a new database; tells whether nothing else differs from one."""
    with contextlib.suppress(psycopg.Error), as_owner(server.in_database(used.name)) as connection:
        connection.execute(OTHERS)
        if shape(connection) != used.shape:
            return False
        connection.execute("SET session_replication_role = replica")  # the record's own guards are asleep
        with connection.transaction():
            for table, before in used.rows.items():
                connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608 - named by the catalog
                if before:
                    insert = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
                    connection.execute(insert.encode(), [before])
        for sequence, start in connection.execute(SEQUENCES).fetchall():
            connection.execute("SELECT setval(%s, %s, false)", [sequence, start])
        return True
    return False
