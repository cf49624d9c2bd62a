"""What a whole city scores under a rubric, and what another rubric or other figures would move: leaves to ranks."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.figure_checks import check
from domain.figures import BadFigures
from domain.item_readings import Assessed, final
from domain.item_scoring import absent_leaves
from domain.points import show
from domain.rubric.model import Rubric
from domain.scoring import compile_cohort
from domain.standings import counted_bonus, places

Tell = Callable[[int, int], None]


def _silent(_done: int, _of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One unit's final hundredths and its rank."""

    leaves: Mapping[str, int]
    items: Mapping[str, int]
    base: int
    bonus: int
    total: int
    rank: int = 0


def outcomes(rubric: Rubric, units: Mapping[str, Assessed], tell: Tell = _silent) -> dict[str, Outcome]:
    """Every unit's outcome, ranked by the rubric's conventions; ``tell`` hears how many units are done of all."""
    found: dict[str, Outcome] = {}
    for done, (unit, each) in enumerate(units.items(), start=1):
        found[unit] = outcome(rubric, each)
        tell(done, len(units))
    ranks = places(rubric, {unit: (units[unit].cohort, each.total) for unit, each in found.items()})
    return {unit: replace(each, rank=ranks[unit]) for unit, each in found.items()}


def outcome(rubric: Rubric, unit: Assessed) -> Outcome:
    """One unit by itself, without a rank."""
    leaves: dict[str, int] = {}
    items: dict[str, int] = {}
    for item, scorer in compile_cohort(rubric, unit.cohort).items():
        own = {leaf.id: unit.figures[leaf.id] for leaf in rubric.item(item).leaves if leaf.id in unit.figures}
        points = final(scorer, own, unit.adjustments, absent_leaves(own))
        leaves |= points
        items[item] = sum(points.values())
    extra = sum(leaves[leaf.id] for leaf in rubric.leaves if leaf.bonus and leaf.id in leaves)
    base = sum(leaves.values()) - extra
    bonus = counted_bonus(rubric, unit.cohort, base, extra)
    return Outcome(leaves, items, base, bonus, base + bonus)


def fitting(rubric: Rubric, unit: Assessed) -> tuple[Assessed, tuple[str, ...]]:
    """The unit with only the figures that the rubric takes, and the leaves whose figures it does not."""
    leaves = {leaf.id: leaf for leaf in rubric.leaves}
    unfit = []
    for leaf, figures in unit.figures.items():
        try:
            check(leaves[leaf], unit.cohort, figures, leaf)
        except (KeyError, BadFigures):
            unfit.append(leaf)
    return replace(unit, figures={leaf: of for leaf, of in unit.figures.items() if leaf not in unfit}), tuple(unfit)


def difference(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> list[dict[str, Any]]:
    """What moved, unit by unit as points in text; a unit of which nothing moved is left out."""
    rows = [{"unit": unit, **_moved(before[unit], after[unit])} for unit in before]
    return [row for row in rows if len(row) > 1]


def _moved(before: Outcome, after: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if before.total != after.total:
        found["total"] = _pair(before.total, after.total)
    if before.rank != after.rank:
        found["rank"] = {"before": before.rank, "after": after.rank}
    for name in ("items", "leaves"):
        old, new = getattr(before, name), getattr(after, name)
        moved = {key: _pair(old.get(key), new.get(key)) for key in _keys(old, new) if old.get(key) != new.get(key)}
        if moved:
            found[name] = moved
    return found


def _keys(old: Iterable[str], new: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))


def _pair(before: int | None, after: int | None) -> dict[str, str | None]:
    return {"before": None if before is None else show(before), "after": None if after is None else show(after)}
