"""How a leaf's points follow from its figures, in words: the formula with the numbers filled in, the rounding."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.bonus_derivation import award, increment, tally
from domain.figures import Figures
from domain.formulas import target
from domain.points import parse, show
from domain.rounding import Derivation, exact, half_up
from domain.rubric import rules
from domain.rubric.texts import Text

MISSING = Text("未报数据，计0.00", "no figures, 0.00")
UNSEEN = Text("已申报，待复核，复核前计0.00", "filed, waits for a review, 0.00 until then")


def derive(rule: rules.Rule, points: int, figures: Figures) -> Derivation:
    """The derivation for a leaf worth ``points`` hundredths; over-target has its own."""
    return _WRITERS[type(rule)](rule, points, figures)


def _reach(below: rules.Below, points: int, reached: int, asked: int) -> Derivation:
    most = show(points)
    if reached >= asked:
        return exact(f"{reached} ≥ {asked}，得满分{most}", f"{reached} ≥ {asked}, full points {most}")
    if below.policy == "proportional":
        sum_ = f"{most} × {reached} ÷ {asked}"
        return half_up(f"{reached} < {asked}，{sum_}", f"{reached} < {asked}, {sum_}", points * reached % asked)
    if below.policy == "zero":
        return exact(f"{reached} < {asked}，不得分", f"{reached} < {asked}, nothing below it")
    return _tiered(below, points, reached, asked)


def _tiered(below: rules.Below, points: int, reached: int, asked: int) -> Derivation:
    tier = next((tier for tier in below.tiers if reached * 100 >= tier.reached * asked), None)
    if tier is None:
        return exact(f"{reached} < {asked}，未及最低档", f"{reached} < {asked}, below the lowest tier")
    share = f"{show(points)} × {tier.earns} ÷ 100"
    return half_up(
        f"{reached} ≥ {asked}的{tier.reached}%，{share}",
        f"{reached} is at least {tier.reached}% of {asked}, {share}",
        points * tier.earns % 100,
    )


def _ratio(rule: rules.Ratio, points: int, figures: Figures) -> Derivation:
    part, whole = figures["numerator"], figures["denominator"]
    if not whole:
        return exact("0 ÷ 0，待确认是否适用", "0 ÷ 0, waits until somebody confirms whether the leaf applies")
    below = _reach(rule.below, points, part * 100, whole * rule.threshold)
    given = f"{part} × 100 = {part * 100}，{whole} × {rule.threshold} = {whole * rule.threshold}"
    return Derivation(
        Text(f"{given}；{below.formula.zh}", f"{given.replace('，', ', ')}; {below.formula.en}"),
        below.rounding,
    )


def _task(rule: rules.Task, points: int, figures: Figures) -> Derivation:
    asked = target(rule.derived, figures)
    reached = _reach(rule.below, points, figures["actual"], asked)
    if rule.derived is None or "workers" not in figures:
        return reached
    share = f"⌈{figures['workers']} × {rule.derived.of} ÷ {rule.derived.per}⌉ = {asked}"
    return Derivation(
        Text(f"目标 {share}；{reached.formula.zh}", f"target {share}; {reached.formula.en}"), reached.rounding
    )


def _count(rule: rules.Count, points: int, figures: Figures) -> Derivation:
    return _reach(rule.below, points, figures["count"], rule.minimum)


def _checklist(rule: rules.Checklist, points: int, figures: Figures) -> Derivation:
    met, entries = len(figures["yes"]), len(rule.entries)
    if rule.all_or_nothing:
        return exact(f"满足{met}/{entries}，须全部满足", f"{met} of {entries} met, all or nothing")
    sum_ = f"{show(points)} × {met} ÷ {entries}"
    return half_up(sum_, sum_, points * met % entries)


def _presence(_: rules.Presence, points: int, figures: Figures) -> Derivation:
    if figures["yes"]:
        return exact(f"有，得{show(points)}", f"present, {show(points)}")
    return exact("无，得0.00", "absent, 0.00")


def _judged(rule: rules.Judged, points: int, figures: Figures) -> Derivation:
    given, most = figures["points"], rule.steps[-1]
    if points == most:
        return exact(f"评定{given}", f"judged {given}")
    scaled = f"{given} × {show(points)} ÷ {show(most)}"
    return half_up(f"评定{given}，{scaled}", f"judged {given}, {scaled}", parse(given) * points % most)


_WRITERS: Mapping[type, Callable[[Any, int, Figures], Derivation]] = {
    rules.Ratio: _ratio,
    rules.Task: _task,
    rules.Count: _count,
    rules.Checklist: _checklist,
    rules.Presence: _presence,
    rules.Judged: _judged,
    rules.Increment: increment,
    rules.Tally: tally,
    rules.Award: award,
}
