"""What is told of deadlines: moved, ended before or after their time, acts that came late."""

from dataclasses import dataclass, field
from datetime import datetime

from domain import facts
from domain.cycle_contents import Publication


@dataclass(frozen=True, slots=True)
class Moved:
    """A last moment that moved, for all units alike, and the moment itself when it was moved."""

    position: int
    time: str
    actor: str
    fact: facts.DeadlineMoved


@dataclass(frozen=True, slots=True)
class Ended:
    """A phase that was ended, by whom and why, and its last moment then ("" for none).

    ``laid_open``: where the public notice began, the results that everybody reads from then on.
    """

    position: int
    time: str
    actor: str
    phase: str
    after: str
    last: str
    reason: str
    laid_open: Publication | None = None

    @property
    def early(self) -> bool:
        """Whether it was ended before its last moment, so that nobody had all the time he was promised."""
        return bool(self.last) and sortable(self.time) < sortable(self.last)


@dataclass(frozen=True, slots=True)
class Late:
    """An act at a position: refused as late (``code``), or done although the calendar was over (``code`` "")."""

    position: int
    time: str
    actor: str
    act: str
    code: str = ""


@dataclass(slots=True)
class OfUnit:
    """One unit's year against the calendar."""

    refused: list[Late] = field(default_factory=list)
    extended: list[Late] = field(default_factory=list)


def sortable(text: str) -> str:
    """Moments as they sort: recorded ones all have microseconds and Z."""
    return datetime.fromisoformat(text).isoformat(timespec="microseconds") if text else ""
