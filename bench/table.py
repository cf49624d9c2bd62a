"""One line of the table: ours beside its floor, from the same rounds."""

from dataclasses import dataclass


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


HEADING = Line("", "ours", "floor", None, "goal")


def rate(value: float) -> str:
    """A number a second."""
    return f"{value:,.0f}/s"


def milliseconds(seconds: float) -> str:
    """A latency, told in seconds."""
    return f"{seconds * 1000:.2f} ms"
