"""Rubrics on disk: the bundled ones by name, any other by its path."""

import tomllib
from importlib import resources
from pathlib import Path

from domain.rubric.model import Rubric
from domain.rubric.reading import read
from domain.rubric.refused import RubricRefused

BUNDLED = ("six-actions",)
LARGEST = 4 * 1024 * 1024


def load(name_or_path: str) -> Rubric:
    """The rubric of a bundled name or of a .toml file; raises RubricRefused, also for an unreadable file."""
    try:
        document = tomllib.loads(_bytes(name_or_path).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as bad:
        if isinstance(bad, RubricRefused):
            raise
        raise RubricRefused(
            f"{name_or_path!a:.200}", f"不是可读的TOML文件：{bad}", f"is not a readable TOML file: {bad}"
        ) from bad
    return read(document)


def _bytes(name_or_path: str) -> bytes:
    if name_or_path in BUNDLED:
        return resources.files("domain.rubric").joinpath(f"{name_or_path}.toml").read_bytes()
    path = Path(name_or_path)
    if path.suffix != ".toml":
        raise RubricRefused(
            f"{name_or_path!a:.200}",
            f"没有这个评分表；内置：{'、'.join(BUNDLED)}，或给出.toml文件路径",
            f"no such rubric; bundled: {', '.join(BUNDLED)}, or give the path of a .toml file",
        )
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RubricRefused(f"{name_or_path!a:.200}", "文件过大", "the file is too large")
    return content
