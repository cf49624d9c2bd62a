"""The README holds: its walk is run against a house started as it says, and what it names is there."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
SECONDS = 300  # never reached unless something hangs
EXPECTED = "# → "


@dataclass
class House:
    """`kaohe run` in a folder that holds nothing but a way to the programs."""

    folder: Path
    environment: dict[str, str]
    starts: int = 0

    def start(self) -> tuple[subprocess.Popen[bytes], str]:
        """Starts it; gives what it said once the doors were open."""
        self.starts += 1
        output = self.folder / f"run.{self.starts}"
        with output.open("wb") as file:
            process = subprocess.Popen(
                [".venv/bin/kaohe", "run"],
                cwd=self.folder,
                env=self.environment,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        end = time.monotonic() + SECONDS
        while "kaohe tokens" not in (said := output.read_text("utf-8")) and time.monotonic() < end:
            assert process.poll() is None, said
            time.sleep(0.1)
        return process, said

    def shell(self, script: str) -> None:
        bash = shutil.which("bash") or "/bin/sh"
        subprocess.run([bash, "-c", script], cwd=self.folder, env=self.environment, check=True, timeout=SECONDS)


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "home").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KAOHE_")}
    return House(tmp_path, kept | {"HOME": str(tmp_path / "home"), "KAOHE_PORT": str(port)})


def chunks(block: str) -> list[tuple[str, str]]:
    """A block's commands, each with what they are said to print."""
    found, lines = [], []
    for line in block.splitlines():
        if line.startswith(EXPECTED):
            found.append(("\n".join(lines), line.removeprefix(EXPECTED)))
            lines = []
        else:
            lines.append(line)
    return found


def script_of(block: str) -> str:
    """The block as one shell script; commands that only read are repeated until they print what is said.

    A slow machine may need longer to score than the README sleeps.
    """
    parts = []
    for number, (commands, expected) in enumerate(chunks(block)):
        times = 1 if " -d " in commands else 60
        parts.append(
            f"chunk() {{\n{commands}\n}}\nfor attempt in $(seq {times}); do chunk > out.{number} 2>&1;"
            f" grep -qF -- '{expected}' out.{number} && break; sleep 1; done"
        )
    return "\n".join([*parts, "true"])


@pytest.mark.skipif(shutil.which("curl") is None, reason="the walk is told in curl")
def test_the_walk_works_as_written_and_a_second_start_carries_on(house: House) -> None:
    process, said = house.start()
    try:
        assert '{"' not in said  # logs have files of their own
        for block in (each for each in BLOCKS if EXPECTED in each):
            house.shell(script_of(block.replace(":8000", f":{house.environment['KAOHE_PORT']}")))
            for number, (commands, expected) in enumerate(chunks(block)):
                printed = (house.folder / f"out.{number}").read_text("utf-8")
                assert expected in printed, f"{commands}\n{printed}"
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0
        process, again = house.start()
        assert tokens(again) == tokens(said)
        assert len(tokens(again)) == 6
        assert total(again, "中山区") > total(said, "中山区")
        assert total(again, "西岗区") == total(said, "西岗区")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 0
    assert list((house.folder / "home").iterdir()) == []


def tokens(said: str) -> list[str]:
    return re.findall(r"kaohe_[0-9a-f]{32}_[A-Za-z0-9_-]{43}", said)


def total(said: str, unit: str) -> int:
    """A unit's total on the printed board, in hundredths."""
    line = next(line for line in said.splitlines() if unit in line)
    return int(line.split()[-1].replace(".", ""))


def test_every_target_named_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make (\w+)", README)) - {"are", "是"} <= targets


def test_every_variable_named_is_read_with_the_default_that_is_told() -> None:
    settings = (ROOT / "workers/settings.py").read_text("utf-8")
    for row in re.findall(r"^\| (`KAOHE.*)$", README, re.MULTILINE):
        variables, defaults, *_ = row.split(" | ")
        told = [each.strip("` –") for each in defaults.split(",")]
        for number, variable in enumerate(re.findall(r"\w+", variables)):
            assert f'"{variable}", "{told[min(number, len(told) - 1)]}"' in settings


def test_every_file_linked_is_there() -> None:
    for link in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_walk_fits_one_screen() -> None:
    walk = next(block for block in BLOCKS if EXPECTED in block)
    assert len(walk.splitlines()) <= 40
    assert max(len(line.encode("gb18030")) for line in walk.splitlines()) <= 132
