"""What sheets give to explain a score from: figures, approved adjustments, rounds, and the events behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.columns import claimed_figures, verified_figures
from domain.contents import Round
from domain.figures import Figures
from domain.rubric.rules import Rule
from domain.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An approved change of a leaf's points, in hundredths, and the reference of its approval."""

    delta: int
    reason: str
    source: int | str


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a score is explained from; all by leaf, a leaf without an entry has none.

    ``figures`` are those somebody stands for; ``filed`` are the unit's own.
    """

    figures: Mapping[str, Figures]
    sources: Mapping[str, Sequence[int | str]]
    adjustments: Mapping[str, Sequence[Adjustment]]
    filed: Mapping[str, Figures] = field(default_factory=dict)
    rounds: Mapping[str, Round] = field(default_factory=dict)


def grounds(sheets: Iterable[tuple[Sheet, Mapping[str, Rule]]]) -> Grounds:
    """The grounds of one unit's sheets, each with its rules by leaf; no leaf stands on two of them."""
    figures: dict[str, Any] = {}
    filed: dict[str, Any] = {}
    sources: dict[str, list[str]] = {}
    adjustments: dict[str, list[Adjustment]] = defaultdict(list)
    rounds: dict[str, Round] = {}
    for sheet, rules in sheets:
        figures |= verified_figures(sheet, rules)
        filed |= claimed_figures(sheet, rules)
        sources |= sheet.sources
        rounds |= sheet.rounds
        for each in sheet.adjustments.values():
            if each.state == "approved":
                adjustments[each.leaf].append(Adjustment(each.delta, each.text, each.id))
    return Grounds(figures, sources, adjustments, filed, rounds)
