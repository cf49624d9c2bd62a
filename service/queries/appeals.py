"""Appeals as their readers see them: with the totals and ranks that a decision moved, by the record around it."""

from dataclasses import asdict
from typing import Any

import msgspec

from domain.contents import Appeal
from domain.moments import Moment
from domain.points import show
from service.commands.sheets import Place
from service.office import office
from service.queries import asof
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
