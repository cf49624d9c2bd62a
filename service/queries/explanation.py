"""Why a score is what it is, from the sheets as they stand: of one item, or of a whole unit down to each event."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import msgspec

from domain.explanation import explain, explain_item
from domain.grounds import grounds
from domain.moments import Moment
from domain.sheet import Sheet
from events.codec import to_fact
from events.store import Recorded
from service.commands.opened import Opened, Place
from service.office import office
from service.queries.standing import standing


def item_explained(opened: Opened, place: Place, moment: Moment | None = None) -> dict[str, Any]:
    """The derivation tree of one item in its final column, and what was filed beside it."""
    sheet, events = opened.case.sheet, standing(office().store, place.stream, moment)
    held = grounds([(sheet, opened.rules.rules)])
    node, _ = explain_item(opened.rules.rubric, sheet.item, opened.case.cohort, held)
    tree = msgspec.to_builtins(node)
    _name_sources([tree], events)
    return {"item": tree, "version": opened.head.version}


def unit_explained(cycle: str, unit: str, moment: Moment | None = None) -> dict[str, Any]:
    """The whole tree: total, groups, items, leaves; folded from the unit's own streams, never behind; or as of then."""
    rules, events = office().rules, standing(office().store, f"sheet/{cycle}/{unit}/", moment)
    streams: dict[str, list[Recorded]] = defaultdict(list)
    for event in events:
        streams[event.envelope.subject].append(event)
    sheets = [_folded(stream, held) for stream, held in streams.items()]
    held = grounds((sheet, rules.item(cycle, unit, sheet.item, sheet.rubric).rules) for sheet in sheets)
    enrolled = rules.unit(cycle, unit)
    # The rubric the sheets stand under, not one adopted since they were read: it comes to all of them at once.
    rubric = rules.rubric(next((sheet.rubric for sheet in sheets), "") or enrolled.rubric)
    tree: dict[str, Any] = msgspec.to_builtins(explain(rubric, enrolled.cohort, held))
    _name_sources((item for group in tree["groups"] for item in group["items"]), events)
    newest = max((event.position for event in events if event.position), default=0)
    return {"cycle": cycle, "unit": unit, "newest": newest} | tree


def _folded(stream: str, events: Iterable[Recorded]) -> Sheet:
    sheet = Sheet.of(stream)
    for event in events:
        sheet.evolve(to_fact(event.envelope), event.envelope.actor, event.envelope.id)
    return sheet


def _name_sources(items: Iterable[dict[str, Any]], events: Iterable[Recorded]) -> None:
    """Puts what is known of an event in place of its id; one without a position has been accepted, not ordered."""
    known = {event.envelope.id: _source(event) for event in events}
    for item in items:
        for leaf in item["leaves"]:
            leaf["sources"] = [known[each] for each in leaf["sources"]]


def _source(event: Recorded) -> dict[str, Any]:
    envelope = event.envelope
    return {
        "id": envelope.id,
        "position": event.position,
        "type": event.type,
        "recorded_at": envelope.time,
        "actor": envelope.actor,
        "role": envelope.actorrole,
    }
