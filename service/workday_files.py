"""The announced working days that come with the program."""

import tomllib
from functools import cache
from importlib import resources

from domain.workdays import Years, read


@cache
def years() -> Years:
    """The announced years, read once."""
    return read(tomllib.loads(resources.files("domain").joinpath("workdays.toml").read_text("utf-8")))
