"""Appeals as their readers see them: with the totals and ranks that a decision moved, by the record around it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from operator import itemgetter
from typing import Any

import msgspec

from domain import facts
from domain.contents import Appeal
from domain.moments import Moment
from domain.points import parse, show
from service.commands.opened import Place
from service.office import office
from service.queries import asof
from service.queries.pages import cursor_of, opened_cursor
from workers.courses import Course
from workers.projector import earlier


def appeal_shown(appeal: Appeal) -> dict[str, Any]:
    """An appeal as the sheet has it."""
    return asdict(appeal) | {"delta": show(appeal.delta)}


def with_moves(place: Place, appeal: Appeal) -> dict[str, Any]:
    """The same with what its decision moved; None before there is one, or before it is ordered."""
    position = _decided_at(place, appeal.id) if appeal.decider else None
    moved = None if position is None else _moved(place.cycle, position)
    return appeal_shown(appeal) | {"position": position, "moved": moved}


def _decided_at(place: Place, appeal: str) -> int | None:
    store = office().store
    for event in store.read(place.stream):
        envelope = event.envelope
        if envelope.type == "AppealDecided" and msgspec.json.decode(envelope.data)["appeal"] == appeal:
            before = earlier(store, place.stream, event.version + 1)
            return before[-1][0] if len(before) == event.version else None
    return None


def _moved(cycle: str, position: int) -> list[dict[str, Any]]:
    """Every unit whose total or rank is another at ``position`` than just before it."""
    rules = office().rules
    before = asof.scores_at(cycle, Moment(position - 1))
    after = asof.scores_at(cycle, Moment(position))
    # A decision on an appeal changes no rubric: the one at its position is that of the moment before.
    where = rules.layout_at(cycle, Moment(position))
    old, new = asof.ranks(rules, cycle, where, before), asof.ranks(rules, cycle, where, after)
    totals, later = asof.totals(rules, cycle, where, before), asof.totals(rules, cycle, where, after)
    rows = [
        {
            "unit": unit,
            "total_before": show(totals[unit][1]),
            "total_after": show(later[unit][1]),
            "rank_before": old[unit],
            "rank_after": new[unit],
        }
        for unit in before
    ]
    return [row for row in rows if (row["total_before"], row["rank_before"]) != (row["total_after"], row["rank_after"])]


def report(cycle: str, query: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """What became of every appeal of a cycle: who filed it and decided it, when, why, and what it moved.

    A page in the order in which they were filed, with the cursor of the next; outcomes and points are of all.
    """
    position = office().reads.last()
    year = asof.chronicle(cycle, Moment(position))
    found = [told for course in list(year.courses.values()) for told in _told(course, position)]
    outcomes = Counter(each["state"] for each in found)
    (behind,) = opened_cursor(query["cursor"], (int,)) or (0,)
    rest = sorted((each for each in found if each["filed_at"] > behind), key=itemgetter("filed_at"))
    page = rest[: query["limit"]]
    answer = {
        "cycle": cycle,
        "position": position,
        "outcomes": dict(sorted(outcomes.items())),
        "points": show(sum(parse(each["delta"]) for each in found)),
        "appeals": [each | {"moved": each["decided_at"] and _moved(cycle, each["decided_at"])} for each in page],
    }
    return answer, cursor_of(page[-1]["filed_at"]) if len(rest) > len(page) else None


def _told(course: Course, last: int) -> Iterator[dict[str, Any]]:
    """The appeals of one sheet, with the positions at which they were filed, assigned and decided."""
    at: dict[str, dict[type, int]] = defaultdict(dict)
    for step in course.steps:
        if isinstance(step.fact, facts.AppealFiled | facts.AppealAssigned | facts.AppealDecided):
            at[step.fact.appeal][type(step.fact)] = step.position
    sheet = course.tracked.sheet
    for appeal in list(sheet.appeals.values()):
        places = at[appeal.id]
        if places.get(facts.AppealFiled, last + 1) <= last:
            yield {
                "unit": sheet.unit,
                "item": sheet.item,
                **appeal_shown(appeal),
                "filed_at": places[facts.AppealFiled],
                "assigned_at": places.get(facts.AppealAssigned),
                "decided_at": places.get(facts.AppealDecided),
            }
