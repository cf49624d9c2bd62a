"""A row of the table of notices: of which kind an event is, who is told of it, and what it is called."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

EVERYBODY = "everybody"  # an act of no table: whoever holds a role


@dataclass(frozen=True, slots=True)
class Row:
    """Events of this sort are of a kind, and told to whom ``tell`` (acts of ``domain.duties``) names.

    Where an event decides what another person began, he is told too: who caused the last event of each type of
    ``began`` whose member ``key`` says the same. ``own``: told to the person whose stream it is, and to nobody else.
    """

    kind: str
    tell: tuple[str, ...]
    zh: str
    en: str
    when: Callable[[Any], bool] = lambda _: True
    person: Callable[[Any], str] | None = None  # only him
    key: str = ""
    began: tuple[type, ...] = ()
    own: bool = False
