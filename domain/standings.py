"""Sums and ranks, in integers: units inside their cohort, departments over the leaves they answer for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from domain.points import half_up
from domain.rubric.model import Rubric

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class UnitScore:
    """One unit's leaves in hundredths, as shown, and the most each could earn (None: a bonus without cap)."""

    cohort: str
    leaves: Mapping[str, int]
    maximum: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class DepartmentStanding:
    """Hundredths won and possible over all units; a bonus is beside the two, it has no possible points."""

    won: int
    possible: int
    bonus: int

    def with_leaf(self, won: int, possible: int, *, bonus: bool) -> "DepartmentStanding":
        """The same with one more leaf."""
        if bonus:
            return DepartmentStanding(self.won, self.possible, self.bonus + won)
        return DepartmentStanding(self.won + won, self.possible + possible, self.bonus)


def counted_bonus(rubric: Rubric, cohort: str, base: int, bonus: int) -> int:
    """What counts of a bonus on top of ``base``: all of it, or what is left up to the cohort's points (Q6)."""
    if rubric.conventions.bonus == "on-top":
        return bonus
    return min(bonus, rubric.cohort(cohort).points - base)


def places(rubric: Rubric, totals: Mapping[Key, tuple[str, int]]) -> dict[Key, int]:
    """Ranks from (cohort, shown total) as the rubric's conventions say: apart or together (Q15), ties (Q16)."""
    if rubric.conventions.cohorts == "apart":
        cohorts = {unit: cohort for unit, (cohort, _) in totals.items()}
        own = {unit: total for unit, (_, total) in totals.items()}
        return _by_cohort(own, cohorts, dense=rubric.conventions.ties == "dense")
    scaled = {unit: scaled_total(rubric, *of) for unit, of in totals.items()}
    return _ranked(scaled, dense=rubric.conventions.ties == "dense")


def worth(rubric: Rubric, cohort: str) -> Callable[[int, int], int]:
    """What a unit of the cohort is ranked by, from base and bonus, worked out beforehand: see ``places``."""
    limited, scaled = rubric.conventions.bonus == "limited", rubric.conventions.cohorts == "scaled"
    points, largest = rubric.cohort(cohort).points, max(each.points for each in rubric.cohorts)

    def total(base: int, bonus: int) -> int:
        shown = base + min(bonus, points - base) if limited else base + bonus
        return half_up(shown * largest, points) if scaled else shown

    return total


def scaled_total(rubric: Rubric, cohort: str, total: int) -> int:
    """A total as if its cohort had the points of the largest one (80 to 100), in hundredths, half up (Q15)."""
    largest = max(each.points for each in rubric.cohorts)
    return half_up(total * largest, rubric.cohort(cohort).points)


def rank(totals: Mapping[Key, int]) -> dict[Key, int]:
    """Ranks from 1 by the shown total, the highest first; ties share a rank (1-2-2-4, question Q16)."""
    return _ranked(totals)


def rank_by_cohort(totals: Mapping[Key, int], cohorts: Mapping[Key, str]) -> dict[Key, int]:
    """Ranks inside each cohort (question Q15); ``cohorts`` names the cohort of every unit."""
    return _by_cohort(totals, cohorts, dense=False)


def departments(rubric: Rubric, units: Iterable[UnitScore]) -> dict[str, DepartmentStanding]:
    """The standing of every department of the rubric, from the leaves it answers for."""
    sums = {department.id: [0, 0, 0] for department in rubric.departments}
    leaves = {leaf.id: (leaf.bonus, sums[leaf.department]) for leaf in rubric.leaves}
    for unit in units:
        for leaf, points in unit.leaves.items():
            bonus, parts = leaves[leaf]
            if bonus:
                parts[2] += points
            else:
                parts[0] += points
                parts[1] += unit.maximum[leaf] or 0
    return {department: DepartmentStanding(*parts) for department, parts in sums.items()}


def rank_departments(standings: Mapping[str, DepartmentStanding]) -> dict[str, int]:
    """Ranks by won ÷ possible, compared exactly; a department without possible points has no rank."""
    return _ranked({each: Fraction(of.won, of.possible) for each, of in standings.items() if of.possible})


def _by_cohort(totals: Mapping[Key, int], cohorts: Mapping[Key, str], *, dense: bool) -> dict[Key, int]:
    ranks: dict[Key, int] = {}
    for cohort in dict.fromkeys(cohorts[unit] for unit in totals):
        own = {unit: total for unit, total in totals.items() if cohorts[unit] == cohort}
        ranks |= _ranked(own, dense=dense)
    return {unit: ranks[unit] for unit in totals}


def _ranked(values: Mapping[Key, int] | Mapping[Key, Fraction], *, dense: bool = False) -> dict[Key, int]:
    given: Iterable[int | Fraction] = set(values.values()) if dense else values.values()
    falling = sorted(given, reverse=True)
    found: dict[int | Fraction, int] = {}
    for place, value in enumerate(falling, start=1):
        found.setdefault(value, place)
    return {key: found[value] for key, value in values.items()}
