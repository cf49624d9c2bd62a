"""`kaohe run` with small programs in place of the web server and the workers; started by test_stack_run.py.

Called as: house.py WORKER, where WORKER is "worker", "stubborn" (ignores SIGTERM) or "broken" (ends at once).
"""

import http.server
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import psycopg

from migrations.upgrade import upgrade
from service.stack.children import Program
from service.stack.commands import program
from service.stack.console import Report, say
from service.stack.run import Step, Steps, run
from workers.settings import Settings


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent class calls it so
        pass


def serve() -> int:
    """Listens where a child of Kaohe is told to."""
    settings = Settings.from_environment()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with http.server.HTTPServer((settings.host, settings.port), Web) as server:
        if child := os.fork():  # as a real web server has workers, which share its socket
            signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
            os.waitpid(child, 0)
        else:
            server.serve_forever()
    return 0


def work(kind: str) -> NoReturn:
    """Waits for a signal."""
    if kind == "broken":
        sys.exit("the broken worker's last words")
    if kind == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()


def be(kind: str) -> NoReturn:
    """Is one of the house's programs."""
    if kind == "web":
        sys.exit(serve())
    work(kind)


def programs(settings: Settings) -> tuple[Program, ...]:
    """Gives a worker and a web server."""
    command = [sys.executable, str(Path(__file__).resolve())]
    ending = ((signal.SIGTERM, 60.0),)
    return (
        program(settings, "worker", "worker", [*command, "be", sys.argv[1]], ending),
        program(settings, "web", "service", [*command, "be", "web"], ending),
    )


def visit(settings: Settings, report: Report) -> None:
    """Counts the starts of this database, in the database."""
    with psycopg.connect(settings.owner_database.libpq) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS visits (number int)")
        connection.execute("INSERT INTO visits SELECT count(*) + 1 FROM visits")
        report(str(connection.execute("SELECT max(number) FROM visits").fetchone()))


def opened(settings: Settings) -> None:
    """Tells the test that the doors are open, and how often they have been."""
    with psycopg.connect(settings.owner_database.libpq) as connection:
        (visits,) = connection.execute("SELECT max(number) FROM visits").fetchone() or (0,)
    with psycopg.connect(settings.service_database.libpq) as connection:
        (role,) = connection.execute("SELECT current_user").fetchone() or ("",)
    say(f"open: visit {visits} as {role} pid {os.getpid()}")


def main() -> int:
    """Runs the house, or is one of its programs."""
    if sys.argv[1] == "be":
        be(sys.argv[2])
    steps = Steps(upgrade, (Step("演示", "Visiting", visit),), programs, opened)
    return run(Settings.from_environment(), steps)


if __name__ == "__main__":
    sys.exit(main())
