"""PostgreSQL as a child process: a socket in a private folder, no TCP, every commit on disk."""

import contextlib
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from service.stack import binaries, identity
from service.stack.children import Child, Program, spawn, wait_until
from service.stack.cluster import ENVIRONMENT, forget_dead, initialised
from service.stack.folders import blamed, locked, prepare
from service.stack.sockets import socket_folder
from service.stack.trouble import server_trouble
from workers.database_url import DatabaseUrl

PORT = "5432"  # part of the socket's name only
START_SECONDS = 300.0  # recovery after a crash reads the whole write-ahead log
ENDING = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0))  # fast, then immediate
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
# The folder of the socket is ours alone, so the owner needs no password; the service's roles always do.
TRUST = "local all all trust\n"
PASSWORDS = "local all postgres trust\nlocal all all scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; `url` is its owner's address of the database "postgres"."""

    url: DatabaseUrl
    child: Child

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        return self.child.pid

    def running(self) -> bool:
        """Tells whether the postmaster lives."""
        return self.child.running()

    def stop(self) -> None:
        """Ends every session, writes a checkpoint and stops (fast shutdown)."""
        self.child.stop()

    def kill(self) -> None:
        """Kills the postmaster as kill -9 does; its sessions notice and end without writing anything."""
        self.child.kill()


def start(folder: Path, *, passwords: bool = False, settings: Mapping[str, str] | None = None) -> Postgres:
    """Starts the server whose data live in `folder`, made at the first call.

    With `passwords`, every role but the owner must give one. Raises StackError when the folder cannot be
    used, belongs to another version, or is in use; returns when the server answers.
    """
    prepare(folder)
    with locked(folder) as lock, blamed(folder):
        who = identity.choose(binaries.postgres("postgres"), folder)
        cluster = initialised(folder, who)
        forget_dead(cluster)
        (cluster / "pg_hba.conf").write_text(PASSWORDS if passwords else TRUST, "ascii")
        socket = socket_folder(folder)
        identity.give(socket, cluster.stat().st_uid)
        child = spawn(program(folder, cluster, socket, who, settings or {}), keep=[lock])
    return answering(Postgres(DatabaseUrl("postgres", "postgres", str(socket), PORT), child))


def program(folder: Path, cluster: Path, socket: Path, who: str, settings: Mapping[str, str]) -> Program:
    """Gives the server's command line."""
    options = {**SETTINGS, "unix_socket_directories": str(socket), **settings}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries.postgres("postgres")), "-D", str(cluster), *flags]
    return Program("PostgreSQL", command, folder / "log", ENVIRONMENT, folder, ENDING, who, socket)


def answering(server: Postgres) -> Postgres:
    """Waits until the server lets us in; StackError with its last words when it ends instead."""

    def decided() -> bool:
        if not server.running():
            return True
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(server.url.libpq, connect_timeout=5).close()
            return True
        return False

    try:
        if wait_until(decided, START_SECONDS) and server.running():
            return server
    except BaseException:
        server.stop()
        raise
    server.stop()
    raise server_trouble(server.child.name, server.child.program.folder, server.child.program.log)
