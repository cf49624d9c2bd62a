"""How the points of a bonus follow from its figures, in words; see ``domain.derivation``."""

from collections.abc import Sequence
from fractions import Fraction

from domain.figures import Figures
from domain.points import show
from domain.rounding import EXACT, LARGEST_REMAINDER, Derivation, exact, half_up
from domain.rubric import rules
from domain.rubric.texts import Text
from domain.sharing import joint


def _stepped(rule: rules.Increment | rules.OverTarget, given: str, excess: int, step: int) -> Derivation:
    if excess <= 0:
        return exact(f"{given} = {excess}，不加分", f"{given} = {excess}, no bonus")
    each, cap = show(rule.points), _cap(rule.cap)
    if rule.steps == "whole":
        sum_ = f"{given} = {excess}; ⌊{excess} ÷ {step}⌋ = {excess // step}; {excess // step} × {each}"
        return exact(f"{sum_}{cap.zh}", f"{sum_}{cap.en}")
    sum_ = f"{given} = {excess}; {excess} ÷ {step} × {each}"
    return half_up(f"{sum_}{cap.zh}", f"{sum_}{cap.en}", excess * rule.points % step)


def increment(rule: rules.Increment, _: int, figures: Figures) -> Derivation:
    """The derivation of a bonus for an increase a station, or in all."""
    stations, total = figures["stations"], figures["total"]
    if not stations:
        return exact("没有站点，不加分", "no station, no bonus")
    given = f"{total} − {rule.base} × {stations}"
    asked = rule.step * stations if rule.basis == "mean" else rule.step
    return _stepped(rule, given, total - rule.base * stations, asked)


def over_target(rule: rules.OverTarget, asked: int, figures: Figures) -> Derivation:
    """The derivation of an over-target bonus; ``asked`` is the target of its task."""
    given = f"({figures['actual']} − {asked}) × 100"
    return _stepped(rule, given, (figures["actual"] - asked) * 100, asked * rule.step)


def tally(rule: rules.Tally, _: int, figures: Figures) -> Derivation:
    """The derivation of a bonus for each key."""
    shared = [(rule.points, part) for part in figures.get("joint", ())]
    alone = [f"{figures['claims']} × {show(rule.points)}"] if figures["claims"] or not shared else []
    return _summed(alone, shared, rule.cap)


def award(rule: rules.Award, _: int, figures: Figures) -> Derivation:
    """The derivation of a bonus for each award, at its level where the leaf has levels."""
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
    rest = points * share.numerator % share.denominator
    return f"{show(points)} × {share.numerator}/{share.denominator}" + (
        f" ≈ {show(joint(points, part))}" if rest else ""
    )


def _cap(cap: int | None) -> Text:
    return Text("", "") if cap is None else Text(f"，至多{show(cap)}", f", at most {show(cap)}")
