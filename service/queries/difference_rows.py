"""A difference as answers show it: sums, causes, units, events and leaves, each adding up to the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from domain.columns import LeafScore
from domain.points import show
from domain.standings import places
from service.queries import asof
from service.queries.differences import Compared
from service.queries.steps import COLUMNS, UnitStep, event_shown

_ZERO = LeafScore(0, 0, 0, 0, "empty")


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
