"""What an answer to an open question does to a rubric: a closed vocabulary, no formula in text.

Every effect says what is so ("set"), never what is added, so that answers can be taken back and come in any order.
Effects without leaves of their own work on the leaves of their question.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from domain.rubric.rules import Below


@dataclass(frozen=True, slots=True)
class SetBelow:
    """What ratio, task and count leaves earn below their threshold."""

    below: Below


@dataclass(frozen=True, slots=True)
class SetSteps:
    """Whether stepped bonuses count whole steps only."""

    steps: Literal["whole", "pro-rata"]


@dataclass(frozen=True, slots=True)
class SetBasis:
    """Whether an increment counts on the mean or on the sum."""

    basis: Literal["mean", "sum"]


@dataclass(frozen=True, slots=True)
class SetCaps:
    """The cap of bonus leaves, in hundredths; None is no cap."""

    caps: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class SetPoints:
    """The points of leaves, in hundredths, for the ``cohorts`` named (none named: for all)."""

    points: Mapping[str, int]
    cohorts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetRole:
    """The role of every department."""

    role: Literal["assessed", "responsible"]


@dataclass(frozen=True, slots=True)
class SetConvention:
    """One of the rubric's conventions, by its name."""

    name: Literal["bonus", "empty", "cohorts", "ties"]
    value: str


Effect = SetBelow | SetSteps | SetBasis | SetCaps | SetPoints | SetRole | SetConvention
