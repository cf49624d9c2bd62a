"""Which figures each kind of rule takes.

Ratio {"numerator", "denominator"}, task {"actual", "target"} (or {"actual", "workers"} where the target may be
derived), count {"count"}, checklist {"yes": [ids]}, presence {"yes": bool}, judged {"points": "0.50"}, increment
{"stations", "total"}, tally {"claims"}, award {"awards": n} or {"awards": [levels]}; both may have "joint": parts of
keys that several units share, {"own": place, "parts": [hundredths], "level"}. An over-target bonus reads its task leaf
and takes none.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from domain import points
from domain.figures import LARGEST, MOST_AWARDS, Figures, hundredths, member, only, refuse, whole, words
from domain.rubric import rules


def check_kind(rule: rules.Rule, raw: Figures, path: str) -> None:
    """Raises BadFigures naming the first member under ``path`` that does not fit the rule."""
    _CHECKS[type(rule)](rule, raw, path)


def _ratio(_: rules.Ratio, raw: Figures, path: str) -> None:
    only(raw, ("numerator", "denominator"), path)
    denominator = whole(raw, "denominator", path)
    if whole(raw, "numerator", path) > denominator:
        refuse(f"{path}.numerator", "分子大于分母", "the numerator is above the denominator")


def _task(rule: rules.Task, raw: Figures, path: str) -> None:
    asked = "workers" if rule.derived and "workers" in raw else "target"
    only(raw, ("actual", asked), path)
    whole(raw, "actual", path)
    whole(raw, asked, path, least=1)


def _count(_: rules.Count, raw: Figures, path: str) -> None:
    only(raw, ("count",), path)
    whole(raw, "count", path)


def _checklist(rule: rules.Checklist, raw: Figures, path: str) -> None:
    only(raw, ("yes",), path)
    words(raw, "yes", [entry.id for entry in rule.entries], path)
    if len(raw["yes"]) != len(set(raw["yes"])):
        refuse(f"{path}.yes", "同一条重复", "an entry is listed twice")


def _presence(_: rules.Presence, raw: Figures, path: str) -> None:
    only(raw, ("yes",), path)
    if type(member(raw, "yes", path)) is not bool:
        refuse(f"{path}.yes", "须为 true 或 false", "must be true or false")


def _judged(rule: rules.Judged, raw: Figures, path: str) -> None:
    only(raw, ("points",), path)
    given = hundredths(raw, path)
    if given not in rule.steps:
        steps = ", ".join(map(points.show, rule.steps))
        refuse(f"{path}.points", f"不在允许的档次内：{steps}", f"the step is not allowed; one of {steps}")


def _increment(_: rules.Increment, raw: Figures, path: str) -> None:
    only(raw, ("stations", "total"), path)
    total = whole(raw, "total", path)
    if not whole(raw, "stations", path) and total:
        refuse(f"{path}.stations", "没有站点却有资金", "there are funds but no station")


def _over_target(rule: rules.OverTarget, _: Figures, path: str) -> None:
    refuse(path, f"由{rule.task}的数据计算，不另填", f"is computed from {rule.task} and takes no figures")


def _tally(_: rules.Tally, raw: Figures, path: str) -> None:
    only(raw, ("claims", "joint"), path)
    whole(raw, "claims", path)
    _joint((), raw, path)


def _award(rule: rules.Award, raw: Figures, path: str) -> None:
    only(raw, ("awards", "joint"), path)
    levels = [level.id for level in rule.levels]
    if levels:
        words(raw, "awards", levels, path)
    else:
        whole(raw, "awards", path)
    _joint(levels, raw, path)


def _joint(levels: Collection[str], raw: Figures, path: str) -> None:
    """Parts of keys that several units brought forward together, each at its level where the leaf has levels."""
    given = raw.get("joint", [])
    if not isinstance(given, list) or len(given) > MOST_AWARDS:
        refuse(f"{path}.joint", "须为列表", f"must be a list of at most {MOST_AWARDS}")
    for index, part in enumerate(given):
        place = f"{path}.joint[{index}]"
        if not isinstance(part, Mapping):
            refuse(place, "须为JSON对象", "must be a JSON object")
        only(part, ("own", "parts", *(["level"] if levels else [])), place)
        _parts(part, place)
        if levels and member(part, "level", place) not in levels:
            refuse(f"{place}.level", f"可用：{'、'.join(levels)}", f"takes {', '.join(levels)}")


def _parts(part: Figures, path: str) -> None:
    parts = member(part, "parts", path)
    listed = isinstance(parts, list) and all(type(each) is int and 0 <= each <= LARGEST for each in parts)
    if not listed or not 0 < len(parts) <= MOST_AWARDS or not any(parts):
        refuse(f"{path}.parts", "须为整数列表且不全为0", "must be whole numbers, not all 0")
    if whole(part, "own", path) >= len(parts):
        refuse(f"{path}.own", "须为其中一份", "must be the place of one of the parts")


_CHECKS: Mapping[type, Callable[[Any, Figures, str], None]] = {
    rules.Ratio: _ratio,
    rules.Task: _task,
    rules.Count: _count,
    rules.Checklist: _checklist,
    rules.Presence: _presence,
    rules.Judged: _judged,
    rules.Increment: _increment,
    rules.OverTarget: _over_target,
    rules.Tally: _tally,
    rules.Award: _award,
}
