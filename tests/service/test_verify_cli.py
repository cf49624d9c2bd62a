"""The commands as an auditor types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.service.city import City
from tests.service.log_acts import some_acts
from tests.service.log_house import LogHouse


@pytest.fixture
def house(city: City, monkeypatch: pytest.MonkeyPatch) -> LogHouse:
    settings = city.office.settings
    for name, value in settings.environment("owner", "service", "worker").items():
        monkeypatch.setenv(name, value)
    house = LogHouse(city)
    some_acts(city)
    house.sign()
    return house


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def test_a_bundle_is_written_and_verified(house: LogHouse, tmp_path: Path) -> None:
    file = tmp_path / "2026.zip"
    assert run("bundle", "--cycle", "2026", "-o", file).exit_code == 0
    checked = run("verify", file)
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "成立 holds")
    assert run("verify", file, "--grade", "witnessed").exit_code == 3


def test_a_certificate_is_written_and_verified(house: LogHouse, tmp_path: Path) -> None:
    file = tmp_path / "zhongshan.json"
    assert run("certificate", "--cycle", "2026", "--unit", "zhongshan", "-o", file).exit_code == 0
    assert run("verify", file).exit_code == 0


def test_the_database_is_verified_against_the_signers_memory(house: LogHouse) -> None:
    checked = run("verify", "--database")
    assert checked.exit_code == 0, checked.output
    assert "signed" in checked.stdout
    memory = house.city.office.settings.data / "secrets" / "log-signed"
    text = memory.read_text().splitlines()
    memory.write_text("\n".join([text[0], str(int(text[1]) + 1), *text[2:], ""]))
    found = run("verify", "--database")
    assert found.exit_code == 1
    assert "kept checkpoint" in found.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify",),
        ("verify", "/nowhere.zip"),
        ("bundle", "--cycle", "1999", "-o", "x.zip"),
        ("certificate", "--cycle", "2026", "--unit", "nowhere", "-o", "x.json"),
    ],
)
def test_what_cannot_be_done_is_exit_code_2(
    house: LogHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments).exit_code == 2


def test_keys_are_made_printed_and_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAOHE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KAOHE_ORIGIN", "example.org/log")
    made = run("keys", "new")
    assert [line.split("+")[0] for line in made.stdout.split()] == ["example.org/log", "example.org/log/receipts"]
    assert run("keys", "new").stdout == run("keys", "show").stdout == made.stdout
    other = tmp_path / "other"
    assert run("keys", "new", "-o", other, "--name", "x.example/y").stdout.startswith("x.example/y+")
    assert run("keys", "new", "-o", other).exit_code == 2
