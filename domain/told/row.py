"""A row of the table of notices: of which kind an event is, who is told of it, and what it is called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain import facts

EVERYBODY = "everybody"  # an act of no table: whoever holds a role
ONESELF = "oneself"  # an act of no table: what is done to one's own account, whatever roles one holds
Earlier = Sequence[tuple[facts.Fact, str]]


@dataclass(frozen=True, slots=True)
class Past:
    """What stands before an event on its stream: who began what it decides; who may not do what it calls for."""

    began: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """Events of this sort are of a kind, and told to whom ``tell`` (acts of ``domain.duties``) names.

    Where an event decides what another person began, he is told too: who caused the last event of each type of
    ``began`` whose member ``key`` says the same. ``own``: told to the person whose stream it is, and to nobody else.
    ``look``: asked instead of ``began`` where it takes more to know; None from it, and the row says nothing.
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
    look: Callable[[Any, Earlier], Past | None] | None = None

    @property
    def looks_back(self) -> bool:
        """Whether it depends on what stands before the event."""
        return bool(self.began) or self.look is not None

    def past(self, fact: facts.Fact, earlier: Earlier) -> Past | None:
        """What the facts and actors before ``fact`` on its stream mean for the row; None: it says nothing."""
        if self.look is not None:
            return self.look(fact, earlier)
        if not self.began:
            return Past()
        key = getattr(fact, self.key)
        found = {
            type(each): by for each, by in earlier if isinstance(each, self.began) and getattr(each, self.key) == key
        }
        return Past(frozenset(found.values()) - {""})
