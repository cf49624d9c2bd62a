"""What the built-in PostgreSQL promises: one folder, one server, every committed row."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from service.stack import postgres
from service.stack.children import launched, wait_until
from service.stack.postgres import Postgres
from service.stack.trouble import StackError

LODGER = Path(__file__).with_name("lodger.py")
FULL = 'mount -t tmpfs -o size=12m none "$3" && exec "$1" "$2" postgres "$3/postgres"'


@contextlib.contextmanager
def lodger(server: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another program with a server of its own in the folder; gives both process ids."""
    command = [sys.executable, str(LODGER), server, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        yield other, int(other.stdout.readline())
        other.kill()


def gone(pid: int) -> bool:
    return wait_until(lambda: not Path(f"/proc/{pid}").exists(), 60)


def remember(server: Postgres) -> None:
    with psycopg.connect(server.url.libpq) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS row")


def remembered(server: Postgres) -> bool:
    with psycopg.connect(server.url.libpq) as connection:
        return connection.execute("SELECT row FROM kept").fetchone() == (1,)


@pytest.mark.parametrize("end", [Postgres.stop, Postgres.kill])
def test_what_was_committed_is_there_after_the_next_start(
    fresh_cluster: Callable[[str], Postgres], end: Callable[[Postgres], None]
) -> None:
    first = fresh_cluster("a")
    remember(first)
    end(first)
    assert not first.running()
    assert remembered(fresh_cluster("a"))


def test_the_note_of_a_dead_server_is_not_believed_when_its_number_was_given_to_another_program(
    fresh_cluster: Callable[[str], Postgres], tmp_path: Path
) -> None:
    first = fresh_cluster("a")
    remember(first)
    first.kill()
    note = tmp_path / "a" / "cluster" / "postmaster.pid"
    with subprocess.Popen(["/bin/sleep", "600"]) as other:
        lines = note.read_text().splitlines()
        note.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        second = fresh_cluster("a")
        assert remembered(second)
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("folder", ["数 据 's $HOME", "a,b", "long" * 30])
def test_a_folder_may_have_any_name(fresh_cluster: Callable[[str], Postgres], folder: str) -> None:
    server = fresh_cluster(folder)
    socket = Path(server.url.host)
    remember(server)
    assert remembered(server)
    assert socket.stat().st_mode & 0o777 == 0o700
    server.stop()
    assert not socket.exists()


def test_a_folder_in_use_by_a_living_server_is_refused(tmp_path: Path) -> None:
    with (
        lodger("postgres", tmp_path / "a") as (other, _),
        pytest.raises(StackError, match=rf"is in use by process {other.pid};"),
    ):
        postgres.start(tmp_path / "a")


def test_a_server_does_not_outlive_the_program_that_started_it(
    fresh_cluster: Callable[[str], Postgres], tmp_path: Path
) -> None:
    with lodger("postgres", tmp_path / "a") as (other, server):
        other.send_signal(signal.SIGKILL)
        other.wait()
        assert gone(server)
    assert fresh_cluster("a").running()


def test_a_server_does_not_hear_the_terminals_ctrl_c(fresh_cluster: Callable[[str], Postgres]) -> None:
    server = fresh_cluster("a")
    assert os.getsid(server.pid) == os.getpgid(server.pid) == server.pid


def test_data_of_another_version_are_refused_and_left_alone(tmp_path: Path) -> None:
    cluster = tmp_path / "a" / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(StackError, match="holds data of PostgreSQL 17, and this program brings 18;"):
        postgres.start(tmp_path / "a")
    assert [file.name for file in cluster.iterdir()] == ["PG_VERSION"]


def test_a_cluster_that_was_only_half_made_is_made_anew(
    fresh_cluster: Callable[[str], Postgres], tmp_path: Path
) -> None:
    (tmp_path / "a" / "cluster.new").mkdir(parents=True)
    (tmp_path / "a" / "cluster.new" / "PG_VERSION").write_text("18\n")
    assert fresh_cluster("a").running()


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [("{file}", "is not a folder"), ("{file}/below", "is not a folder"), ("{shut}/a", "may not be written")],
)
def test_a_folder_that_cannot_hold_data_is_told_in_a_sentence(tmp_path: Path, folder: str, sentence: str) -> None:
    (tmp_path / "file").touch()
    # /sys/kernel is closed to everybody, root included.
    place = Path(folder.format(file=tmp_path / "file", shut="/sys/kernel"))
    with pytest.raises(StackError, match=sentence):
        postgres.start(place)


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    small = ["unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", FULL, "sh"]
    if subprocess.run([*small[:4], "/bin/true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    told = subprocess.run([*small, sys.executable, LODGER, tmp_path], check=False, capture_output=True, text=True)
    assert told.returncode == 1
    assert f"The data folder {tmp_path}/postgres is on a full disk" in told.stderr
    assert "Traceback" not in told.stderr


def test_only_the_owner_is_let_in_without_a_password(tmp_path: Path) -> None:
    server = postgres.start(tmp_path / "a", passwords=True)
    try:
        with psycopg.connect(server.url.libpq, autocommit=True) as connection:
            connection.execute("CREATE ROLE guest LOGIN PASSWORD 'right'")
        psycopg.connect(server.url.as_user("guest", "right").libpq).close()
        for password in ("wrong", ""):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(server.url.as_user("guest", password).libpq)
    finally:
        server.stop()


def test_the_server_writes_every_commit_to_disk_and_listens_to_no_network(
    fresh_cluster: Callable[[str], Postgres],
) -> None:
    with psycopg.connect(fresh_cluster("a").url.libpq) as connection:
        for name, value in {"fsync": "on", "synchronous_commit": "on", "listen_addresses": ""}.items():
            shown = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            assert shown == (value,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
@pytest.mark.parametrize(("identity", "number"), [("namespace", "1000"), ("nobody", "65534")])
def test_root_hands_the_server_to_somebody_else(identity: str, number: str) -> None:
    shown = subprocess.run(
        launched(["/usr/bin/id", "-u"], identity), cwd="/", check=False, capture_output=True, text=True
    )
    if shown.returncode:
        pytest.skip(f"this machine does not let root become {identity}")
    assert shown.stdout.strip() == number
