"""Figures as rows of a table, one value a row, and back: what a table asks of a leaf, and how its answers are read.

A whole number may be written as spreadsheets store it ("12.0" is 12); nothing is rounded, and nothing is a float.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from domain.figures import quote
from domain.rubric import rules
from domain.rubric.leaves import Face
from domain.rubric.texts import Text

ABSENT = "not_applicable"
_ENTRY = "yes."
_WHOLE = re.compile(r"(-?[0-9]{1,30})(?:\.0{1,20})?")
_POINTS = re.compile(r"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_SAID = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}
_NAMES = {
    "numerator": Text("分子（达到要求的数量）", "numerator: how many meet it"),
    "denominator": Text("分母（应达到的总数）", "denominator: of how many"),
    "actual": Text("实际完成数", "actual"),
    "target": Text("目标数（已下达的可不填）", "target (leave empty where one was issued)"),
    "workers": Text("职工数（没有目标数时填写）", "workers (where there is no target)"),
    "count": Text("数量", "count"),
    "yes": Text("是否做到", "whether it is there"),
    "points": Text("自评分", "points claimed"),
    "stations": Text("站点数", "stations"),
    "total": Text("资金总额（元）", "total funds (yuan)"),
    ABSENT: Text("不适用（填“是”，其余留空）", "does not apply (write yes, leave the rest empty)"),
}


class BadValue(ValueError):
    """A value that cannot be read; ``figure`` names its row, ``code`` and the two texts say why."""

    def __init__(self, figure: str, code: str, zh: str, en: str) -> None:
        super().__init__(f"{figure}: {en}")
        self.figure, self.code, self.zh, self.en = figure, code, zh, en


@dataclass(frozen=True, slots=True)
class Ask:
    """One row that a table asks of a leaf; ``choices`` are the texts it takes, where they are few."""

    figure: str
    kind: Literal["whole", "yes-no", "points"]
    name: Text
    choices: tuple[str, ...] = ()

    def taken(self, lang: str) -> tuple[str, ...]:
        """The choices as a table in ``lang`` offers them; each is read in whichever language it stands."""
        return ("yes", "no") if lang == "en" and self.kind == "yes-no" else self.choices


def asks(face: Face) -> tuple[Ask, ...]:
    """The rows of a leaf, in order; none for a bonus that is claimed or computed elsewhere."""
    rows = _asked(face.rule)
    return (*rows, _yes_no(ABSENT, _NAMES[ABSENT])) if rows and not face.bonus else rows


def _asked(rule: rules.Rule) -> tuple[Ask, ...]:
    match rule:
        case rules.Ratio():
            return _wholes("numerator", "denominator")
        case rules.Task():
            return _wholes("actual", "target", *(("workers",) if rule.derived else ()))
        case rules.Count():
            return _wholes("count")
        case rules.Increment():
            return _wholes("stations", "total")
        case rules.Presence():
            return (_yes_no("yes", _NAMES["yes"]),)
        case rules.Checklist():
            return tuple(_yes_no(_ENTRY + entry.id, entry.name) for entry in rule.entries)
        case rules.Judged():
            steps = tuple(f"{step // 100}.{step % 100:02d}" for step in rule.steps)
            return (Ask("points", "points", _NAMES["points"], steps),)
    return ()


def _wholes(*names: str) -> tuple[Ask, ...]:
    return tuple(Ask(name, "whole", _NAMES[name]) for name in names)


def _yes_no(figure: str, name: Text) -> Ask:
    return Ask(figure, "yes-no", name, ("是", "否"))


def figures_of(face: Face, given: Mapping[str, str]) -> dict[str, Any]:
    """The figures that rows of a leaf say, {} when all of them are empty; raises BadValue.

    Only the form of each value is looked at: whether the figures fit the rule is decided where they are filed.
    """
    known = {ask.figure: ask for ask in asks(face)}
    said = {figure: _read(known[figure], text) for figure, text in given.items() if text}
    if said.pop(ABSENT, False):
        for figure in said:
            raise BadValue(figure, "bad-figures", "已填“不适用”，此行须留空", "leave this empty: it does not apply")
        return {ABSENT: True}
    entries = {figure: met for figure, met in said.items() if figure.startswith(_ENTRY)}
    if not entries:
        return said
    for figure in known:
        if figure.startswith(_ENTRY) and figure not in entries:
            raise BadValue(figure, "bad-figures", "清单各条均须填“是”或“否”", "answer every entry of the list")
    return {"yes": [figure.removeprefix(_ENTRY) for figure in known if entries.get(figure)]}


def texts_of(face: Face, figures: Mapping[str, Any]) -> dict[str, str]:
    """The rows that say ``figures``: the inverse of ``figures_of``."""
    found: dict[str, str] = {}
    for ask in asks(face):
        if ask.figure.startswith(_ENTRY):
            listed = figures.get("yes")
            if listed is not None:
                found[ask.figure] = _said(ask.figure.removeprefix(_ENTRY) in listed)
        elif ask.figure in figures:
            value = figures[ask.figure]
            found[ask.figure] = _said(value) if isinstance(value, bool) else str(value)
    return found


def _said(met: bool) -> str:
    return "是" if met else "否"


def _read(ask: Ask, text: str) -> Any:
    match ask.kind:
        case "whole":
            shape = _WHOLE.fullmatch(text)
            if shape is None:
                raise _bad(ask, "not-whole", "须为整数", "not a whole number", text)
            return int(shape[1])
        case "yes-no":
            if text.lower() not in _SAID:
                raise _bad(ask, "not-yes-no", "须填“是”或“否”", "neither yes nor no", text)
            return _SAID[text.lower()]
    shape = _POINTS.fullmatch(text)
    if shape is None:
        raise _bad(ask, "not-points", "须为至多两位小数的分值", "not points with at most two decimals", text)
    return f"{int(shape[1])}.{(shape[2] or '').ljust(2, '0')}"


def _bad(ask: Ask, code: str, zh: str, en: str, text: str) -> BadValue:
    return BadValue(ask.figure, code, f"{zh}：{quote(text)}", f"{en}: {quote(text)}")
