"""How a leaf's points follow from its figures, in words: the formula with the numbers filled in, the rounding."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from domain.figures import Figures
from domain.formulas import joint, target
from domain.points import parse, show
from domain.rubric import rules
from domain.rubric.texts import Text

EXACT = Text("无需舍入", "exact, nothing to round")
HALF_UP = Text("四舍五入至两位小数，仅此一次", "rounded once, half up, to two decimals")
LARGEST_REMAINDER = Text(
    "各方合计须等于全分，余数按最大余数法分配至百分位",
    "the parts add up to the whole: what is left over goes by largest remainder, to the hundredth",
)
MISSING = Text("未报数据，计0.00", "no figures, 0.00")
UNSEEN = Text("已申报，待复核，复核前计0.00", "filed, waits for a review, 0.00 until then")


@dataclass(frozen=True, slots=True)
class Derivation:
    """The formula with its numbers, and what was rounded."""

    formula: Text
    rounding: Text


def derive(rule: rules.Rule, points: int, figures: Figures) -> Derivation:
    """The derivation for a leaf worth ``points`` hundredths; not for over-target, see ``over_target``."""
    return _WRITERS[type(rule)](rule, points, figures)


def _plain(zh: str, en: str) -> Derivation:
    return Derivation(Text(zh, en), EXACT)


def _reach(below: rules.Below, points: int, reached: int, asked: int) -> Derivation:
    most = show(points)
    if reached >= asked:
        return _plain(f"{reached} ≥ {asked}，得满分{most}", f"{reached} ≥ {asked}, full points {most}")
    if below.policy == "proportional":
        sum_ = f"{most} × {reached} ÷ {asked}"
        rounding = HALF_UP if points * reached % asked else EXACT
        return Derivation(Text(f"{reached} < {asked}，{sum_}", f"{reached} < {asked}, {sum_}"), rounding)
    if below.policy == "zero":
        return _plain(f"{reached} < {asked}，不得分", f"{reached} < {asked}, nothing below it")
    return _tiered(below, points, reached, asked)


def _tiered(below: rules.Below, points: int, reached: int, asked: int) -> Derivation:
    tier = next((tier for tier in below.tiers if reached * 100 >= tier.reached * asked), None)
    if tier is None:
        return _plain(f"{reached} < {asked}，未及最低档", f"{reached} < {asked}, below the lowest tier")
    share = f"{show(points)} × {tier.earns} ÷ 100"
    return Derivation(
        Text(
            f"{reached} ≥ {asked}的{tier.reached}%，{share}",
            f"{reached} is at least {tier.reached}% of {asked}, {share}",
        ),
        HALF_UP if points * tier.earns % 100 else EXACT,
    )


def _ratio(rule: rules.Ratio, points: int, figures: Figures) -> Derivation:
    part, whole = figures["numerator"], figures["denominator"]
    if not whole:
        return _plain("0 ÷ 0，待确认是否适用", "0 ÷ 0, waits until somebody confirms whether the leaf applies")
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
        return _plain(f"满足{met}/{entries}，须全部满足", f"{met} of {entries} met, all or nothing")
    rounding = HALF_UP if points * met % entries else EXACT
    return Derivation(Text(f"{show(points)} × {met} ÷ {entries}", f"{show(points)} × {met} ÷ {entries}"), rounding)


def _presence(_: rules.Presence, points: int, figures: Figures) -> Derivation:
    if figures["yes"]:
        return _plain(f"有，得{show(points)}", f"present, {show(points)}")
    return _plain("无，得0.00", "absent, 0.00")


def _judged(rule: rules.Judged, points: int, figures: Figures) -> Derivation:
    given, most = figures["points"], rule.steps[-1]
    if points == most:
        return _plain(f"评定{given}", f"judged {given}")
    scaled = f"{given} × {show(points)} ÷ {show(most)}"
    rounding = HALF_UP if parse(given) * points % most else EXACT
    return Derivation(Text(f"评定{given}，{scaled}", f"judged {given}, {scaled}"), rounding)


def _stepped(rule: rules.Increment | rules.OverTarget, given: str, excess: int, step: int) -> Derivation:
    if excess <= 0:
        return _plain(f"{given} = {excess}，不加分", f"{given} = {excess}, no bonus")
    each, cap = show(rule.points), _cap(rule.cap)
    if rule.steps == "whole":
        sum_ = f"{given} = {excess}; ⌊{excess} ÷ {step}⌋ = {excess // step}; {excess // step} × {each}"
        return _plain(f"{sum_}{cap.zh}", f"{sum_}{cap.en}")
    rounding = HALF_UP if excess * rule.points % step else EXACT
    sum_ = f"{given} = {excess}; {excess} ÷ {step} × {each}"
    return Derivation(Text(f"{sum_}{cap.zh}", f"{sum_}{cap.en}"), rounding)


def _increment(rule: rules.Increment, _: int, figures: Figures) -> Derivation:
    stations, total = figures["stations"], figures["total"]
    if not stations:
        return _plain("没有站点，不加分", "no station, no bonus")
    given = f"{total} − {rule.base} × {stations}"
    asked = rule.step * stations if rule.basis == "mean" else rule.step
    return _stepped(rule, given, total - rule.base * stations, asked)


def over_target(rule: rules.OverTarget, asked: int, figures: Figures) -> Derivation:
    """The derivation of an over-target bonus; ``asked`` is the target of its task."""
    given = f"({figures['actual']} − {asked}) × 100"
    return _stepped(rule, given, (figures["actual"] - asked) * 100, asked * rule.step)


def _tally(rule: rules.Tally, _: int, figures: Figures) -> Derivation:
    shared = [(rule.points, part) for part in figures.get("joint", ())]
    alone = [f"{figures['claims']} × {show(rule.points)}"] if figures["claims"] or not shared else []
    return _summed(alone, shared, rule.cap)


def _award(rule: rules.Award, _: int, figures: Figures) -> Derivation:
    table, awards = {level.id: level.points for level in rule.levels}, figures["awards"]
    shared = [(table[part["level"]] if table else rule.points or 0, part) for part in figures.get("joint", ())]
    alone = [show(table[each]) for each in awards] if table else [f"{awards} × {show(rule.points or 0)}"]
    return _summed(alone if awards or not shared else [], shared, rule.cap)


def _summed(alone: list[str], shared: Sequence[tuple[int, Figures]], cap: int | None) -> Derivation:
    """Whole keys and parts of shared ones, such as "2 × 3.00 + 3.00 × 1/2"."""
    most = _cap(cap)
    sum_ = " + ".join([*alone, *(_part(points, part) for points, part in shared)]) or "0.00"
    rest = any(points * part["parts"][part["own"]] % sum(part["parts"]) for points, part in shared)
    return Derivation(Text(f"{sum_}{most.zh}", f"{sum_}{most.en}"), LARGEST_REMAINDER if rest else EXACT)


def _part(points: int, part: Figures) -> str:
    share = Fraction(part["parts"][part["own"]], sum(part["parts"]))
    exact = not points * share.numerator % share.denominator
    return f"{show(points)} × {share.numerator}/{share.denominator}" + (
        "" if exact else f" ≈ {show(joint(points, part))}"
    )


def _cap(cap: int | None) -> Text:
    return Text("", "") if cap is None else Text(f"，至多{show(cap)}", f", at most {show(cap)}")


_WRITERS: Mapping[type, Callable[[Any, int, Figures], Derivation]] = {
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
