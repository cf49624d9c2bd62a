"""The server of one run: PostgreSQL 18 with fsync on, in a folder that is removed at the end."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from migrations.upgrade import upgrade
from service.stack import postgres
from workers.database_url import DatabaseUrl
from workers.settings import SERVICE_ROLE, WORKER_ROLE

SETTINGS = {"max_connections": "100", "shared_buffers": "512MB", "max_wal_size": "4GB"}


@dataclass(frozen=True, slots=True)
class House:
    """One migrated database of the run's server, as each role reaches it."""

    owner: DatabaseUrl

    @property
    def service(self) -> DatabaseUrl:
        """As the web server reaches it."""
        return self.owner.as_user(SERVICE_ROLE)

    @property
    def worker(self) -> DatabaseUrl:
        """As the workers reach it."""
        return self.owner.as_user(WORKER_ROLE)

    def fresh(self, name: str) -> "House":
        """Another migrated database of the same server, empty."""
        with psycopg.connect(self.owner.libpq, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made = House(self.owner.in_database(name))
        upgrade(made.owner.libpq)
        return made


@contextlib.contextmanager
def house() -> Iterator[House]:
    """Starts the server and stops it at the end; its folder goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="kaohe-bench-"))
    try:
        server = postgres.start(folder / "postgres", settings=SETTINGS)
        try:
            yield House(server.url)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
