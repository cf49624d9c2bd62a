"""The figures a leaf takes, checked at the door; after that every reader may trust them.

Figures are a plain table of JSON values, recorded as they came: ratio {"numerator", "denominator"}, task
{"actual", "target"} (or {"actual", "workers"} where the target may be derived), count {"count"}, checklist
{"yes": [ids]}, presence {"yes": bool}, judged {"points": "0.50"}, increment {"stations", "total"}, tally
{"claims"}, award {"awards": n} or {"awards": [levels]}; both may have "joint": parts of keys that several units share,
{"own": place, "parts": [hundredths], "level"}. An over-target bonus reads its task leaf and takes none.
Any scored leaf: {"not_applicable": true}, with "points" given by a reviewer where no sibling can take its points.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NoReturn, TypeAlias

from domain import points
from domain.rubric import rules
from domain.rubric.model import Face, Item, Leaf

Figures: TypeAlias = Mapping[str, Any]

LARGEST = 10**12
MOST_AWARDS = 1000
LONGEST_QUOTE = 60


class BadFigures(ValueError):
    """The figures do not fit the leaf; ``path`` names the member, ``zh`` and ``en`` say why."""

    def __init__(self, path: str, zh: str, en: str) -> None:
        super().__init__(f"{path}: {en}")
        self.path = path
        self.zh = zh
        self.en = en


def check(leaf: Leaf, cohort: str, raw: Any, path: str) -> Figures:
    """The figures of ``leaf`` for a unit of ``cohort``; raises BadFigures naming the member under ``path``."""
    face = leaf.faces.get(cohort)
    if face is None:
        _refuse(path, f"此评分点不适用于 {cohort}", f"the leaf does not apply to {cohort}")
    if not isinstance(raw, Mapping):
        _refuse(path, "须为JSON对象", "must be a JSON object")
    if "not_applicable" in raw:
        _not_applicable(face, raw, path)
    else:
        _CHECKS[type(face.rule)](face.rule, raw, path)
    return dict(raw)


def check_item(item: Item, cohort: str, raws: Mapping[str, Any], path: str) -> dict[str, Figures]:
    """The figures of the item's leaves that are given; also refuses points where siblings take them."""
    given = {
        leaf.id: check(leaf, cohort, raws[leaf.id], f"{path}.{leaf.id}") for leaf in item.leaves if leaf.id in raws
    }
    scored = {leaf.id for leaf in item.leaves if cohort in leaf.faces and not leaf.bonus}
    absent = {leaf: figures for leaf, figures in given.items() if "not_applicable" in figures}
    for leaf, figures in absent.items():
        if "points" in figures and scored - absent.keys():
            _refuse(
                f"{path}.{leaf}.points",
                "分值已并入同项目的其他评分点，不另给分",
                "its points move to the item's other leaves; none are given here",
            )
    return given


def quote(value: Any) -> str:
    """A short, printable form of anything a stranger sent, safe for a terminal and a log."""
    text = value if isinstance(value, str) and value and value.isprintable() else ascii(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def _refuse(path: str, zh: str, en: str) -> NoReturn:
    raise BadFigures(path, zh, en)


def _only(raw: Figures, keys: Collection[str], path: str) -> None:
    for key in raw:
        if key not in keys:
            _refuse(f"{path}.{quote(key)}", "未知的数据", f"unknown figure; takes {', '.join(sorted(keys))}")


def _member(raw: Figures, key: str, path: str) -> Any:
    if key not in raw:
        _refuse(f"{path}.{key}", "缺少该数据", "is missing")
    return raw[key]


def _whole(raw: Figures, key: str, path: str, least: int = 0) -> int:
    value = _member(raw, key, path)
    if type(value) is not int:
        _refuse(f"{path}.{key}", "须为整数", "must be a whole number")
    if not least <= value <= LARGEST:
        _refuse(f"{path}.{key}", f"须在{least}至10的12次方之间", f"must be between {least} and 10^12")
    return value


def _ratio(_: rules.Ratio, raw: Figures, path: str) -> None:
    _only(raw, ("numerator", "denominator"), path)
    denominator = _whole(raw, "denominator", path)
    if _whole(raw, "numerator", path) > denominator:
        _refuse(f"{path}.numerator", "分子大于分母", "the numerator is above the denominator")


def _task(rule: rules.Task, raw: Figures, path: str) -> None:
    asked = "workers" if rule.derived and "workers" in raw else "target"
    _only(raw, ("actual", asked), path)
    _whole(raw, "actual", path)
    _whole(raw, asked, path, least=1)


def _count(_: rules.Count, raw: Figures, path: str) -> None:
    _only(raw, ("count",), path)
    _whole(raw, "count", path)


def _checklist(rule: rules.Checklist, raw: Figures, path: str) -> None:
    _only(raw, ("yes",), path)
    _words(raw, "yes", [entry.id for entry in rule.entries], path)
    if len(raw["yes"]) != len(set(raw["yes"])):
        _refuse(f"{path}.yes", "同一条重复", "an entry is listed twice")


def _words(raw: Figures, key: str, known: Collection[str], path: str) -> None:
    value = _member(raw, key, path)
    if not isinstance(value, list) or len(value) > MOST_AWARDS:
        _refuse(f"{path}.{key}", "须为列表", f"must be a list of at most {MOST_AWARDS} of {', '.join(known)}")
    for index, each in enumerate(value):
        if not isinstance(each, str) or each not in known:
            _refuse(
                f"{path}.{key}[{index}]",
                f"未知：{quote(each)}；可用：{'、'.join(known)}",
                f"unknown: {quote(each)}; takes {', '.join(known)}",
            )


def _presence(_: rules.Presence, raw: Figures, path: str) -> None:
    _only(raw, ("yes",), path)
    if type(_member(raw, "yes", path)) is not bool:
        _refuse(f"{path}.yes", "须为 true 或 false", "must be true or false")


def _judged(rule: rules.Judged, raw: Figures, path: str) -> None:
    _only(raw, ("points",), path)
    given = _points(raw, path)
    if given not in rule.steps:
        steps = ", ".join(map(points.show, rule.steps))
        _refuse(f"{path}.points", f"不在允许的档次内：{steps}", f"the step is not allowed; one of {steps}")


def _points(raw: Figures, path: str) -> int:
    value = _member(raw, "points", path)
    if not isinstance(value, str):
        _refuse(f"{path}.points", "须为两位小数的文本", 'must be a text with two decimals ("0.50"), not a number')
    try:
        return points.parse(value)
    except points.BadPoints as bad:
        _refuse(f"{path}.points", bad.zh, bad.en)


def _increment(_: rules.Increment, raw: Figures, path: str) -> None:
    _only(raw, ("stations", "total"), path)
    total = _whole(raw, "total", path)
    if not _whole(raw, "stations", path) and total:
        _refuse(f"{path}.stations", "没有站点却有资金", "there are funds but no station")


def _over_target(rule: rules.OverTarget, _: Figures, path: str) -> None:
    _refuse(path, f"由{rule.task}的数据计算，不另填", f"is computed from {rule.task} and takes no figures")


def _tally(_: rules.Tally, raw: Figures, path: str) -> None:
    _only(raw, ("claims", "joint"), path)
    _whole(raw, "claims", path)
    _joint((), raw, path)


def _award(rule: rules.Award, raw: Figures, path: str) -> None:
    _only(raw, ("awards", "joint"), path)
    levels = [level.id for level in rule.levels]
    if levels:
        _words(raw, "awards", levels, path)
    else:
        _whole(raw, "awards", path)
    _joint(levels, raw, path)


def _joint(levels: Collection[str], raw: Figures, path: str) -> None:
    """Parts of keys that several units brought forward together, each at its level where the leaf has levels."""
    given = raw.get("joint", [])
    if not isinstance(given, list) or len(given) > MOST_AWARDS:
        _refuse(f"{path}.joint", "须为列表", f"must be a list of at most {MOST_AWARDS}")
    for index, part in enumerate(given):
        place = f"{path}.joint[{index}]"
        if not isinstance(part, Mapping):
            _refuse(place, "须为JSON对象", "must be a JSON object")
        _only(part, ("own", "parts", *(["level"] if levels else [])), place)
        _parts(part, place)
        if levels and _member(part, "level", place) not in levels:
            _refuse(f"{place}.level", f"可用：{'、'.join(levels)}", f"takes {', '.join(levels)}")


def _parts(part: Figures, path: str) -> None:
    parts = _member(part, "parts", path)
    whole = isinstance(parts, list) and all(type(each) is int and 0 <= each <= LARGEST for each in parts)
    if not whole or not 0 < len(parts) <= MOST_AWARDS or not any(parts):
        _refuse(f"{path}.parts", "须为整数列表且不全为0", "must be whole numbers, not all 0")
    if _whole(part, "own", path) >= len(parts):
        _refuse(f"{path}.own", "须为其中一份", "must be the place of one of the parts")


def _not_applicable(face: Face, raw: Figures, path: str) -> None:
    if face.bonus:
        _refuse(path, "加分点无须确认不适用", "a bonus leaf is never marked not applicable")
    _only(raw, ("not_applicable", "points"), path)
    if raw["not_applicable"] is not True:
        _refuse(f"{path}.not_applicable", "只可为 true", "can only be true")
    if "points" in raw and not 0 <= _points(raw, path) <= face.points:
        most = points.show(face.points)
        _refuse(f"{path}.points", f"须在0.00至{most}之间", f"must be between 0.00 and {most}")


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
