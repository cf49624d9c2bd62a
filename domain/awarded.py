"""What bonuses under a register number or an experience key count: each key once, at its highest level."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from domain.claims import normal
from domain.contents import Bonus
from domain.rubric.rules import Award, Rule, Tally

_normal = lru_cache(4_096)(normal)  # a sheet is scored again and again with the same keys


def figures(bonuses: Iterable[Bonus], rules: Mapping[str, Rule], states: frozenset[str]) -> dict[str, Any]:
    """The figures of every leaf under keys, from those of ``bonuses`` that are in one of ``states``."""
    return {
        leaf: _once([each for each in bonuses if each.leaf == leaf and each.state in states], rule)
        for leaf, rule in rules.items()
        if isinstance(rule, Tally | Award)
    }


def worth(bonus: Bonus, rule: Rule) -> int:
    """The hundredths one bonus brings once granted, before the leaf's cap; 0 while its level is not proposed."""
    if not isinstance(rule, Tally | Award):
        return 0
    if isinstance(rule, Award) and rule.levels:
        return next((level.points for level in rule.levels if level.id == bonus.level), 0)
    return rule.points or 0


def status(states: set[str]) -> str:
    """The status of a leaf whose bonuses are in these states."""
    if states & {"claimed", "proposed"}:
        return "pending"
    return "verified" if states else "empty"


def _once(bonuses: Iterable[Bonus], rule: Tally | Award) -> dict[str, Any]:
    """Figures in which a register number counts once, and an experience once at its highest level (27b)."""
    table = {level.id: level.points for level in rule.levels} if isinstance(rule, Award) else {}
    best: dict[str, str] = {}
    for bonus in bonuses:
        key = _normal(bonus.key)
        if not table:
            best[key] = ""
        elif bonus.level in table and table[bonus.level] >= table.get(best.get(key, ""), 0):
            best[key] = bonus.level
    if isinstance(rule, Tally):
        return {"claims": len(best)}
    return {"awards": list(best.values()) if table else len(best)}
