"""Levers inside their sheets: what each number of a figure is worth on the unit's total."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from domain.figures import Figures
from domain.item_readings import Assessed, final
from domain.item_scoring import ItemScorer, absent_leaves
from domain.levers import Lever, levers
from domain.rubric.model import Item, Rubric
from domain.rubric.rules import Award, OverTarget, Rule, Tally
from domain.scoring import compile_item
from domain.standings import counted_bonus


@dataclass(frozen=True)
class Move:
    """One lever of one item; ``readers`` are the leaves whose points follow its figure."""

    scorer: ItemScorer
    figures: Mapping[str, Figures]
    adjustments: Mapping[str, int]
    bonus: frozenset[str]
    readers: tuple[str, ...]
    lever: Lever

    def points(self, number: int) -> dict[str, int]:
        """Final hundredths of the item's leaves with the lever at ``number``."""
        figures = {**self.figures, self.lever.leaf: self.lever.at(number)}
        return final(self.scorer, figures, self.adjustments, absent_leaves(figures))

    @cached_property
    def before(self) -> dict[str, int]:
        """The points as they are."""
        return final(self.scorer, self.figures, self.adjustments, absent_leaves(self.figures))

    def raised(self, number: int) -> tuple[int, int]:
        """What the item gains at ``number``, in base and in bonus."""
        gained = {leaf: after - self.before[leaf] for leaf, after in self.points(number).items()}
        extra = sum(gained[leaf] for leaf in self.bonus if leaf in gained)
        return sum(gained.values()) - extra, extra

    def least(self, enough: Callable[[int], bool], above: int | None = None) -> int | None:
        """The least number above ``above`` (by default the start) that is enough; None when not even the most is.

        ``enough`` never goes back to False: more is never worth less. Looks near first, for the answer mostly is.
        """
        low = self.lever.start if above is None else above
        if low >= self.lever.most or not enough(self.lever.most):
            return None
        reach = 1
        while low + reach < self.lever.most and not enough(low + reach):
            low, reach = low + reach, reach * 2
        high = min(low + reach, self.lever.most)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return high


@dataclass(frozen=True, slots=True)
class Sheet:
    """A unit's total with all its levers; ``unknown``: leaves without a lever that figures or somebody could give."""

    rubric: Rubric
    cohort: str
    base: int
    bonus: int
    moves: tuple[Move, ...]
    unknown: tuple[str, ...]

    @property
    def total(self) -> int:
        """The total as it is."""
        return self.total_with(0, 0)

    def total_with(self, base: int, bonus: int) -> int:
        """The total with so much more base and bonus."""
        base, bonus = self.base + base, self.bonus + bonus
        return base + counted_bonus(self.rubric, self.cohort, base, bonus)

    def gain(self, move: Move, number: int) -> int:
        """What a lever at ``number`` alone gains on the total."""
        return self.total_with(*move.raised(number)) - self.total


def sheet_of(rubric: Rubric, unit: Assessed) -> Sheet:
    """The sheet of a unit with every lever it has, in the rubric's order."""
    base, bonus, moves, unknown = 0, 0, list[Move](), list[str]()
    for item in rubric.items:
        if unit.cohort not in item.points:
            continue
        rules = {leaf.id: leaf.faces[unit.cohort].rule for leaf in item.leaves if unit.cohort in leaf.faces}
        scorer = compile_item(rubric, item.id, unit.cohort)
        figures = {leaf: unit.figures[leaf] for leaf in rules if leaf in unit.figures}
        points = final(scorer, figures, unit.adjustments, absent_leaves(figures))
        extra = sum(points[leaf.id] for leaf in item.leaves if leaf.bonus and leaf.id in points)
        base, bonus = base + sum(points.values()) - extra, bonus + extra
        moves += _moves(item, rules, scorer, figures, unit.adjustments)
        unknown += [*_unknown(rules, figures), *(leaf for leaf in scorer.waiting(figures) if leaf in rules)]
    return Sheet(rubric, unit.cohort, base, bonus, tuple(moves), tuple(dict.fromkeys(unknown)))


def _moves(
    item: Item,
    rules: Mapping[str, Rule],
    scorer: ItemScorer,
    figures: Mapping[str, Figures],
    adjustments: Mapping[str, int],
) -> list[Move]:
    bonus = frozenset(leaf.id for leaf in item.leaves if leaf.bonus)
    return [
        Move(scorer, figures, adjustments, bonus, _readers(rules, leaf), lever)
        for leaf, rule in rules.items()
        for lever in levers(leaf, rule, figures.get(leaf))
    ]


def _readers(rules: Mapping[str, Rule], leaf: str) -> tuple[str, ...]:
    return (leaf, *(each for each, rule in rules.items() if isinstance(rule, OverTarget) and rule.task == leaf))


def _unknown(rules: Mapping[str, Rule], figures: Mapping[str, Figures]) -> list[str]:
    """Leaves that nobody has filed; a bonus by claim or award is at nothing until somebody brings one."""
    given = (OverTarget, Tally, Award)
    return [leaf for leaf, rule in rules.items() if leaf not in figures and not isinstance(rule, given)]
