"""A unit's score over time: every step with the leaf, the item's and the unit's totals and the rank after it.

Also where only others moved and the unit's rank did: who may see that unit is told which event of it did.
"""

from bisect import bisect_right
from heapq import merge
from typing import Any

from domain.duties import may
from domain.moments import Moment
from domain.points import show
from service.auth import caller
from service.queries.ranks import START, Place, rank_at, ranks
from service.queries.steps import COLUMNS, UnitStep, event_shown, sheet_sums, shown, steps
from workers.chronicle import Chronicle

OTHER, RUBRIC = "other-unit", "rubric"
# What is said of a step of the unit's own and not of another's.
_OWN = ("event", "type", "gone", "recorded", "effective", "actor", "role", "scope", "reason", "item", "leaf", *COLUMNS,
        "moved", "item_total")  # fmt: skip


def rows(year: Chronicle, unit: str, moment: Moment, query: dict[str, Any], behind: tuple[int, str]) -> list[Any]:
    """One row a leaf whose points moved, and one a rank that others moved, oldest first, behind (position, leaf).

    One more than the page takes. Of one item or leaf only its own steps.
    """
    own = [each for each in steps(year, START, moment).get(unit, ()) if each.step is not None]
    whole = query["item"] is None and query["leaf"] is None
    places = ranks(year, moment).get(unit, ())
    others = [(each.position, each) for each in places if whole and _moved_by_others(each, unit)]
    found: list[dict[str, Any]] = []
    mine: list[tuple[int, UnitStep | Place]] = [(_position(each), each) for each in own]
    for position, happened in merge(mine, others, key=lambda pair: pair[0]):
        if position < behind[0]:
            continue
        if isinstance(happened, Place):
            if (position, "") > behind:
                found.append(_row_of_others(year.cycle, happened, _total(own, position)))
        elif query["item"] in {None, happened.item}:
            found += _rows_of_own(year.cycle, happened, query["leaf"], behind, rank_at(places, position))
        if len(found) > query["limit"]:
            break
    return found[: query["limit"] + 1]


def _rows_of_own(
    cycle: str, each: UnitStep, leaf: str | None, behind: tuple[int, str], rank: int | None
) -> list[dict[str, Any]]:
    moved = {name: two for name, two in each.moved(leaf).items() if (_position(each), name) > behind}
    if not moved:
        return []
    head = event_shown(each, cycle) | {"item": each.item, "rank": rank, "other": None}
    sums = {"item_total": shown(sheet_sums(each.scores[1])), "total": shown(each.totals[1])}
    return [head | {"leaf": name} | _leaf(*moved[name]) | sums for name in sorted(moved)]


def _row_of_others(cycle: str, place: Place, total: dict[str, str]) -> dict[str, Any]:
    """A rank that moved by somebody else's points or by another rubric, at the unit's own total as it stands."""
    head = dict.fromkeys(_OWN) | {"position": place.position, "rank": place.rank, "total": total, "other": None}
    by = place.by
    if isinstance(by, str):
        return head | {"cause": RUBRIC}
    if not may(caller(), "see-unit", unit=by.unit):
        return head | {"cause": OTHER}
    event = event_shown(by, cycle)
    named = ("event", "type", "cause", "recorded", "effective")
    return head | {"cause": OTHER, "other": {"unit": by.unit, "item": by.item} | {name: event[name] for name in named}}


def _moved_by_others(place: Place, unit: str) -> bool:
    """Whether no step of the unit's own brought the rank, and not its enrolment, which brings the first."""
    return place.by.unit != unit if isinstance(place.by, UnitStep) else not place.by


def _total(own: list[UnitStep], position: int) -> dict[str, str]:
    done = bisect_right(own, position, key=_position)
    return shown(own[done - 1].totals[1]) if done else dict.fromkeys(COLUMNS, show(0))


def _position(each: UnitStep) -> int:
    return each.step.position if each.step else 0


def _leaf(before: Any, after: Any) -> dict[str, Any]:
    return shown(after[:3]) | {"moved": shown(tuple(new - old for old, new in zip(before[:3], after[:3], strict=True)))}
