"""What the API's document says in Chinese and English of operations, parameters and bodies, with examples; as data."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def read(name: str) -> dict[str, Any]:
    """One of the tables beside this file."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8"))


def both(pair: list[str]) -> str:
    """A Chinese and an English text as one, as everything is written that is read by all."""
    return f"{pair[0]} / {pair[1]}"
