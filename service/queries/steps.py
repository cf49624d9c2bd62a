"""A year step by step: every event that moved points between two moments, and what it moved, unit by unit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import g

from domain.causes import ENGINE, cause, reason
from domain.columns import LeafScore
from domain.duties import may
from domain.facts import RubricApplied
from domain.moments import Moment
from domain.points import show
from domain.standings import counted_bonus
from service.auth import caller
from service.office import office
from workers.chronicle import Chronicle
from workers.courses import Scores, Step
from workers.projections.standings import sums_of

COLUMNS = ("claimed", "verified", "final")
Points = tuple[int, int, int]
_ZERO = LeafScore(0, 0, 0, 0, "empty")


@dataclass(frozen=True, slots=True)
class UnitStep:
    """One event that moved points of a unit's sheet, or ceased to (``gone``).

    ``step`` None: no event moved them, another engine did, at the ``end`` of the way or at its beginning.
    ``scores`` of the sheet and ``totals`` of the unit before and after, in hundredths, the final total as it counts.
    """

    unit: str
    item: str
    step: Step | None
    gone: bool
    scores: tuple[Scores, Scores]
    totals: tuple[Points, Points]
    end: bool = False

    @property
    def cause(self) -> str:
        """Why points moved."""
        return ENGINE if self.step is None else cause(self.step.fact)

    def moved(self, leaf: str | None = None) -> dict[str, tuple[LeafScore, LeafScore]]:
        """The leaves (or the one leaf) whose points moved, each before and after."""
        return {name: two for name, two in moved_leaves(*self.scores).items() if leaf in {None, name}}


def moved_leaves(before: Scores, after: Scores) -> dict[str, tuple[LeafScore, LeafScore]]:
    """The leaves whose points differ, each before and after; one that is not there counts 0."""
    pairs = {leaf: (before.get(leaf, _ZERO), after.get(leaf, _ZERO)) for leaf in {**before, **after}}
    return {leaf: two for leaf, two in pairs.items() if two[0][:3] != two[1][:3]}


class Sums:
    """A unit's totals, carried from step to step."""

    def __init__(self, year: Chronicle, unit: str, begun: Moment, scores: Mapping[str, LeafScore]) -> None:
        rules, cycle = year.rules, year.cycle
        self._rules, self._cycle = rules, cycle
        self._where, self._cohort = rules.layout_at(cycle, begun), rules.unit(cycle, unit).cohort
        self._plain = [sums_of(scores, name) for name in COLUMNS]
        self._bonus = self._bonuses(scores)

    def points(self) -> Points:
        """The totals as they stand; the final one as it counts."""
        claimed, verified, final = self._plain
        base = final - self._bonus
        return claimed, verified, base + counted_bonus(self._where.rubric, self._cohort, base, self._bonus)

    def move(self, before: Scores, after: Scores, moment: Moment) -> tuple[Points, Points]:
        """Takes one sheet's new scores in, under the rubric of a moment; the totals before and after."""
        was = self.points()
        self._where = self._rules.layout_at(self._cycle, moment)
        for place, name in enumerate(COLUMNS):
            self._plain[place] += sums_of(after, name) - sums_of(before, name)
        self._bonus += self._bonuses(after) - self._bonuses(before)
        return was, self.points()

    def _bonuses(self, scores: Mapping[str, LeafScore]) -> int:
        return sum(score.final for leaf, score in scores.items() if self._where.leaves[leaf][2])


# Moments do not change, and a difference is read page after page.
@lru_cache(maxsize=16)
def steps(year: Chronicle, before: Moment, after: Moment) -> Mapping[str, tuple[UnitStep, ...]]:
    """Unit -> the events that moved its points from one moment to the other, in the order they are taken."""
    common = year.scores(before.meet(after))
    units = sorted(year.scores(before).keys() | year.scores(after).keys())
    return {unit: tuple(_of_unit(year, unit, common.get(unit) or year.nothing(unit), before, after)) for unit in units}


def _of_unit(year: Chronicle, unit: str, both: Scores, before: Moment, after: Moment) -> Iterator[UnitStep]:
    """What left, as the way to it gone back, then what came: so that each total is under the rubric of its moment."""
    common = before.meet(after)
    for each in reversed(list(_onward(year, unit, both, common, before))):
        yield replace(each, gone=True, scores=each.scores[::-1], totals=each.totals[::-1])
    yield from _onward(year, unit, both, common, after)


def _onward(year: Chronicle, unit: str, scores: Scores, before: Moment, after: Moment) -> Iterator[UnitStep]:
    sums = Sums(year, unit, before, scores)
    for course, step, moved in year.moves(unit, before, after):
        leaves = moved_leaves(moved.before, moved.after)
        if leaves or isinstance(step.fact, RubricApplied):  # a rubric may move the total and no leaf
            totals = sums.move(moved.before, moved.after, Moment(step.position, after.effective))
            item = course.tracked.sheet.item
            if leaves or totals[0] != totals[1]:
                yield UnitStep(unit, item, step, False, (moved.before, moved.after), totals)


def event_shown(each: UnitStep, cycle: str) -> dict[str, Any]:
    """The event behind a step; who did it and why is for those who may read the sheet."""
    if each.step is None:
        return {"cause": ENGINE}
    step, event = each.step, each.step.event
    told = {
        "position": step.position, "event": event.id, "type": event.type, "cause": each.cause, "gone": each.gone,
        "recorded": event.time, "effective": step.holds,
    }  # fmt: skip
    open_to = _reads(cycle, each.unit, each.item)
    person = {"actor": event.actor, "role": event.actorrole, "scope": event.actorscope, "reason": reason(step.fact)}
    return told | (person if open_to else dict.fromkeys(person))


def _reads(cycle: str, unit: str, item: str) -> bool:
    """Whether the caller may read the sheet: as a department that answers for it now, whoever did then."""
    if g.get("in_force", ("", ""))[0] != cycle:  # looked up once a request, which shows many steps
        g.in_force = (cycle, office().cycles.get(cycle)[0].hash)
    departments = frozenset(office().rules.item(cycle, unit, item, g.in_force[1]).departments.values())
    return may(caller(), "see-sheet", unit=unit, departments=departments)


def shown(points: Points) -> dict[str, str]:
    """Three columns as texts."""
    return dict(zip(COLUMNS, map(show, points), strict=True))


def sheet_sums(scores: Scores) -> Points:
    """The sums of a sheet's leaves."""
    return sums_of(scores, "claimed"), sums_of(scores, "verified"), sums_of(scores, "final")
