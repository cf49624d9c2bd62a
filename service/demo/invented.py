"""Invented figures: the same at every start, by a checksum instead of chance."""

from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from domain.points import show
from domain.rubric import rules
from domain.rubric.leaves import Face
from service.demo.places import Place

Draw = Callable[[str, int, int], int]


def draw(*about: str) -> Draw:
    """A source of whole numbers between two bounds, fixed by what they are about."""
    return lambda what, low, high: low + crc32("/".join((*about, what)).encode()) % (high - low + 1)


def figures(place: Place, leaf: str, face: Face) -> dict[str, Any]:
    """What a unit reports for a leaf; {} for one that takes no figures (claims, awards, over target)."""
    make = _MAKE.get(type(face.rule))
    return make(face.rule, place, draw(place.unit, leaf)) if make else {}


def smaller(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What a reviewer finds when he counts again: a little less than reported."""
    first = next(iter(raw))
    value = raw[first]
    if isinstance(value, bool):
        return {**raw, first: False}
    if isinstance(value, list):
        return {**raw, first: value[:-1]}
    return {**raw, first: max(0, value - value // 12 - 1)}


def _percent(asked: int, place: Place, pick: Draw) -> int:
    """How much of what is asked the unit reached: often a little more, at times clearly less."""
    luck = pick("luck", -6, 9) if pick("day", 1, 5) > 1 else pick("bad day", -30, -8)
    return max(0, min(100, asked * (place.strength + luck) // 100))


def _ratio(rule: rules.Ratio, place: Place, pick: Draw) -> dict[str, Any]:
    whole = pick("whole", 20, 60) * (6 if place.cohort == "district" else 2)
    return {"numerator": whole * _percent(min(rule.threshold + 3, 100), place, pick) // 100, "denominator": whole}


def _task(rule: rules.Task, place: Place, pick: Draw) -> dict[str, Any]:
    reached = place.strength + pick("luck", -12, 16)
    if rule.derived:
        workers = pick("workers", 20, 90) * 1000
        share = workers * rule.derived.of // rule.derived.per + 1
        return {"actual": share * reached // 100, "workers": workers}
    target = pick("target", 40, 240)
    return {"actual": target * reached // 100, "target": target}


def _count(rule: rules.Count, _: Place, pick: Draw) -> dict[str, Any]:
    return {"count": max(0, rule.minimum + pick("count", -1, 2))}


def _checklist(rule: rules.Checklist, place: Place, pick: Draw) -> dict[str, Any]:
    missing = "" if pick("missing", 80, 105) <= place.strength else rule.entries[pick("which", 0, 2)].id
    return {"yes": [entry.id for entry in rule.entries if entry.id != missing]}


def _presence(_: rules.Presence, place: Place, pick: Draw) -> dict[str, Any]:
    return {"yes": pick("there", 70, 105) <= place.strength + 5}


def _judged(rule: rules.Judged, place: Place, pick: Draw) -> dict[str, Any]:
    below = 0 if pick("modest", 80, 102) <= place.strength else 1
    return {"points": show(rule.steps[len(rule.steps) - 1 - below])}


def _increment(rule: rules.Increment, place: Place, pick: Draw) -> dict[str, Any]:
    stations = pick("stations", 12, 60)
    return {"stations": stations, "total": stations * (rule.base + pick("funds", -400, 4200) * place.strength // 100)}


_MAKE: dict[type, Callable[[Any, Place, Draw], dict[str, Any]]] = {
    rules.Ratio: _ratio,
    rules.Task: _task,
    rules.Count: _count,
    rules.Checklist: _checklist,
    rules.Presence: _presence,
    rules.Judged: _judged,
    rules.Increment: _increment,
}
