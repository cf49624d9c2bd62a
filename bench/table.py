"""One line of the table: ours beside its floor, from the same rounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.rounds import against, median


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured, its floor, their ratio, and the goal as it was set."""

    what: str
    ours: str
    floor: str = ""
    ratio: float | None = None
    goal: str = ""

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{self.what:<44} {self.ours:>18} {self.floor:>18} {ratio:>7}  {self.goal}"


def beside(
    what: str, shown: Callable[[float], str], ours: Sequence[float], floor: Sequence[float], goal: str = ""
) -> Line:
    """Medians of both over the rounds, and the median of each round's ratio."""
    return Line(what, shown(median(ours)), shown(median(floor)), against(ours, floor), goal)


HEADING = Line("", "ours", "floor", None, "goal")


def rate(value: float) -> str:
    """A number a second."""
    return f"{value:,.0f}/s"


def milliseconds(seconds: float) -> str:
    """A latency, told in seconds."""
    return f"{seconds * 1000:.2f} ms"
