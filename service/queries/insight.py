"""What a ranking hangs on and what would raise a score: the domain's answers on the record's own figures."""

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from domain.columns import claimed_figures, verified_figures
from domain.cycle import Cycle
from domain.improvement import Change, improvements
from domain.interpretations import computable
from domain.item_readings import Assessed
from domain.moments import Moment
from domain.points import show
from domain.robustness import Robustness, robustness
from domain.rubric.model import Rubric
from domain.rubric.shape import RUBRIC
from domain.sheet import Sheet
from events.codec import to_fact
from events.store import EventStore
from service.queries.sheets import both
from workers.assessed import standing, with_sheet
from workers.chronicle import Chronicle
from workers.item_rules import ItemRules
from workers.rules import Rules


# A moment's figures never change, and a ranking is looked at by many.
@lru_cache(maxsize=8)
def robust(year: Chronicle, moment: Moment, held: frozenset[str]) -> Robustness:
    """The robustness of a cycle's ranking as of a moment, on what reviewers stand for; raises TooManySets."""
    return robustness(year.rules.layout_at(year.cycle, moment).rubric, standing(year, moment), held)


def unit_as_filed(store: EventStore, rules: Rules, known: Cycle, unit: str) -> Assessed:
    """One unit, never behind: what reviewers stand for, and as filed what they have not looked at yet."""
    cycle, cohort = known.id, rules.unit(known.id, unit).cohort
    found = Assessed(cohort, {}, {})
    for item in rules.rubric(known.hash).items:
        if cohort in item.points:
            sheet = Sheet(cycle, unit, item.id)
            for event in store.read(f"sheet/{cycle}/{unit}/{item.id}"):
                sheet.evolve(to_fact(event.envelope), event.envelope.actor, event.envelope.id)
            found = with_sheet(found, sheet, _in_sight(sheet, rules.item(cycle, unit, item.id, sheet.rubric)))
    return found


def unit_then(year: Chronicle, unit: str, moment: Moment) -> tuple[Rubric, Assessed] | None:
    """The same of a moment, with the rubric that was in force; None when the unit was not enrolled."""
    if not year.knows(unit, moment.position):
        return None
    cohort, rubric = year.rules.unit(year.cycle, unit).cohort, year.rules.layout_at(year.cycle, moment).rubric
    found = Assessed(cohort, {}, {})
    for item in rubric.items:
        if cohort in item.points:
            tracked = year.sheet(unit, item.id, moment)
            found = with_sheet(found, tracked.sheet, _in_sight(tracked.sheet, tracked.rules))
    return rubric, found


def _in_sight(sheet: Sheet, rules: ItemRules) -> dict[str, Any]:
    return {**claimed_figures(sheet, rules.rules), **verified_figures(sheet, rules.rules)}


def robustness_shown(found: Robustness) -> dict[str, Any]:
    """Units by rank, questions by the ranks they move."""
    units = sorted(found.units.items(), key=lambda each: (each[1].rank, each[0]))
    return {
        "sets": found.sets,
        "units": [{"unit": unit, **asdict(fragile)} for unit, fragile in units],
        "questions": [asdict(each) for each in found.questions],
    }


def improvements_shown(rubric: Rubric, unit: Assessed, points: int) -> dict[str, Any]:
    """The least changes and, when points were asked for, how to gain them."""
    found = improvements(rubric, unit, points)
    plan = found.plan
    return {
        "total": show(found.total),
        "changes": [_change(each) for each in found.changes],
        "unfiled": list(found.unknown),
        "alone": [_change(each) for each in found.alone],
        "plan": plan
        and {"gain": show(plan.gain), "effort": plan.effort, "changes": [_change(each) for each in plan.changes]},
    }


def register_shown(rubric: Rubric) -> list[dict[str, Any]]:
    """Every question as the rubric has it, with the answer in force and the options whose scores can be computed."""
    written = RUBRIC.write(rubric)["questions"]
    return [
        {**document, "answer": question.answer, "computable": list(computable(rubric, question))}
        for document, question in zip(written, rubric.questions, strict=True)
    ]


def _change(change: Change) -> dict[str, Any]:
    return {**asdict(change), "gain": show(change.gain), "sentence": both(change.sentence)}
