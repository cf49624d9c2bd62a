"""What a program is called by covers everything that it scores with."""

import ast
from pathlib import Path

import workers
from workers import engine

ROOM = Path(workers.__file__).parent


def imported(file: Path) -> set[Path]:
    """The files of this room that a file of it imports."""
    named = [
        node.module or "" for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    return {(ROOM.parent / name.replace(".", "/")).with_suffix(".py") for name in named if name.startswith("workers.")}


def test_the_engine_is_named_by_every_file_of_the_workers_that_a_fold_is_made_of() -> None:
    found, new = set[Path](), {ROOM / "fold.py"}
    while new:
        found |= new
        new = {each for file in new for each in imported(file) if each.is_file()} - found
    covered = {*engine._FILES, *(path for folder in engine._SOURCES for path in folder.rglob("*.py"))}
    assert found <= covered
