"""The processes that make up Kaohe, each told only the addresses it needs."""

import os
import signal
import sys
from pathlib import Path
from typing import Literal

from service.stack.children import Program
from workers.settings import ADDRESSES, Settings
from workers.settings_admission import PROVIDER

APP = "workers.main:app"
WEB = "service.app:create_app"
PROCESSES = 2
# Threads a process: few of them work at once, see service.arriving; the rest wait for bodies and for slow readers.
THREADS = 64
WSGI = ("--interface", "wsgi", "--factory", "--no-ws", "--blocking-threads", str(THREADS))
# What a child learns from us or not at all: only the web server signs people in.
_TOLD = frozenset({*ADDRESSES.values(), *PROVIDER})


def programs(settings: Settings) -> tuple[Program, ...]:
    """Gives the processes in the order they start; they stop in the opposite order, the web server first."""
    return worker(settings), beat(settings), web(settings)


def worker(settings: Settings) -> Program:
    """The Celery worker: SIGTERM lets the tasks under way finish, SIGQUIT does not."""
    options = ["worker", f"--concurrency={PROCESSES}", "--loglevel=WARNING"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    ending = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 3.0))
    return program(settings, "worker", "worker", [*celery(), *options, *quiet], ending)


def beat(settings: Settings) -> Program:
    """The Celery beat, whose sweeps find what a lost nudge left behind."""
    command = [*celery(), "beat", "--loglevel=WARNING", "--pidfile="]
    return program(settings, "beat", "worker", command, ((signal.SIGTERM, 5.0),))


def web(settings: Settings) -> Program:
    """The web server: SIGTERM lets the requests under way finish."""
    where = ["--host", settings.host, "--port", str(settings.port)]
    how = [*WSGI, "--workers", str(PROCESSES)]
    ends = ["--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "5"]
    command = [sys.executable, "-m", "granian", *how, *where, *ends, WEB]
    return program(settings, "web", "service", command, ((signal.SIGTERM, 8.0),))


def celery() -> list[str]:
    """Gives the beginning of every Celery command."""
    return [sys.executable, "-m", "celery", "-A", APP]


def program(
    settings: Settings,
    name: str,
    role: Literal["service", "worker"],
    command: list[str],
    ending: tuple[tuple[signal.Signals, float], ...],
) -> Program:
    """Gives a child with a log of its own and an environment that names one database role, not the owner."""
    inherited = {name: value for name, value in os.environ.items() if name not in _TOLD}
    environment = inherited | settings.environment(role) | {"PYTHONUNBUFFERED": "1"}
    return Program(name, command, log(settings, name), environment, settings.data, ending)


def log(settings: Settings, name: str) -> Path:
    """Gives where a child's output goes."""
    return settings.data / "logs" / f"{name}.log"
