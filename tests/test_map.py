"""docs/map.md names every tracked file exactly once, and nothing else."""

import re

from tests.map import MAP, line_of, tracked, written

LINES = re.findall(r"^- `(.+?)` (.*)$", MAP.read_text("utf-8"), re.MULTILINE)


def test_every_tracked_file_has_exactly_one_line_and_every_line_is_a_file() -> None:
    named = [file for file, _ in LINES]
    assert sorted(named) == tracked(), "run .venv/bin/python tests/map.py"


def test_every_file_says_what_it_is_for() -> None:
    assert [file for file in tracked() if len(line_of(file)) < 5] == []


def test_the_map_says_what_the_files_say_of_themselves() -> None:
    assert MAP.read_text("utf-8") == written(), "run .venv/bin/python tests/map.py"
