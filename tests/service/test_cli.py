"""What the command line says when something is wrong: one sentence in each language, and an exit code that is not 0."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from domain.refusals import Refused
from service.app import create_app
from service.bootstrap import bootstrap, newcomer
from service.office import Office
from service.stack.folders import locked
from tests.servers import Database, as_owner, process_number
from tests.service.demo_year import settings_of
from workers.database_url import DatabaseUrl

KAOHE = Path(sys.executable).with_name("kaohe")
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def kaohe(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a command in a data folder of its own, with nothing of ours in its environment but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")}
    environment = kept | {"KAOHE_DATA_DIR": str(folder), "KAOHE_PORT": "0", "NO_COLOR": "1"} | variables
    if environment["KAOHE_PORT"] == "0":
        environment["KAOHE_PORT"] = str(free_port())
    return subprocess.run(
        [KAOHE, *command], env=environment, cwd=folder.parent, capture_output=True, text=True, check=False, timeout=120
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def said(ended: subprocess.CompletedProcess[str], code: int, zh: str, en: str) -> None:
    """It ended with the code and the sentence, in both languages, and without a trace of the program's insides."""
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert zh in ended.stderr
    assert en in ended.stderr
    assert "Traceback" not in ended.stderr


def named(database: Database, redis: str) -> dict[str, str]:
    return {
        "KAOHE_DATABASE_URL": database.owner.libpq,
        "KAOHE_SERVICE_DATABASE_URL": database.service.libpq,
        "KAOHE_WORKER_DATABASE_URL": database.worker.libpq,
        "KAOHE_REDIS_URL": redis,
    }


@pytest.fixture
def empty_database(postgres_server: DatabaseUrl) -> Iterator[DatabaseUrl]:
    name = f"bare_{process_number()}"
    with as_owner(postgres_server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_server.in_database(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        ended = kaohe(tmp_path / "data", "run", KAOHE_PORT=port)
    said(ended, 2, f"端口 {port} 已被占用", f"Port {port} is in use")


def test_a_data_folder_of_another_version_is_named_and_left_alone(tmp_path: Path) -> None:
    version = tmp_path / "data/postgres/cluster/PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("16\n")
    said(kaohe(tmp_path / "data", "run"), 1, "是 PostgreSQL 16 的数据", "holds data of PostgreSQL 16")
    assert version.read_text() == "16\n"


def test_a_data_folder_in_use_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with locked(tmp_path / "data"):
        ended = kaohe(tmp_path / "data", "run")
    said(ended, 1, f"正被另一个进程（{os.getpid()}）使用", f"is in use by process {os.getpid()}")


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    said(kaohe(tmp_path / "data", "run"), 1, "不是文件夹", "is not a folder")


@pytest.mark.parametrize("command", [("run",), ("migrate",)])
def test_a_dead_server_is_named(tmp_path: Path, command: tuple[str, ...], redis_url: str) -> None:
    ended = kaohe(tmp_path / "data", *command, KAOHE_DATABASE_URL=NOWHERE, KAOHE_REDIS_URL=redis_url)
    said(ended, 1, "没有应答", "does not answer")


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    said(kaohe(tmp_path / "data", "run", KAOHE_PORT="eight"), 2, "KAOHE_PORT", "KAOHE_PORT")


@pytest.mark.parametrize("command", [("migrate",), ("people", "bootstrap", "--name", "王")])
def test_a_command_that_needs_a_running_house_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    said(kaohe(tmp_path / "data", *command), 1, "没有正在运行的 Kaohe", "No Kaohe is running")


def test_tokens_of_a_folder_without_a_demo_are_none(tmp_path: Path) -> None:
    said(kaohe(tmp_path / "data", "tokens"), 1, "没有演示", "There is no demo")


def test_migrate_brings_an_empty_database_to_this_version(
    tmp_path: Path, empty_database: DatabaseUrl, redis_url: str
) -> None:
    for _ in range(2):
        variables = {"KAOHE_DATABASE_URL": empty_database.libpq, "KAOHE_REDIS_URL": redis_url}
        ended = kaohe(tmp_path / "data", "migrate", **variables)
        assert (ended.returncode, ended.stderr) == (0, "")
    with psycopg.connect(empty_database.libpq) as connection:
        assert connection.execute("SELECT count(*) FROM record.events").fetchone() == (0,)


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_database_of_a_later_version_is_named_and_left_alone(
    tmp_path: Path, database: Database, redis_url: str, command: str
) -> None:
    with as_owner(database.owner) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = kaohe(tmp_path / "data", command, **named(database, redis_url))
    said(ended, 1, "由更新版本的 Kaohe 建立", "made by a later version of Kaohe")
    with as_owner(database.owner) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_the_first_administrator_is_made_once_and_never_again(
    tmp_path: Path, database: Database, redis_url: str
) -> None:
    variables = named(database, redis_url)
    first = kaohe(tmp_path / "data", "people", "bootstrap", "--name", "王", **variables)
    assert (first.returncode, first.stderr) == (0, "")
    app = create_app(settings_of(database, redis_url, tmp_path))
    me = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {first.stdout.strip()}"})
    assert me.get_json()["roles"] == [{"role": "administrator", "scope": "*"}]
    assert me.get_json()["name"] == "王"
    app.extensions["kaohe"].close()
    again = kaohe(tmp_path / "data", "people", "bootstrap", "--name", "李", **variables)
    said(again, 1, "已有人员登记", "people are registered already")
    assert again.stdout == ""


def test_of_two_first_administrators_at_the_same_moment_one_is_refused(
    tmp_path: Path, database: Database, redis_url: str
) -> None:
    office = Office(settings_of(database, redis_url, tmp_path))
    together, outcomes = threading.Barrier(4), []

    def attempt(number: int) -> None:
        together.wait()
        try:
            bootstrap(office, f"第{number}人", *newcomer())
            outcomes.append("made")
        except Refused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.close()
    assert sorted(outcomes) == ["already-exists"] * 3 + ["made"]


def test_help_is_in_both_languages(tmp_path: Path) -> None:
    shown = kaohe(tmp_path / "data", "--help")
    assert shown.returncode == 0
    assert "启动全部服务" in shown.stdout
    assert "Starts everything" in shown.stdout


def test_a_policy_file_that_cannot_be_used_is_said_before_anything_starts(tmp_path: Path) -> None:
    said = kaohe(tmp_path / "data", "run", KAOHE_LOG_POLICY_FILE=str(tmp_path / "absent"))
    assert said.returncode == 2
    assert "KAOHE_LOG_POLICY_FILE" in said.stderr
    assert not (tmp_path / "data" / "postgres").exists()
