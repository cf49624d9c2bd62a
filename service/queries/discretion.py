"""Who overrode what, and how many points rest on somebody's discretion: by unit, by reviewer, event by event.

Discretion is what no figure decides: judgements, moderations, corrections, adjustments, appeals, bonuses granted.
Points are those an event moved on its sheet, by the one fold there is; a correction's, those it differs by from what
was filed.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from domain import facts
from domain.causes import reason
from domain.columns import LeafScore
from domain.moments import Moment
from domain.points import show
from domain.rubric.rules import Award, Tally
from domain.severity import rounded
from domain.sheet import Sheet
from service.queries import asof
from service.queries.moving_acts import DISCRETION, OVERRIDES, Act, acts
from workers.chronicle import Chronicle

PARTS = ("judged", "adjusted", "corrected", "bonus")


def report(cycle: str, position: int) -> dict[str, Any]:
    """Shares of discretion by unit, of what counts now, and by person, of all the points his acts moved."""
    year = asof.chronicle(cycle, Moment(position))
    found = acts(year, position)
    return {
        "cycle": cycle,
        "position": position,
        "units": _units(year, position),
        "people": _people(found),
        "overrides": sum(act.cause in OVERRIDES for act in found),
    }


def overrides(cycle: str, position: int, after: int, limit: int) -> list[dict[str, Any]]:
    """Up to ``limit`` overriding events behind the position ``after``."""
    found = acts(asof.chronicle(cycle, Moment(position)), position)
    behind = [act for act in found if act.cause in OVERRIDES and act.step.position > after]
    return [_shown(act) for act in behind[:limit]]


def _people(found: tuple[Act, ...]) -> list[dict[str, Any]]:
    own: dict[str, list[Act]] = defaultdict(list)
    for act in found:
        if not isinstance(act.step.fact, facts.FiguresSubmitted | facts.SubmissionWithdrawn | facts.BonusClaimed):
            own[act.person].append(act)
    return [{"person": person, **_person(of)} for person, of in sorted(own.items())]


def _person(own: list[Act]) -> dict[str, Any]:
    kinds = {kind: [act.moved for act in own if act.cause == kind] for kind in DISCRETION}
    free = sum(abs(moved) for of in kinds.values() for moved in of)
    rest = sum(abs(act.moved) for act in own if act.cause not in DISCRETION)
    return {
        "acts": len(own),
        "by": {
            kind: {"n": len(of), "net": show(sum(of)), "moved": show(sum(map(abs, of)))}
            for kind, of in kinds.items()
            if of
        },
        "discretion": show(free),
        "all": show(free + rest),
        "percent": _percent(free, free + rest),
    }


def _units(year: Chronicle, position: int) -> list[dict[str, Any]]:
    moment = Moment(position)
    scores = year.scores(moment)
    totals = asof.totals(year.rules, year.cycle, year.rules.layout_at(year.cycle, moment), scores)
    parts: dict[str, dict[str, list[int]]] = {unit: {part: [] for part in PARTS} for unit in scores}
    for tracked in year.sheets(moment):
        if tracked.sheet.unit in parts:
            for part, points in _parts(tracked.sheet, tracked.scores, tracked.rules.rules):
                parts[tracked.sheet.unit][part].append(points)
    return [{"unit": unit, **_unit(totals[unit][1], of)} for unit, of in parts.items()]


def _parts(sheet: Sheet, scores: dict[str, LeafScore], rules: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """What of each leaf rests on discretion as it counts now."""
    for leaf, score in scores.items():
        yield "adjusted", score.final - score.verified
        if isinstance(rules[leaf], Award | Tally):
            yield "bonus", score.verified
        elif "points" in sheet.verified.get(leaf, {}):
            yield "judged", score.verified
        elif _corrected(sheet, leaf):
            yield "corrected", score.verified - score.claimed


def _corrected(sheet: Sheet, leaf: str) -> bool:
    """Whether a reviewer put other figures in the place of those that stand filed."""
    both = leaf in sheet.verified and leaf in sheet.claimed
    return both and not sheet.unseen(leaf) and sheet.verified[leaf] != sheet.claimed[leaf][1]


def _unit(total: int, parts: dict[str, list[int]]) -> dict[str, Any]:
    free = sum(abs(points) for of in parts.values() for points in of)
    return {
        "total": show(total),
        "by": {part: {"net": show(sum(of)), "moved": show(sum(map(abs, of)))} for part, of in parts.items()},
        "discretion": show(free),
        "percent": _percent(free, total),
    }


def _percent(part: int, whole: int) -> str | None:
    return rounded(Fraction(part * 100, whole), 2) if whole > 0 else None


def _shown(act: Act) -> dict[str, Any]:
    event = act.step.event
    return {
        "position": act.step.position,
        "recorded": event.time,
        "type": event.type,
        "cause": act.cause,
        "unit": act.unit,
        "item": act.item,
        "leaf": getattr(act.step.fact, "leaf", None),
        "person": act.person,
        "role": event.actorrole,
        "began_by": list(act.began),
        "moved": show(act.moved),
        "reason": reason(act.step.fact),
    }
