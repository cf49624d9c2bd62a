"""The difference between two moments, grouped by cause: every point that moved is some event's, and nothing is left.

Where a publication stands at one of the two, the difference is between the tables as they were published. Should the
record give other points there today, another engine computed them: that is a cause of its own, without an event.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.columns import LeafScore
from domain.cycle_contents import Publication
from domain.moments import Moment
from domain.points import parse
from service.queries import publications
from service.queries.moments import Asked
from service.queries.steps import Sums, UnitStep, steps
from workers.chronicle import Chronicle
from workers.projections.sums import Layout

City = Mapping[str, Mapping[str, LeafScore]]
_ZERO = LeafScore(0, 0, 0, 0, "empty")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two moments, and the publication that names it, if one does."""

    asked: Asked
    publication: Publication | None = None

    @property
    def shown(self) -> dict[str, Any]:
        """The moment as answers say it."""
        number = self.publication and self.publication.proposal.publication
        return self.asked.shown | {"publication": number}

    def scores(self, year: Chronicle) -> dict[str, dict[str, LeafScore]]:
        """Unit -> leaf -> score: of the record, or exactly as published."""
        found = year.scores(self.asked.moment)
        if self.publication is None or self.asked.moment.effective is not None:
            return found
        table = publications.table_of(self.publication)
        return {unit: _as_published(row["leaves"], found.get(unit, {})) for unit, row in table.items()} or found


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the difference is looked at; None: all of it."""

    units: frozenset[str] | None
    item: str | None = None
    leaf: str | None = None

    @property
    def whole(self) -> bool:
        """Whether whole units are looked at."""
        return self.item is None and self.leaf is None

    def takes(self, unit: str, item: str) -> bool:
        """Whether a sheet is looked at."""
        return (self.units is None or unit in self.units) and self.item in {None, item}

    def moved(self, each: UnitStep) -> bool:
        """Whether a step moved anything that is looked at."""
        return bool(each.moved(self.leaf)) or (self.whole and each.totals[0] != each.totals[1])


@dataclass(frozen=True, slots=True)
class Compared:
    """Two moments of a cycle, their rubrics, what stood there, and every step between, as far as the scope goes."""

    year: Chronicle
    layouts: tuple[Layout, Layout]
    first: City
    last: City
    scope: Scope
    steps: tuple[UnitStep, ...]

    def units(self) -> list[str]:
        """The units looked at."""
        every = self.first.keys() | self.last.keys()
        return sorted(unit for unit in every if self.scope.units is None or unit in self.scope.units)


def compared(year: Chronicle, before: Side, after: Side, scope: Scope) -> Compared:
    """The steps from one moment to the other: what left, in falling order, then what came, in rising order."""
    moments = before.asked.moment, after.asked.moment
    layouts = tuple(year.rules.layout_at(year.cycle, moment) for moment in moments)
    first, last = before.scores(year), after.scores(year)
    found = [each for of in steps(year, *moments).values() for each in of]
    found += _engines(year, moments[0], first, year.scores(moments[0]))
    found += [replace(each, end=True) for each in _engines(year, moments[1], year.scores(moments[1]), last)]
    taken = [each for each in found if scope.takes(each.unit, each.item) and scope.moved(each)]
    return Compared(year, (layouts[0], layouts[1]), first, last, scope, tuple(sorted(taken, key=order)))


def place(each: UnitStep) -> tuple[int, int, str, str]:
    """Where a step stands among all: what left, then what came, between what other engines computed."""
    if each.step is None:
        return (3 if each.end else 0), 0, each.unit, each.item
    return 1 if each.gone else 2, each.step.position, "", ""


def ordered(kind: int, position: int, unit: str, item: str) -> tuple[int, int, str, str]:
    """What places sort by: what left goes from the last to the first."""
    return kind, -position if kind == 1 else position, unit, item


def order(each: UnitStep) -> tuple[int, int, str, str]:
    """What a step sorts by."""
    return ordered(*place(each))


def _engines(year: Chronicle, moment: Moment, was: City, now: City) -> Iterable[UnitStep]:
    """What two computations of the same events differ in, sheet by sheet."""
    layout = year.rules.layout_at(year.cycle, moment).leaves
    for unit in sorted(was.keys() & now.keys()):
        sums = Sums(year, unit, moment, was[unit])
        items = {layout[leaf][0] for leaf in now[unit] if now[unit][leaf][:3] != was[unit][leaf][:3]}
        for item in sorted(items):
            old, new = ({leaf: of[leaf] for leaf in of if layout[leaf][0] == item} for of in (was[unit], now[unit]))
            yield UnitStep(unit, item, None, False, (old, new), sums.move(old, new, moment))


def _as_published(leaves: Mapping[str, Any], computed: Mapping[str, LeafScore]) -> dict[str, LeafScore]:
    return {
        leaf: LeafScore(
            parse(of["claimed"]),
            parse(of["verified"]),
            parse(of["final"]),
            computed[leaf].maximum if leaf in computed else None,
            of["status"],
        )
        for leaf, of in leaves.items()
    }
