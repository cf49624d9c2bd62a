"""What `kaohe run` promises to the person at the terminal, whatever dies under it."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from service.stack.attach import attached
from service.stack.orphans import over
from service.stack.trouble import StackError
from tests.clusters import lay
from tests.servers import Database
from workers.settings import Settings

HOUSE = Path(__file__).with_name("house.py")
TERMINAL = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
SECONDS = 60  # never reached unless something hangs


@dataclass
class House:
    """One `kaohe run` in a data folder, its output, and everything that lives in that folder."""

    process: subprocess.Popen[str]
    data: Path
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def hears(self, words: str) -> str:
        wait(lambda: words in self.said() or self.process.poll() is not None)
        assert words in self.said(), self.said()
        return self.said()

    def ends(self) -> int:
        return self.process.wait(SECONDS)

    def ask(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.ends()

    def living(self, name: str = "") -> set[int]:
        """The processes that work in the data folder (a parent's command line holding `name`)."""
        return {pid for pid, cwd, command in processes() if str(self.data) in cwd and name in command}

    def one(self, name: str) -> int:
        wait(lambda: bool(self.living(name)))
        return min(self.living(name))


def processes() -> Iterator[tuple[int, str, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            yield int(folder.name), str((folder / "cwd").readlink()), command


def wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def one_child(parent: int) -> int:
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Starts houses in the folder "数 据" (or another), and leaves nothing of them behind."""
    houses: list[House] = []

    def start(worker: str = "worker", folder: str = "数 据", *, laid: bool = True, **environment: str) -> House:
        data, output = tmp_path / folder, tmp_path / f"output-{len(houses)}"
        if laid and "KAOHE_DATABASE_URL" not in environment:
            lay(data / "postgres")
        given = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")}
        given |= {"KAOHE_DATA_DIR": str(data), "KAOHE_PORT": str(free_port()), **environment}
        with output.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, HOUSE, worker],
                stdout=out,
                stderr=out,
                env=given,
                text=True,
                start_new_session=True,
            )
        houses.append(House(process, data, output))
        return houses[-1]

    yield start
    for one in houses:
        one.process.kill()
        one.process.wait()
    wait(lambda: not [one for one in houses if one.living()])


@pytest.fixture
def served(database: Database, redis_url: str) -> dict[str, str]:
    """The addresses of servers that are already running."""
    return {"KAOHE_DATABASE_URL": database.owner.libpq, "KAOHE_REDIS_URL": redis_url}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_house_leaves_no_process_and_starts_again_with_the_same_data(
    house: Callable[..., House], number: signal.Signals
) -> None:
    for visit in (1, 2):
        one = house()
        one.hears(f"open: visit {visit} as kaohe_service")
        assert one.living("postgres -D")
        assert one.ask(number) == 0
        assert not one.living()


def test_a_killed_house_takes_everything_with_it_and_starts_again_at_once(
    house: Callable[..., House],
) -> None:
    first = house()
    first.hears("open: visit 1")
    assert first.ask(signal.SIGKILL) == -signal.SIGKILL
    second = house()
    second.hears("open: visit 2")
    assert second.ask(signal.SIGINT) == 0
    assert not second.living()


def test_what_a_killed_house_and_its_killed_children_left_behind_ends_before_the_next_start(
    house: Callable[..., House], served: dict[str, str]
) -> None:
    port = {"KAOHE_PORT": str(free_port())}
    first = house(**served, **port)
    first.hears("open:")
    # The web server's own child outlives both, and holds the port.
    grandchild = one_child(first.one("be web"))
    for pid in (first.one("be web"), first.process.pid):
        os.kill(pid, signal.SIGKILL)
    first.ends()
    assert not over(grandchild)
    second = house(**served, **port)
    second.hears("open:")
    assert over(grandchild)
    assert second.ask(signal.SIGINT) == 0


def test_a_port_in_use_is_told_before_anything_is_started(house: Callable[..., House]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        one = house(laid=False, KAOHE_PORT=str(other.getsockname()[1]))
        assert one.ends() == 2
    assert re.fullmatch(r"端口 \d+ 已被占用；.*。\nPort \d+ is in use; .*\.\n", one.said())
    assert not list(one.data.glob("*/"))


def test_a_second_house_in_the_same_folder_is_refused(house: Callable[..., House], served: dict[str, str]) -> None:
    first = house(**served)
    first.hears("open:")
    second = house(**served)
    assert second.ends() == 1
    assert f"is in use by process {first.process.pid}" in second.said()
    assert first.ask(signal.SIGINT) == 0


@pytest.mark.parametrize("name", ["be worker", "be web"])
def test_a_killed_process_is_started_again(house: Callable[..., House], served: dict[str, str], name: str) -> None:
    one = house(**served)
    one.hears("open:")
    before = one.one(name)
    os.kill(before, signal.SIGKILL)
    one.hears(f"{name.split()[1]}：意外结束")
    wait(lambda: bool(one.living(name) - {before}))
    assert one.ask(signal.SIGINT) == 0
    assert not one.living()


def test_a_killed_broker_comes_back_where_its_clients_look_for_it(
    house: Callable[..., House], database: Database
) -> None:
    one = house(KAOHE_DATABASE_URL=database.owner.libpq)
    one.hears("open:")
    port = (one.data / "valkey" / "port").read_text()
    before = one.one("valkey-server")
    os.kill(before, signal.SIGKILL)
    wait(lambda: bool(one.living("valkey-server") - {before}))
    assert (one.data / "valkey" / "port").read_text() == port
    assert one.ask(signal.SIGINT) == 0


def test_a_dead_database_is_told_in_a_sentence_and_everything_else_stops(
    house: Callable[..., House],
) -> None:
    one = house()
    one.hears("open:")
    os.kill(one.one("postgres -D"), signal.SIGKILL)
    assert one.ends() == 1
    assert "PostgreSQL ended unexpectedly, so Kaohe stops; what was recorded is safe." in one.said()
    assert "Traceback" not in one.said()
    wait(lambda: not one.living())


def test_a_process_that_cannot_start_is_told_with_its_last_words(
    house: Callable[..., House], served: dict[str, str]
) -> None:
    one = house("broken", **served)
    assert one.ends() == 1
    assert "worker did not start" in one.said()
    assert "  | the broken worker's last words" in one.said()
    assert not one.living()


def test_a_second_ctrl_c_ends_what_does_not_want_to_end(house: Callable[..., House], served: dict[str, str]) -> None:
    one = house("stubborn", **served)
    one.hears("open:")
    one.process.send_signal(signal.SIGINT)
    one.hears("正在停止")
    wait(lambda: not one.living("be web"))
    assert one.living("be stubborn")
    assert one.ask(signal.SIGINT) == 130
    assert not one.living()


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "KAOHE_DATABASE_URL=postgresql://kaohe:hush@127.0.0.1:{port}/x",
            "The PostgreSQL of KAOHE_DATABASE_URL",
        ),
        ("KAOHE_REDIS_URL=redis://:hush@127.0.0.1:{port}/0", "The server of KAOHE_REDIS_URL"),
    ],
)
def test_a_named_server_that_does_not_answer_is_told_in_a_sentence(
    house: Callable[..., House], served: dict[str, str], address: str, sentence: str
) -> None:
    name, url = address.format(port=free_port()).split("=", 1)
    one = house(**(served | {name: url}))
    assert one.ends() == 1
    assert f"{sentence} does not answer" in one.said()
    assert "Traceback" not in one.said()
    assert "hush" not in one.said()


def test_another_command_finds_the_servers_of_a_running_house_in_its_folder(
    house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = house()
    one.hears("open:")
    for name in ("DATABASE_URL", "SERVICE_DATABASE_URL", "WORKER_DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(f"KAOHE_{name}", raising=False)
    monkeypatch.setenv("KAOHE_DATA_DIR", str(one.data))
    found = attached(Settings.from_environment())
    for url, role in ((found.owner_database, "postgres"), (found.worker_database, "kaohe_worker")):
        with psycopg.connect(url.libpq) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
    with Redis.from_url(found.broker) as client:
        assert client.ping()
    assert one.ask(signal.SIGINT) == 0
    with pytest.raises(StackError, match="No Kaohe is running in"):
        attached(Settings.from_environment())


def test_a_terminal_shows_the_steps_and_ctrl_c_ends_the_house_in_order(tmp_path: Path) -> None:
    """Types Ctrl-C into a real terminal: the kernel sends SIGINT to the whole foreground group."""
    environment = {"KAOHE_DATA_DIR": str(tmp_path / "a"), "KAOHE_PORT": str(free_port()), "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-c", TERMINAL, sys.executable, HOUSE, "worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | environment,
    ) as terminal:
        assert terminal.stdin
        assert terminal.stdout
        shown = b""
        while part := os.read(terminal.stdout.fileno(), 4096):
            shown += part
            if b"open: visit" in part:
                terminal.stdin.write(b"\x03")
                terminal.stdin.flush()
        assert terminal.wait(SECONDS) == 0, shown.decode()
    assert "✓ 正在停止 Stopping" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert b"Traceback" not in shown


def test_no_child_learns_the_owners_address_and_no_log_or_command_line_a_password(
    house: Callable[..., House],
) -> None:
    one = house()
    one.hears("open:")
    for role, name in (("service", "be web"), ("worker", "be worker")):
        environment = Path(f"/proc/{one.one(name)}/environ").read_text().split("\0")
        addresses = [pair.split("=")[0] for pair in environment if pair.split("=")[0].endswith("DATABASE_URL")]
        assert addresses == [f"KAOHE_{role.upper()}_DATABASE_URL"]
    secrets = [file.read_text() for file in (one.data / "secrets").iterdir()]
    secrets.append((one.data / "valkey" / "password").read_text())
    assert len(secrets) == 3
    shown = [one.said(), *(command for _, _, command in processes())]
    shown += [log.read_text() for log in one.data.rglob("*log*") if log.is_file() and "cluster" not in log.parts]
    assert not [text for text in shown for secret in secrets if secret in text]
    assert one.ask(signal.SIGINT) == 0
