"""/events and /parked: the record itself, for auditors, and what the projections could not read."""

from typing import Any

import msgspec
from flask import Response

from events.entry import leaf_of
from service.auth import permit
from service.office import office
from service.problems import Problem
from service.queries.events import entry_at, feed
from service.queries.pages import cursor_of, linked, opened_cursor, page_of_rows
from service.reading import Blueprint
from service.resources.answers import document
from service.schemas import audit as schemas
from service.schemas.pages import Page

blueprint = Blueprint("audit", __name__, url_prefix="/api/v1")
at = blueprint.route


@at("/events")
@blueprint.arguments(schemas.Feed, location="query")
@blueprint.response(200, schemas.Events)
def get_events(query: dict[str, Any]) -> Response:
    """Ordered events behind a position, oldest first, narrowed by filters."""
    permit("audit")
    limit, cursor = query.pop("limit"), opened_cursor(query.pop("cursor"), (int,)) or (0,)
    rows = feed(office().store, query, max(query.pop("after"), *cursor), limit + 1)
    answer = document({"events": [shown(position, entry) for position, entry in rows[:limit]]})
    return linked(answer, cursor_of(rows[limit - 1][0])) if len(rows) > limit else answer


@at("/events/<position:position>")
@blueprint.response(200, schemas.EventShown)
def get_event(position: int) -> Response:
    """The event at a position."""
    permit("audit")
    entry = entry_at(office().store, position)
    if entry is None:
        raise Problem(404, "unknown-position", "记录尚无此位置", "the record has not reached this position")
    return document(shown(position, entry))


@at("/parked")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Parked)
def get_parked(query: dict[str, Any]) -> Response:
    """Streams that a projection parked: it could not read them and goes on without them."""
    permit("recompute")
    rows, cursor = page_of_rows(office().reads.parked(), _parked_at, (int, str, str), query)
    return linked(document({"parked": rows}), cursor)


def _parked_at(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["position"], row["projection"], row["stream"]


def shown(position: int, entry: bytes) -> dict[str, Any]:
    """The event with its entry's own bytes; decoding and encoding them again would prove nothing."""
    return {"position": position, "leaf": leaf_of(entry).hex(), "entry": msgspec.Raw(entry)}
