"""Every rule kind as a function from checked figures to hundredths, made once and called often.

Integers only, one rounding a leaf, half up. A formula stays within 0 and its points, or the cap of a bonus.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.figures import Figures
from domain.points import half_up, show
from domain.rubric import rules
from domain.sharing import joint

Formula = Callable[[Figures], int]


def formula(rule: rules.Rule, points: int) -> Formula:
    """The formula of ``rule`` on a leaf worth ``points`` hundredths (0 for a bonus); over-target has its own."""
    return _MAKERS[type(rule)](rule, points)


def target(derived: rules.Share | None, figures: Figures) -> int:
    """The target of a task: as issued, else ceil(workers × of ÷ per)."""
    if derived is None or "workers" not in figures:
        return int(figures["target"])
    return -(-int(figures["workers"]) * derived.of // derived.per)


def _reach(below: rules.Below, points: int) -> Callable[[int, int], int]:
    """Points for having reached ``reached`` of ``asked`` (> 0): all of them, or what the policy leaves."""

    def proportional(reached: int, asked: int) -> int:
        return points if reached >= asked else (2 * points * reached + asked) // (2 * asked)

    def zero(reached: int, asked: int) -> int:
        return points if reached >= asked else 0

    tiers = [(tier.reached, half_up(points * tier.earns, 100)) for tier in below.tiers]

    def tiered(reached: int, asked: int) -> int:
        if reached >= asked:
            return points
        return next((earned for percent, earned in tiers if reached * 100 >= percent * asked), 0)

    return {"proportional": proportional, "zero": zero, "tiers": tiered}[below.policy]


def _ratio(rule: rules.Ratio, points: int) -> Formula:
    reach, threshold = _reach(rule.below, points), rule.threshold

    def score(figures: Figures) -> int:
        denominator = figures["denominator"]
        return reach(figures["numerator"] * 100, denominator * threshold) if denominator else 0

    return score


def _task(rule: rules.Task, points: int) -> Formula:
    reach, derived = _reach(rule.below, points), rule.derived
    return lambda figures: reach(figures["actual"], target(derived, figures))


def _count(rule: rules.Count, points: int) -> Formula:
    reach, minimum = _reach(rule.below, points), rule.minimum
    return lambda figures: reach(figures["count"], minimum)


def _checklist(rule: rules.Checklist, points: int) -> Formula:
    entries = len(rule.entries)
    earned = [half_up(points * yes, entries) for yes in range(entries)]
    table = [*([0] * entries if rule.all_or_nothing else earned), points]
    return lambda figures: table[len(figures["yes"])]


def _presence(_: rules.Presence, points: int) -> Formula:
    return lambda figures: points if figures["yes"] else 0


def _judged(rule: rules.Judged, points: int) -> Formula:
    table = {show(step): half_up(step * points, rule.steps[-1]) for step in rule.steps}
    return lambda figures: table[figures["points"]]


def _stepped(rule: rules.Increment | rules.OverTarget) -> Callable[[int, int], int]:
    """Bonus for ``excess`` ÷ ``step`` steps: whole ones, or pro rata rounded half up."""
    points, cap, whole = rule.points, rule.cap, rule.steps == "whole"

    def earn(excess: int, step: int) -> int:
        if excess <= 0:
            return 0
        earned = excess // step * points if whole else half_up(excess * points, step)
        return earned if cap is None else min(earned, cap)

    return earn


def _increment(rule: rules.Increment, _: int) -> Formula:
    earn, base, step, mean = _stepped(rule), rule.base, rule.step, rule.basis == "mean"

    def score(figures: Figures) -> int:
        stations = figures["stations"]
        asked = step * stations if mean else step
        return earn(figures["total"] - base * stations, asked) if stations else 0

    return score


def over_target(rule: rules.OverTarget, derived: rules.Share | None) -> Formula:
    """The over-target formula; it takes the figures of the task leaf, whose target may be ``derived``."""
    earn, step = _stepped(rule), rule.step

    def score(figures: Figures) -> int:
        asked = target(derived, figures)
        return earn((figures["actual"] - asked) * 100, asked * step)

    return score


def _tally(rule: rules.Tally, _: int) -> Formula:
    return _keyed("claims", {}, rule.points, rule.cap)


def _award(rule: rules.Award, _: int) -> Formula:
    return _keyed("awards", {level.id: level.points for level in rule.levels}, rule.points or 0, rule.cap)


def _keyed(name: str, table: Mapping[str, int], each: int, cap: int | None) -> Formula:
    """Bonus for keys of the unit's own and parts of shared ones, by the ``table`` where the leaf has levels."""

    def score(figures: Figures) -> int:
        own = figures[name]
        earned: int = sum(table[level] for level in own) if table else each * own
        if "joint" in figures:
            earned += sum(joint(table[part["level"]] if table else each, part) for part in figures["joint"])
        return earned if cap is None else min(earned, cap)

    return score


_MAKERS: Mapping[type, Callable[[Any, int], Formula]] = {
    rules.Ratio: _ratio,
    rules.Task: _task,
    rules.Count: _count,
    rules.Checklist: _checklist,
    rules.Presence: _presence,
    rules.Judged: _judged,
    rules.Increment: _increment,
    rules.Tally: _tally,
    rules.Award: _award,
}
