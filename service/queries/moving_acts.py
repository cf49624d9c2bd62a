"""Acts that moved points: by whom, of what somebody else had begun, and how many hundredths."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from domain import facts
from domain.causes import cause
from domain.columns import LeafScore
from domain.sheet import Sheet
from workers.chronicle import Chronicle
from workers.courses import Course, Step
from workers.projections.sums import sums_of

OVERRIDES = ("correction", "moderation", "adjustment", "adjustment-revoked", "bonus-revoked", "appeal")
DISCRETION = ("judgement", "bonus-granted", *OVERRIDES)


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
