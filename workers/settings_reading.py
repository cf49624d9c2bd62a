"""How one variable of the environment is read, and what is said when it cannot be used."""

from collections.abc import Callable
from typing import TypeVar

from environs import Env

from workers.settings_values import UnfitError

Value = TypeVar("Value")


class SettingsError(ValueError):
    """A setting that cannot be used, said in one sentence of each language; never quotes a secret."""

    exit_code = 2

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def read(name: str, default: str, parse: Callable[[str], Value]) -> Value:
    """Reads one variable, an empty one as if it were not set; raises SettingsError with its name."""
    try:
        return parse(Env().str(name, "").strip() or default)
    except UnfitError as unfit:
        raise SettingsError(f"{name} {unfit.zh}。", f"{name} {unfit.en}.") from None
