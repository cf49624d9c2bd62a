"""Who overrode what, and how many points rest on somebody's discretion: by unit, by reviewer, event by event.

Discretion is what no figure decides: judgements, moderations, corrections, adjustments, appeals, bonuses granted.
Points are those an event moved on its sheet, by the one fold there is; a correction's, those it differs by from what
was filed.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from domain import facts
from domain.causes import cause, reason
from domain.columns import LeafScore
from domain.moments import Moment
from domain.points import show
from domain.rubric.rules import Award, Tally
from domain.severity import rounded
from domain.sheet import Sheet
from service.queries import asof
from workers.chronicle import Chronicle
from workers.courses import Course, Step
from workers.projections.sums import sums_of

OVERRIDES = ("correction", "moderation", "adjustment", "adjustment-revoked", "bonus-revoked", "appeal")
DISCRETION = ("judgement", "bonus-granted", *OVERRIDES)
PARTS = ("judged", "adjusted", "corrected", "bonus")


@dataclass(frozen=True, slots=True)
class Act:
    """One event that moved points of a sheet: by whom, of what somebody else had begun, and how many hundredths."""

    unit: str
    item: str
    step: Step
    cause: str
    person: str
    began: tuple[str, ...]
    moved: int


# A position's past does not change, and the overriding acts are read page after page.
@lru_cache(maxsize=8)
def acts(year: Chronicle, position: int) -> tuple[Act, ...]:
    """Every event of the cycle's sheets up to a position that moved points or could have, in its order."""
    found = (act for course in list(year.courses.values()) for act in _of_sheet(course, position))
    return tuple(sorted(found, key=lambda act: act.step.position))


def _of_sheet(course: Course, position: int) -> Iterator[Act]:
    sheet, before, firsts = course.tracked.sheet, course.empty, dict[str, str]()
    for step in course.steps:
        if step.position > position:
            return
        if isinstance(step.fact, facts.JudgementSealed):
            firsts[step.fact.leaf] = step.event.actor
        first = firsts.get(getattr(step.fact, "leaf", ""), "")
        person = first if isinstance(step.fact, facts.JudgementOpened) else step.event.actor
        why = cause(step.fact)
        moved = _moved(step, before, why)
        if moved or why in DISCRETION:
            yield Act(sheet.unit, sheet.item, step, why, person, _began(sheet, step.fact, first), moved)
        before = step.scores


def _moved(step: Step, before: dict[str, LeafScore], why: str) -> int:
    if why == "correction" and (corrected := step.scores.get(step.fact.leaf)):
        return corrected.verified - corrected.claimed
    return sums_of(step.scores, "final") - sums_of(before, "final")


def _began(sheet: Sheet, fact: Any, first: str) -> tuple[str, ...]:
    """Whose act was overridden or confirmed: the proposer's, the claimant's, the two judges'."""
    match fact:
        case facts.AdjustmentApproved() | facts.AdjustmentRevoked():
            return (sheet.adjustments[fact.adjustment].proposer,)
        case facts.BonusGranted() | facts.BonusRevoked():
            return (sheet.bonuses[fact.bonus].proposer,)
        case facts.AppealDecided():
            return (sheet.appeals[fact.appeal].by,)
        case facts.JudgementModerated():
            return (first, sheet.rounds[fact.leaf].second)
        case facts.FiguresVerified() if fact.submission in sheet.submissions:
            return (sheet.submissions[fact.submission].by,)
    return ()


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
