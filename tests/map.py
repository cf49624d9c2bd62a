"""Writes docs/map.md: one line for every tracked file. A Python file's line is its own promise, so it never drifts.

Run it after adding, removing or redefining a file: ``.venv/bin/python tests/map.py``.
"""

import ast
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAP = ROOT / "docs/map.md"
HEAD = """# 文件一览 · The map

每个文件一行，由 `tests/map.py` 写成。One line a file, written by `tests/map.py`; a test holds it complete.
自上而下，引用只向下：service → workers → events → domain。Imports go one way, down.
"""
ROOMS = {
    "service": "人和程序对话的地方 what people and programs talk to",
    "workers": "事件之后发生的事 what follows from events",
    "events": "记录：追加、读取、排序、证明 the record: append, read, order, prove",
    "domain": "规则：只用标准库 the rules: standard library only",
    "migrations": "数据库结构 the schema",
    "bench": "速度 speed",
    "tests": "与各室同构 mirrors the rooms",
    "docs": "文档 documents",
    "": "根 the root",
}
# How a file of each kind sets its own first words apart.
MARKS = {
    ".md": ("# ", ""),
    ".sql": ("-- ", ""),
    ".toml": ("# ", ""),
    ".mako": ('"""', ""),
    ".html": ("{# ", " -#}"),
    ".css": ("/* ", " */"),
}
# Files that cannot speak for themselves.
WORDS = {
    ".ci/run": "What a newcomer does after cloning.",
    ".gitignore": "What is never committed.",
    "CHANGELOG.md": "What users see change.",
    "CONTRIBUTING.md": "How to change this house.",
    "LICENSE": "Apache-2.0.",
    "Makefile": "The commands of a fresh clone.",
    "README.md": "Where to begin.",
    "docs/map.md": "This map.",
    "pyproject.toml": "Dependencies, and the rules of every tool.",
    "requirements.lock": "Every dependency with its hash.",
    "tests/domain/rubrics/harbour.toml": "Another city's sheet, scored without a code change.",
    "tests/domain/rubrics/six-actions.source.txt": "The federation's own words, against which the rubric is held.",
    "tests/domain/test_explanation.py": "Every explained sum adds up to what is shown.",
    "tests/domain/test_figures.py": "Doubtful figures are refused by name.",
    "tests/domain/test_points.py": "Points have one spelling and no float.",
    "tests/domain/test_rubric.py": "The sheet is the source word for word, and its points add up.",
    "tests/domain/test_standings.py": "Ranks share ties, departments are compared without a float.",
    "tests/events/log/test_authentic.py": "No tile is used before it leads to the signed root.",
    "tests/events/log/test_checkpoint.py": "Checkpoints are read strictly.",
    "tests/events/log/test_paths.py": "Inclusion and consistency proofs hold, and forged ones do not.",
    "tests/events/log/test_policy.py": "A policy says which witnesses are enough.",
    "tests/events/log/test_proof.py": "One entry is proved in one file.",
    "tests/events/log/test_receipt.py": "A receipt cannot pass for a checkpoint.",
    "tests/events/log/test_tiles.py": "Tiles and bundles have one spelling.",
    "tests/events/log/test_tree.py": "The tree is that of RFC 6962.",
    "tests/events/log/test_witness.py": "A witness refuses a fork, an edit, a truncation.",
    "tests/service/test_score_cli.py": "The calculator names what it cannot use.",
    "tests/golden/events/leaves.txt": "The leaf hash of every golden entry.",
}


def tracked() -> list[str]:
    """Every file in the repository."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    return sorted(subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")[:-1])


KEPT = {
    "entries.jsonl": "A finished cycle as it was recorded, byte for byte, replayed by every build.",
    "table.json": "The scores and ranks that this finished cycle has for ever.",
}


def line_of(file: str) -> str:
    """What a file is for, in one line; "" when nobody has said so."""
    if file in WORDS:
        return WORDS[file]
    path = ROOT / file
    if path.name == "py.typed":
        return "Tells type checkers that this room is typed."
    if file.startswith("tests/golden/events/"):
        return f"One exact {path.name.split('.')[0]} of version {path.name.split('.v')[1][:-5]}, to be read for ever."
    if file.startswith("tests/golden/cycles/"):
        return KEPT.get(path.name, "A rubric of this finished cycle, under its hash.")
    return spoken(path).strip().removesuffix(".") + "."


def spoken(path: Path) -> str:
    """The first line of a file's own words."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    first = text.split("\n", 1)[0]
    begins, ends = MARKS.get(path.suffix, ("\0", ""))
    return first.removeprefix(begins).removesuffix(ends) if first.startswith(begins) else ""


def written() -> str:
    """The whole map."""
    files = tracked()
    parts = [HEAD]
    for room, about in ROOMS.items():
        mine = [file for file in files if room_of(file) == room]
        if mine:
            parts.append(
                f"\n## {room or '/'} · {about}\n\n" + "".join(f"- `{each}` {line_of(each)}\n" for each in mine)
            )
    return "".join(parts)


def room_of(file: str) -> str:
    """The heading under which a file stands."""
    room = file.partition("/")[0] if "/" in file else ""
    return room if room in ROOMS else ""


if __name__ == "__main__":
    MAP.write_text(written(), "utf-8")
