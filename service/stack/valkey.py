"""Valkey as a child process: the broker of nudges, which keeps nothing on disk because nothing in it counts.

It listens on 127.0.0.1 with a password rather than on a socket: Celery writes a socket's address in another
way than redis-py, and one address for both is one thing less to get wrong. The port and the password stay
the same from start to start, so clients of a broker that was killed find it again.
"""

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.stack import binaries
from service.stack.children import Child, Program, spawn, wait_until
from service.stack.folders import blamed, locked, prepare, secret
from service.stack.ports import LOOPBACK, choose_port, is_free
from service.stack.trouble import StackError, server_trouble

START_SECONDS = 10.0
ATTEMPTS = 5  # another program may take a free port between our look and the server's
ENDING = ((signal.SIGTERM, 5.0),)
CONFIGURATION = """
bind {host}
port {port}
requirepass {password}
protected-mode yes
daemonize no
save ""
appendonly no
maxmemory-policy noeviction
databases 256
"""


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running broker; `url` is its address with the password, and is not printed."""

    port: int
    password: str
    child: Child

    def __repr__(self) -> str:
        return f"Valkey(port={self.port}, pid={self.pid})"

    @property
    def url(self) -> str:
        """The address of database 0, as Celery and redis-py read it."""
        return address(self.port, self.password)

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self.child.pid

    def running(self) -> bool:
        """Tells whether the server lives."""
        return self.child.running()

    def stop(self) -> None:
        """Asks it to end; what it held is forgotten."""
        self.child.stop()

    def kill(self) -> None:
        """Kills it as kill -9 does."""
        self.child.kill()


def start(folder: Path, port: int | None = None) -> Valkey:
    """Starts the broker whose port and password live in `folder`; returns when it answers.

    With `port`, on no other: its clients know only that. Raises StackError when the folder cannot be used,
    is in use, or the port is not free.
    """
    prepare(folder)
    with locked(folder) as lock, blamed(folder):
        password = secret(folder / "password")
        for _ in range(ATTEMPTS):
            chosen = port or choose_port(folder / "port")
            if not is_free(chosen):
                raise port_taken(chosen)
            configure(folder / "valkey.conf", chosen, password)
            server = Valkey(chosen, password, spawn(program(folder), keep=[lock]))
            if answers(server):
                return server
            server.kill()
    raise server_trouble("Valkey", folder, program(folder).log)


def program(folder: Path) -> Program:
    """Gives the server's command line; its paths are relative, so that no folder's name needs quoting."""
    environment = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
    return Program("Valkey", [binaries.valkey(), "valkey.conf"], folder / "log", environment, folder, ENDING)


def configure(file: Path, port: int, password: str) -> None:
    """Writes the configuration, readable by its owner only: a command line would show the password."""
    file.touch(0o600)
    file.write_text(CONFIGURATION.format(host=LOOPBACK, port=port, password=password), "ascii")


def port_taken(port: int) -> StackError:
    """Says that the broker cannot come back where its clients look for it."""
    return StackError(
        f"Valkey 的端口 {port} 被其他程序占用；请重新启动 Kaohe。",
        f"The port {port} of Valkey was taken by another program; start Kaohe again.",
    )


def answers(server: Valkey) -> bool:
    """Waits until the server answers a ping; False when it ends instead."""
    once = Retry(NoBackoff(), 0)
    client: Any = Redis(host=LOOPBACK, port=server.port, password=server.password, socket_timeout=1, retry=once)

    def pong() -> bool:
        with contextlib.suppress(RedisError):
            return bool(client.ping())
        return False

    with contextlib.closing(client):
        return wait_until(lambda: not server.running() or pong(), START_SECONDS) and server.running()


def known_url(folder: Path) -> str | None:
    """Gives the address of the broker that was started last in `folder`, None if there never was one."""
    try:
        port, password = (folder / "port").read_text("ascii"), (folder / "password").read_text("ascii")
    except FileNotFoundError:
        return None
    return address(int(port), password)


def address(port: int, password: str) -> str:
    """Gives the address of database 0, as Celery and redis-py read it."""
    return f"redis://:{password}@{LOOPBACK}:{port}/0"
