"""The real PostgreSQL and Valkey of one run of the suite, however many workers share them."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from migrations.upgrade import upgrade
from service.stack import postgres, valkey
from tests.clusters import lay
from workers.database_url import DatabaseUrl
from workers.settings import SERVICE_ROLE, WORKER_ROLE

TEMPLATE = "kaohe_template"
# fsync stays on, for the tests that kill servers rely on it; a database made from the template costs about
# 20 ms and its removal 17 ms, against 22 and 7 ms without (STRATEGY FILE_COPY: 46 and 28 ms).
SETTINGS = {"max_connections": "200", "shared_buffers": "256MB"}


@dataclass(frozen=True, slots=True)
class Database:
    """One migrated database, as each role reaches it; any role is trusted without a password."""

    owner: DatabaseUrl
    service: DatabaseUrl
    worker: DatabaseUrl

    @property
    def name(self) -> str:
        return self.owner.database


class Servers:
    """Starts the two servers when first asked for their addresses, and stops what it started."""

    def __init__(self, given: dict[str, str] | None = None) -> None:
        self.given = given
        self.running = contextlib.ExitStack()

    def addresses(self) -> dict[str, str]:
        if self.given is None:
            folder = Path(tempfile.mkdtemp(prefix="kaohe-tests-"))
            self.running.callback(shutil.rmtree, folder, ignore_errors=True)
            database = postgres.start(folder / "postgres", settings=SETTINGS)
            self.running.callback(database.stop)
            broker = valkey.start(folder / "valkey")
            self.running.callback(broker.stop)
            self.given = {"postgres": database.url.libpq, "valkey": broker.url}
        return self.given

    def stop(self) -> None:
        self.running.close()


def roles(owner: DatabaseUrl) -> Database:
    return Database(owner, owner.as_user(SERVICE_ROLE), owner.as_user(WORKER_ROLE))


def as_owner(server: DatabaseUrl) -> Any:
    return contextlib.closing(psycopg.connect(server.libpq, autocommit=True))


def template(server: DatabaseUrl) -> str:
    """Migrates one database for the whole run; the first worker to come does it, the others wait."""
    with as_owner(server) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('kaohe.tests'))")
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (TEMPLATE,)).fetchone()
        if not known:
            connection.execute("DROP DATABASE IF EXISTS kaohe_draft")
            connection.execute("CREATE DATABASE kaohe_draft")
            upgrade(server.in_database("kaohe_draft").libpq)
            connection.execute("ALTER DATABASE kaohe_draft RENAME TO kaohe_template")
    return TEMPLATE


def create(server: DatabaseUrl, name: str) -> None:
    """Makes a migrated database with nothing in it."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY WAL_LOG")
    with as_owner(server) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template(server))))


def drop(server: DatabaseUrl, name: str) -> None:
    """Removes a database, whoever is still connected."""
    with as_owner(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextlib.contextmanager
def fresh_database(server: DatabaseUrl, name: str) -> Iterator[Database]:
    """Gives a migrated database with nothing in it, and drops it afterwards."""
    create(server, name)
    try:
        yield roles(server.in_database(name))
    finally:
        drop(server, name)


@contextlib.contextmanager
def clusters(folder: Path) -> Iterator[Callable[[str], postgres.Postgres]]:
    """Gives a factory of servers of one's own, by name; the same name starts the same data again."""
    started: list[postgres.Postgres] = []

    def start(name: str = "cluster") -> postgres.Postgres:
        lay(folder / name)
        started.append(postgres.start(folder / name, settings={"shared_buffers": "16MB"}))
        return started[-1]

    try:
        yield start
    finally:
        for server in started:
            server.stop()


def process_number() -> int:
    """Numbers the workers of one run from 0."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
