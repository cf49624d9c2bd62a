"""A unit's score over time: every step with the leaf, the item's and the unit's totals and the rank after it."""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from domain.moments import Moment
from domain.standings import places
from service.queries.steps import UnitStep, event_shown, sheet_sums, shown, steps
from workers.chronicle import Chronicle

_START = Moment(0)


def rows(year: Chronicle, unit: str, moment: Moment, query: dict[str, Any], behind: tuple[int, str]) -> list[Any]:
    """One row a leaf whose points moved, oldest first, behind (position, leaf); one more than the page takes."""
    every = steps(year, _START, moment)
    found: list[dict[str, Any]] = []
    for each in every.get(unit, ()):
        if each.step is None or each.step.position < behind[0] or query["item"] not in {None, each.item}:
            continue
        moved = {leaf: two for leaf, two in each.moved(query["leaf"]).items() if (each.step.position, leaf) > behind}
        if moved:
            head = event_shown(each, year.cycle) | {"item": each.item, "rank": _rank(year, every, each)}
            sums = {"item_total": shown(sheet_sums(each.scores[1])), "total": shown(each.totals[1])}
            found += [head | {"leaf": leaf} | _leaf(*moved[leaf]) | sums for leaf in sorted(moved)]
        if len(found) > query["limit"]:
            break
    return found[: query["limit"] + 1]


def _leaf(before: Any, after: Any) -> dict[str, Any]:
    return shown(after[:3]) | {"moved": shown(tuple(new - old for old, new in zip(before[:3], after[:3], strict=True)))}


def _rank(year: Chronicle, every: Mapping[str, tuple[UnitStep, ...]], each: UnitStep) -> int | None:
    """The unit's rank right after a step, among those enrolled by then."""
    position = each.step.position if each.step else 0
    rules, cycle = year.rules, year.cycle
    totals = {
        unit: (rules.unit(cycle, unit).cohort, _total(of, position))
        for unit, of in every.items()
        if year.knows(unit, position)
    }
    return places(rules.layout_at(cycle, Moment(position)).rubric, totals).get(each.unit)


def _total(of: tuple[UnitStep, ...], position: int) -> int:
    done = bisect_right(of, position, key=lambda each: each.step.position if each.step else 0)
    return of[done - 1].totals[1][2] if done else 0
