"""`kaohe run`: the whole house on one machine, from an empty folder to an address, and back to silence."""

import contextlib
import http.client
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from service.stack import accounts, checks, commands, orphans, postgres, valkey
from service.stack.children import Program, spawn
from service.stack.console import Report, complain, say, step
from service.stack.folders import locked, prepare
from service.stack.interrupts import Interrupts, StopRequest, heard
from service.stack.processes import Watch
from service.stack.trouble import StackError
from workers.settings import SERVICE_ROLE, WORKER_ROLE, Settings

FORCED = 130  # the exit code after a second Ctrl-C
WEB_SECONDS = 60.0
# Root's PostgreSQL may have to run as nobody, who must pass through root's folder.
PASSAGE = 0o711 if os.geteuid() == 0 else 0o700
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to knock, not where to listen


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do before the doors open, with its name in both languages."""

    zh: str
    en: str
    act: Callable[[Settings, Report], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """What the house is for, handed in by the command line."""

    migrate: Callable[[str], None]  # given the owner's address
    prepare: tuple[Step, ...] = ()  # after migrating, before anything runs
    programs: Callable[[Settings], tuple[Program, ...]] = commands.programs  # the web server last
    opened: Callable[[Settings], None] = lambda _settings: None  # once the web server answers


def run(settings: Settings, steps: Steps) -> int:
    """Runs Kaohe until it is asked to stop; gives the exit code.

    0 after Ctrl-C or SIGTERM, 130 after a second one; 2 when a setting cannot be used, 1 for a dead server.
    """
    with heard() as interrupts:
        watch = Watch(interrupts.hurry)
        try:
            with locked(prepare(settings.data, PASSAGE)), private():
                orphans.mark(settings.data)  # one of them may hold the port
                checks.port_is_free(settings.host, settings.port)
                live(settings, steps, watch, interrupts)
        except StopRequest:
            return FORCED if interrupts.hurry() else 0
        except StackError as trouble:
            complain(trouble)
            return trouble.exit_code
    raise AssertionError("only a signal or a trouble ends the watch")


@contextlib.contextmanager
def private() -> Iterator[None]:
    """Keeps what is written within the block from everybody else on the machine."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def live(settings: Settings, steps: Steps, watch: Watch, interrupts: Interrupts) -> None:
    """Starts everything, keeps it running, and stops it whatever happens."""
    try:
        settings = with_servers(settings, watch)
        settings = with_schema(settings, steps, watch)
        with_processes(settings, steps, watch)
        say(f"Kaohe: http://{settings.host}:{settings.port}/  (Ctrl-C 停止 stops)")
        steps.opened(settings)
        watch.keep()
    finally:
        interrupts.stopping = True
        with step("正在停止", "Stopping"):
            watch.stop()


def with_servers(settings: Settings, watch: Watch) -> Settings:
    """Starts PostgreSQL and Valkey, or checks the ones that were named."""
    if settings.owner is None:
        with step("启动 PostgreSQL", "Starting PostgreSQL"):
            server = postgres.start(settings.data / "postgres", passwords=True)
            watch.add(server.child)
            owner = accounts.with_database(server.url)
        service, worker = owner.as_user(SERVICE_ROLE), owner.as_user(WORKER_ROLE)
        settings = replace(settings, owner=owner, service=service, worker=worker)
    else:
        checks.database_answers(settings.owner)
    if settings.redis is None:
        with step("启动 Valkey", "Starting Valkey"):
            broker = valkey.start(settings.data / "valkey")
            watch.add(broker.child, lambda: valkey.start(settings.data / "valkey", broker.port).child)
        settings = replace(settings, redis=broker.url)
    else:
        checks.broker_answers(settings.redis)
    return settings


def with_schema(settings: Settings, steps: Steps, watch: Watch) -> Settings:
    """Migrates, sets the roles' passwords, and does what has to be done before the doors open."""
    try:
        with step("迁移数据库", "Migrating the database"):
            steps.migrate(settings.owner_database.libpq)
            settings = accounts.with_passwords(settings)
        for one in steps.prepare:
            with step(one.zh, one.en) as report:
                one.act(settings, report)
    except Exception:
        watch.look()  # a step that fails because a server died is told as the server's death
        raise
    return settings


def with_processes(settings: Settings, steps: Steps, watch: Watch) -> None:
    """Starts the workers, the beat and the web server, and waits until the web server says it is ready."""
    with step("启动工作进程和网页服务", "Starting the workers and the web server"):
        for program in steps.programs(settings):
            watch.add(spawn(program), partial(spawn, program))
        watch.until(lambda: ready(settings), WEB_SECONDS)


def ready(settings: Settings) -> bool:
    """Asks the web server whether it is ready to serve."""
    host = ANYWHERE.get(settings.host, settings.host)
    with contextlib.closing(http.client.HTTPConnection(host, settings.port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
