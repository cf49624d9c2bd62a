"""Every unit's rank over time: from which event on it holds, also where only others moved and it did not."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from domain.moments import Moment
from domain.standings import places
from service.queries.steps import UnitStep, steps
from workers.chronicle import Chronicle

START = Moment(0)


@dataclass(frozen=True, slots=True)
class Place:
    """A rank from a position on; ``by``: what moved it there, as ``_happened`` says."""

    position: int
    rank: int
    by: UnitStep | str


# Moments do not change, and a timeline is read page after page.
@lru_cache(maxsize=16)
def ranks(year: Chronicle, moment: Moment) -> Mapping[str, tuple[Place, ...]]:
    """Unit -> its ranks up to a moment, each behind the one before it."""
    every = steps(year, START, moment)
    cohorts = {unit: year.rules.unit(year.cycle, unit).cohort for unit in every}
    totals, found = dict[str, tuple[str, int]](), defaultdict[str, list[Place]](list)
    for position, happened in _happened(year, every, moment):
        rubric = year.rules.layout_at(year.cycle, Moment(position, moment.effective)).rubric
        if isinstance(happened, UnitStep):
            was, now = (points[2] for points in happened.totals)
            apart = rubric.conventions.cohorts == "apart"
            meets = _meets(totals, happened.unit, min(was, now), max(was, now))
            if happened.unit in totals:
                totals[happened.unit] = (cohorts[happened.unit], now)
            if apart and not meets:
                continue
        elif happened and totals.pop(happened, None) is None:
            totals[happened] = (cohorts[happened], 0)
        for unit, rank in places(rubric, totals).items():
            if not found[unit] or found[unit][-1].rank != rank:
                found[unit].append(Place(position, rank, happened))
    return {unit: tuple(of) for unit, of in found.items()}


def rank_at(of: tuple[Place, ...], position: int) -> int | None:
    """The rank that holds right after a position."""
    done = bisect_right(of, position, key=attrgetter("position"))
    return of[done - 1].rank if done else None


def _happened(
    year: Chronicle, every: Mapping[str, tuple[UnitStep, ...]], moment: Moment
) -> Iterator[tuple[int, UnitStep | str]]:
    """What may move ranks, in order: a unit's step, a unit (its id) that came or went, another rubric ("")."""
    found: list[tuple[int, UnitStep | str]] = [
        (each.step.position, each)
        for of in every.values()
        for each in of
        if each.step is not None and each.totals[0][2] != each.totals[1][2]
    ]
    found += [(turn, unit) for unit, turns in year.enrolled.items() for turn in turns if turn <= moment.position]
    found += [(position, "") for position in year.rules.adopted(year.cycle, moment)]
    return iter(sorted(found, key=lambda pair: pair[0]))


def _meets(totals: Mapping[str, tuple[str, int]], unit: str, low: int, high: int) -> bool:
    """Whether another unit of the cohort stands between two totals, or at one of them."""
    cohort = totals[unit][0] if unit in totals else ""
    return any(of == cohort and low <= total <= high and name != unit for name, (of, total) in totals.items())
