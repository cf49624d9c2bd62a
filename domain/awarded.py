"""What bonuses under a register number or an experience key count: each key once, at its highest level."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

from domain.contents import Bonus
from domain.keys import normal
from domain.rubric.rules import Award, Rule, Tally
from domain.sharing import parts, share

_normal = lru_cache(4_096)(normal)  # a sheet is scored again and again with the same keys


def figures(bonuses: Collection[Bonus], rules: Mapping[str, Rule], states: frozenset[str], unit: str) -> dict[str, Any]:
    """The figures of every leaf under keys, from those of a unit's ``bonuses`` that are in one of ``states``."""
    return {
        leaf: _once([each for each in bonuses if each.leaf == leaf and _counts(each, states, unit)], rule, unit)
        for leaf, rule in rules.items()
        if isinstance(rule, Tally | Award)
    }


def _counts(bonus: Bonus, states: frozenset[str], unit: str) -> bool:
    """Whether it is in one of the states, and not another's alone since a joint claim was split."""
    return bonus.state in states and (not bonus.shares or unit in bonus.shares)


def worth(bonus: Bonus, rule: Rule, unit: str) -> int:
    """The hundredths one bonus brings ``unit`` once granted, before the leaf's cap; 0 while it has no level."""
    points = whole(rule, bonus.level)
    return share(unit, bonus.shares, points) if bonus.shares else points


def whole(rule: Rule, level: str) -> int:
    """The hundredths of one key of a leaf, before it is shared; 0 for a level the leaf does not have."""
    if not isinstance(rule, Tally | Award):
        return 0
    if isinstance(rule, Award) and rule.levels:
        return next((each.points for each in rule.levels if each.id == level), 0)
    return rule.points or 0


def status(states: set[str]) -> str:
    """The status of a leaf whose bonuses are in these states."""
    if states & {"claimed", "disputed", "proposed"}:
        return "pending"
    return "verified" if states else "empty"


def _once(bonuses: Iterable[Bonus], rule: Tally | Award, unit: str) -> dict[str, Any]:
    """Figures in which a register number counts once, and an experience once at its highest level (27b)."""
    leveled = isinstance(rule, Award) and bool(rule.levels)
    best: dict[str, tuple[int, Bonus]] = {}
    for bonus in bonuses:
        key, points = _normal(bonus.key), worth(bonus, rule, unit)
        if (points or not leveled) and points >= best.get(key, (0,))[0]:
            best[key] = points, bonus
    alone = [bonus.level for _, bonus in best.values() if not bonus.shares]
    found: dict[str, Any] = {"claims": len(alone)} if isinstance(rule, Tally) else {"awards": alone}
    if isinstance(rule, Award) and not leveled:
        found["awards"] = len(alone)
    joint = [_part(bonus, unit) for _, bonus in best.values() if bonus.shares]
    return {**found, "joint": joint} if joint else found


def _part(bonus: Bonus, unit: str) -> dict[str, Any]:
    """A unit's part of a joint claim, as figures: its place among the parts, which are by unit in order of names."""
    level = {"level": bonus.level} if bonus.level else {}
    return {"own": sorted(bonus.shares).index(unit), "parts": parts(bonus.shares), **level}
