"""The difference between two moments, grouped by cause: every point that moved is some event's, and nothing is left.

Where a publication stands at one of the two, the difference is between the tables as they were published. Should the
record give other points there today, another engine computed them: that is a cause of its own, without an event.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.columns import LeafScore
from domain.cycle import Publication
from domain.moments import Moment
from domain.points import parse, show
from domain.standings import places
from service.queries import asof, publications
from service.queries.moments import Asked
from service.queries.steps import COLUMNS, Sums, UnitStep, event_shown, steps
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
    found += _engines(year, moments[1], year.scores(moments[1]), last)
    taken = [each for each in found if scope.takes(each.unit, each.item) and scope.moved(each)]
    return Compared(year, (layouts[0], layouts[1]), first, last, scope, tuple(sorted(taken, key=order)))


def place(each: UnitStep) -> tuple[int, int, str, str]:
    """Where a step stands among all: other engines first, then what left, then what came."""
    if each.step is None:
        return 0, 0, each.unit, each.item
    return 1 if each.gone else 2, each.step.position, "", ""


def ordered(kind: int, position: int, unit: str, item: str) -> tuple[int, int, str, str]:
    """What places sort by: what left goes from the last to the first."""
    return kind, -position if kind == 1 else position, unit, item


def order(each: UnitStep) -> tuple[int, int, str, str]:
    """What a step sorts by."""
    return ordered(*place(each))


def event_row(found: Compared, each: UnitStep) -> dict[str, Any]:
    """One event with the leaves it moved."""
    moved = each.moved(found.scope.leaf)
    leaves = [{"leaf": leaf} | _columns(*two) for leaf, two in moved.items()]
    was, now = (points[2] for points in each.totals)
    head = event_shown(each, found.year.cycle)
    return head | {"unit": each.unit, "item": each.item, "leaves": leaves, "total": change(was, now)}


def causes(found: Compared) -> list[dict[str, Any]]:
    """The causes with the points they moved, the weightiest first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for each in found.steps:
        of = sums[each.cause]
        of[0] += 1
        for old, new in each.moved(found.scope.leaf).values():
            for column, name in enumerate(COLUMNS, start=1):
                of[column] += getattr(new, name) - getattr(old, name)
        of[4] += each.totals[1][2] - each.totals[0][2] if found.scope.whole else 0
    rows = sorted(sums.items(), key=lambda pair: (-abs(pair[1][3]), pair[0]))
    return [
        {"cause": name, "events": of[0]} | dict(zip((*COLUMNS, "total"), map(show, of[1:]), strict=True))
        for name, of in rows
    ]


def sums_shown(found: Compared) -> dict[str, Any]:
    """Everything looked at together, before and after."""
    layout = found.layouts[1].leaves
    told: dict[str, Any] = {}
    for name in COLUMNS:
        was, now = (
            sum(
                getattr(score, name)
                for unit in found.units()
                for leaf, score in city.get(unit, {}).items()
                if found.scope.takes(unit, layout[leaf][0]) and found.scope.leaf in {None, leaf}
            )
            for city in (found.first, found.last)
        )
        told[name] = change(was, now)
    if found.scope.whole:
        was, now = (sum(total for _, total in of.values()) for of in _totals(found, found.units()))
        told["total"] = change(was, now)
    return told


def units_moved(found: Compared) -> list[dict[str, Any]]:
    """The units whose total or rank moved, by their later rank."""
    cohorts = {unit: found.year.rules.unit(found.year.cycle, unit).cohort for unit in found.units()}
    old, new = _totals(found, [*found.first, *found.last])
    ranks = [places(layout.rubric, of) for layout, of in zip(found.layouts, (old, new), strict=True)]
    rows: list[dict[str, Any]] = [
        {"unit": unit, "cohort": cohort, "total": change(*(of[unit][1] if unit in of else None for of in (old, new))),
         "rank_before": ranks[0].get(unit), "rank_after": ranks[1].get(unit)}
        for unit, cohort in cohorts.items()
    ]  # fmt: skip
    return [row for row in rows if row["total"]["moved"] != "0.00" or row["rank_before"] != row["rank_after"]]


def leaf_rows(found: Compared) -> Iterator[dict[str, Any]]:
    """Every leaf whose points moved, with each event's part, by unit and leaf."""
    parts: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for each in found.steps:
        head = event_shown(each, found.year.cycle)
        why = {name: head.get(name) for name in ("cause", "position", "event", "reason")}
        for leaf, (old, new) in each.moved(found.scope.leaf).items():
            part = {name: show(getattr(new, name) - getattr(old, name)) for name in COLUMNS}
            parts[each.unit, leaf, each.item].append(why | part)
    for (unit, leaf, item), because in sorted(parts.items()):
        two = (city.get(unit, {}).get(leaf, _ZERO) for city in (found.first, found.last))
        yield {"unit": unit, "item": item, "leaf": leaf} | _columns(*two) | {"because": because}


def change(was: int | None, now: int | None) -> dict[str, str | None]:
    """Points before and after, and what moved."""
    return {
        "before": None if was is None else show(was),
        "after": None if now is None else show(now),
        "moved": show((now or 0) - (was or 0)),
    }


def _columns(old: LeafScore, new: LeafScore) -> dict[str, Any]:
    return {name: change(getattr(old, name), getattr(new, name)) for name in COLUMNS}


def _totals(found: Compared, units: Iterable[str]) -> list[dict[str, tuple[str, int]]]:
    """Unit -> cohort and total as it counts, at both moments, of the units that were there."""
    wanted, year = set(units), found.year
    return [
        asof.totals(year.rules, year.cycle, layout, {unit: dict(of) for unit, of in city.items() if unit in wanted})
        for layout, city in zip(found.layouts, (found.first, found.last), strict=True)
    ]


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
