"""The closed list of rule kinds, one value per kind; percents are whole, points in hundredths.

No formula travels in text and nothing is evaluated: a rubric picks a kind and gives its parameters.
"""

from dataclasses import dataclass
from typing import Literal

from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Tier:
    """Who reached at least ``reached`` percent of what is asked earns ``earns`` percent of the points."""

    reached: int
    earns: int


@dataclass(frozen=True, slots=True)
class Below:
    """What a unit below the threshold earns (interpretation question Q3)."""

    policy: Literal["proportional", "zero", "tiers"] = "proportional"
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """Full points from numerator÷denominator ≥ ``threshold`` percent."""

    threshold: int
    below: Below


@dataclass(frozen=True, slots=True)
class Share:
    """A target derived as ceil(workers × ``of`` ÷ ``per``), where none was issued (16b: 4 in 10 000)."""

    of: int
    per: int


@dataclass(frozen=True, slots=True)
class Task:
    """Full points from actual ≥ target; ``derived`` says how a target follows from the workers, if it may."""

    below: Below
    derived: Share | None


@dataclass(frozen=True, slots=True)
class Count:
    """Full points from count ≥ ``minimum``."""

    minimum: int
    below: Below


@dataclass(frozen=True, slots=True)
class Entry:
    """One named thing of a checklist."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Checklist:
    """Points by the number of entries met, or all or nothing."""

    entries: tuple[Entry, ...]
    all_or_nothing: bool


@dataclass(frozen=True, slots=True)
class Presence:
    """It is there or it is not."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reviewer gives one of the listed points, rising from 0 to the leaf's points."""

    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Increment:
    """Bonus: ``points`` per ``step`` above ``base``; cap None is no cap.

    ``basis`` "mean": of total÷stations above the base; "sum": of the total above the base of every station (Q13).
    """

    base: int
    step: int
    points: int
    steps: Literal["whole", "pro-rata"]
    cap: int | None
    basis: Literal["mean", "sum"] = "mean"


@dataclass(frozen=True, slots=True)
class OverTarget:
    """Bonus: ``points`` per ``step`` percent of actual above the target of the task leaf named ``task``."""

    task: str
    step: int
    points: int
    steps: Literal["whole", "pro-rata"]
    cap: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    """Bonus: ``points`` per accepted claim."""

    points: int
    cap: int | None


@dataclass(frozen=True, slots=True)
class Level:
    """A level of recognition and what one award of it earns."""

    id: str
    name: Text
    points: int


@dataclass(frozen=True, slots=True)
class Award:
    """Bonus, proposed and granted by two people: ``points`` each, or by level when ``levels`` are listed."""

    points: int | None
    levels: tuple[Level, ...]
    cap: int | None


Scored = Ratio | Task | Count | Checklist | Presence | Judged
Bonus = Increment | OverTarget | Tally | Award
Rule = Scored | Bonus
