"""One item under every combination of the answers that touch it: a scorer for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.columns import clamp
from domain.figures import Figures
from domain.item_scoring import ItemScorer, absent_leaves
from domain.points import parse, show


@dataclass(frozen=True, slots=True)
class Assessed:
    """A unit as it stands: figures in force, approved adjustments (hundredths) and issued targets by leaf.

    The figures already stand under the targets.
    """

    cohort: str
    figures: Mapping[str, Figures]
    adjustments: Mapping[str, int]
    targets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemReadings:
    """One item of a cohort, with a scorer for every combination of the answers that touch it."""

    leaves: tuple[str, ...]
    scorers: list[ItemScorer]
    bonus: frozenset[str]
    steps: Mapping[str, tuple[int, ...]]

    def points(self, unit: Assessed, move: int) -> list[tuple[int, int]]:
        """Base and bonus of the item under each combination, its judged leaves moved by ``move`` steps."""
        figures = {leaf: unit.figures[leaf] for leaf in self.leaves if leaf in unit.figures}
        if move:
            figures |= {leaf: _moved(figures[leaf], of, move) for leaf, of in self.steps.items() if leaf in figures}
        absent = absent_leaves(figures)
        found = []
        for scorer in self.scorers:
            points = final(scorer, figures, unit.adjustments, absent)
            extra = sum(points[leaf] for leaf in self.bonus if leaf in points)
            found.append((sum(points.values()) - extra, extra))
        return found


def final(
    scorer: ItemScorer, figures: Mapping[str, Figures], adjustments: Mapping[str, int], absent: frozenset[str]
) -> dict[str, int]:
    """The final points of an item's leaves: computed, adjusted, kept within their bounds."""
    points = scorer.score(figures)
    moved = [leaf for leaf in points if leaf in adjustments]
    if moved:
        most = scorer.maximum(absent)
        points |= {leaf: clamp(points[leaf] + adjustments[leaf], most[leaf]) for leaf in moved}
    return points


def _moved(figures: Figures, steps: tuple[int, ...], move: int) -> Figures:
    """A judgement one step on, where there is one; nothing moves where nobody judged, or the leaf does not apply."""
    if "points" not in figures or "not_applicable" in figures:
        return figures
    place = steps.index(parse(figures["points"])) + move
    return {"points": show(steps[min(max(place, 0), len(steps) - 1)])}
