"""The nodes of an explanation, plain values with points as texts; see ``explanation`` for what they promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class AdjustmentNode:
    """An adjustment as shown."""

    delta: str
    reason: str
    source: int | str


@dataclass(frozen=True, slots=True)
class RoundNode:
    """Two judgements of a leaf, how far apart they may be, and what followed; None is not given, or not known yet."""

    limit: str
    first: str | None
    first_reason: str | None
    second: str | None
    second_reason: str | None
    moderated: str | None
    reason: str | None
    outcome: Text


@dataclass(frozen=True, slots=True)
class LeafNode:
    """``points`` is ``computed`` plus the adjustments, kept within 0 and ``maximum`` (None: no cap).

    ``worth`` is what the sheet gives the leaf; where it differs from ``maximum``, points moved in or out. ``inputs``
    are the figures somebody stands for; ``filed`` are the unit's own, which alone would make ``claimed``.
    """

    id: str
    title: Text
    department: str
    points: str
    computed: str
    worth: str
    maximum: str | None
    rule: Mapping[str, Any]
    inputs: Mapping[str, Any] | None
    formula: Text
    rounding: Text
    claimed: str
    filed: Mapping[str, Any] | None
    filed_formula: Text
    adjustments: tuple[AdjustmentNode, ...]
    sources: tuple[int | str, ...]
    round: RoundNode | None = None


@dataclass(frozen=True, slots=True)
class ItemNode:
    """An item, the sum of its leaves."""

    id: str
    text: Text
    points: str
    sum: str
    leaves: tuple[LeafNode, ...]


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group, the sum of its items."""

    id: str
    name: Text
    points: str
    sum: str
    items: tuple[ItemNode, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The total, the sum of its groups less what a limit cuts off the bonus; also base + bonus."""

    rubric: str
    cohort: str
    base: str
    bonus: str
    points: str
    sum: str
    groups: tuple[GroupNode, ...]
