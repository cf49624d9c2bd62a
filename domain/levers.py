"""What can be moved to raise a score: one whole number a leaf, from what it is to the most it can be.

The figures at every number are figures the rule takes, and more is never worth less (a law of scoring).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.figures import LARGEST, MOST_AWARDS, Figures
from domain.formulas import target
from domain.points import parse, show
from domain.rubric import rules
from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Lever:
    """``figure`` of ``leaf`` at ``start``, up to ``most``; ``at`` gives the figures, ``words`` says a move.

    ``own``: the unit can do it itself; a judgement or an award is given by others. ``size`` is how much of the
    figure counts as one effort: 1, or the step of a sum of money.
    """

    leaf: str
    figure: str
    start: int
    most: int
    at: Callable[[int], Figures]
    words: Callable[[int], Text]
    own: bool = True
    size: int = 1

    def effort(self, number: int) -> int:
        """How many efforts it takes to come to ``number``."""
        return -(-(number - self.start) // self.size)


def levers(leaf: str, rule: rules.Rule, figures: Figures | None) -> list[Lever]:
    """The levers of a leaf; none where nothing can be said before figures are filed or the leaf is confirmed."""
    given = figures or {}
    if "not_applicable" in given or type(rule) not in _MAKERS:
        return []
    return [lever for lever in _MAKERS[type(rule)](leaf, rule, given) if lever.most > lever.start]


def _said(start: int, text: Text, **named: object) -> Callable[[int], Text]:
    """The words of a move from ``start``: {more} of it, up to {number}, and whatever else is named."""

    def words(number: int) -> Text:
        told = {"more": number - start, "start": start, "number": number, **named}
        return Text(text.zh.format(**told), text.en.format(**told))

    return words


def _number(
    leaf: str, figure: str, given: Figures, text: Text, most: int = LARGEST, size: int = 1, **named: object
) -> Lever:
    """A lever that is a figure as it is filed."""
    start = given.get(figure, 0)
    words = _said(start, text, **named)
    return Lever(leaf, figure, start, most, lambda number: {**given, figure: number}, words, size=size)


def _ratio(leaf: str, _: rules.Ratio, given: Figures) -> Iterator[Lever]:
    if whole := given.get("denominator"):
        zh, en = "达标数再增加{more}个（{start}→{number}，共{of}个）", "{more} more comply ({start} → {number} of {of})"
        yield _number(leaf, "numerator", given, Text(zh, en), most=whole, of=whole)


def _task(leaf: str, rule: rules.Task, given: Figures) -> Iterator[Lever]:
    if given:
        zh, en = "再完成{more}个（{start}→{number}，任务{of}）", "{more} more done ({start} → {number}, target {of})"
        yield _number(leaf, "actual", given, Text(zh, en), of=target(rule.derived, given))


def _count(leaf: str, _: rules.Count, given: Figures) -> Iterator[Lever]:
    yield _number(leaf, "count", given, Text("再增加{more}个（{start}→{number}）", "{more} more ({start} → {number})"))


def _checklist(leaf: str, rule: rules.Checklist, given: Figures) -> Iterator[Lever]:
    met = list(given.get("yes", ()))
    missing = [entry for entry in rule.entries if entry.id not in met]

    def words(number: int) -> Text:
        more = missing[: number - len(met)]
        zh, en = "、".join(each.name.zh for each in more), ", ".join(each.name.en for each in more)
        return Text(f"再满足{len(more)}条：{zh}", f"{len(more)} more met: {en}")

    def at(number: int) -> Figures:
        return {"yes": [*met, *(each.id for each in missing[: number - len(met)])]}

    yield Lever(leaf, "yes", len(met), len(rule.entries), at, words)


def _presence(leaf: str, _: rules.Presence, given: Figures) -> Iterator[Lever]:
    words = Text("做到这一条", "have it in place")
    yield Lever(leaf, "yes", int(given.get("yes", False)), 1, lambda number: {"yes": bool(number)}, lambda _: words)


def _judged(leaf: str, rule: rules.Judged, given: Figures) -> Iterator[Lever]:
    steps = rule.steps
    start = steps.index(parse(given["points"])) if given else 0

    def words(number: int) -> Text:
        before, after = show(steps[start]), show(steps[number])
        more = number - start
        return Text(f"评定提高{more}档（{before}→{after}）", f"judged higher by {more} ({before} → {after})")

    yield Lever(leaf, "points", start, len(steps) - 1, lambda number: {"points": show(steps[number])}, words, own=False)


def _increment(leaf: str, rule: rules.Increment, given: Figures) -> Iterator[Lever]:
    if given.get("stations"):
        text = Text("合计再增加{more}（{start}→{number}）", "{more} more in total ({start} → {number})")
        yield _number(leaf, "total", given, text, size=rule.step)


def _tally(leaf: str, _: rules.Tally, given: Figures) -> Iterator[Lever]:
    text = Text("再有{more}项登记并获认可（{start}→{number}）", "{more} more accepted ({start} → {number})")
    yield _number(leaf, "claims", given, text)


def _award(leaf: str, rule: rules.Award, given: Figures) -> Iterator[Lever]:
    held = given.get("awards", [] if rule.levels else 0)
    for level in rule.levels:
        yield _awarded(leaf, list(held), level, given)
    if not rule.levels:
        words = _said(held, Text("再获认定{more}项", "{more} more recognised"))
        yield Lever(leaf, "awards", held, LARGEST, lambda number: {**given, "awards": number}, words, own=False)


def _awarded(leaf: str, held: list[str], level: rules.Level, given: Figures) -> Lever:
    words = _said(len(held), Text("再获{more}项：{zh}", "{more} more: {en}"), zh=level.name.zh, en=level.name.en)

    def at(number: int) -> Figures:
        return {**given, "awards": [*held, *[level.id] * (number - len(held))]}

    return Lever(leaf, "awards", len(held), MOST_AWARDS, at, words, own=False)


_MAKERS: Mapping[type, Callable[[str, Any, Figures], Iterator[Lever]]] = {
    rules.Ratio: _ratio, rules.Task: _task, rules.Count: _count, rules.Checklist: _checklist,
    rules.Presence: _presence, rules.Judged: _judged, rules.Increment: _increment, rules.Tally: _tally,
    rules.Award: _award,
}  # fmt: skip
