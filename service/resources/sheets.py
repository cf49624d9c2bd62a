"""/cycles/{cycle}/units/{unit}/sheets/{item}: a unit's sheet for one item, its history, and why its points are so."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response

from domain.moments import Moment
from service.auth import hidden_unless
from service.commands.opened import Opened, Place, open_sheet
from service.queries import moments
from service.queries.explanation import item_explained
from service.queries.pages import linked, page_of_rows
from service.queries.sheets import history, shown
from service.reading import Blueprint
from service.resources.answers import document
from service.schemas.moments import AsOf
from service.schemas.sheet_shown.whole import Sheet
from service.schemas.sheets import history as schemas

SHEET = "/api/v1/cycles/<slug:cycle>/units/<slug:unit>/sheets/<slug:item>"
blueprint = Blueprint("sheets", __name__, url_prefix=SHEET)
at = blueprint.route


def visible(place: Place) -> Opened:
    """The sheet, if the caller may see it; else it does not exist for him."""
    opened = open_sheet(place)
    hidden_unless("see-sheet", "unknown-item", place.item, unit=place.unit, departments=opened.case.departments)
    return opened


@at("")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, Sheet)
def get_sheet(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The sheet with figures, evidence and decisions, folded from its own stream: as it stands, or as of a moment."""
    return _read(Place(cycle, unit, item), query, lambda opened, _place, moment: shown(opened, moment))


@at("/history")
@blueprint.arguments(schemas.Told, location="query")
@blueprint.response(200, schemas.History)
def get_history(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Every event of the sheet or of a leaf, oldest first: who entered what, when, in which role; also as of then."""
    told, version, position = _told(Place(cycle, unit, item), query, partial(history, leaf=query["leaf"]))
    rows, cursor = page_of_rows(told["events"], lambda row: (row["streamversion"],), (int,), query)
    return linked(document(told | {"events": rows}, version), cursor, position)


@at("/explanation")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.Explanation)
def get_explanation(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Why the sheet's points are what they are: item, leaf, rule, inputs, formula, rounding, events; as of then."""
    return _read(Place(cycle, unit, item), query, item_explained)


Tells = Callable[[Opened, Place, Moment | None], dict[str, Any]]


def _read(place: Place, query: dict[str, Any], tells: Tells) -> Response:
    told, version, _ = _told(place, query, tells)
    return document(told, version)


def _told(place: Place, query: dict[str, Any], tells: Tells) -> tuple[dict[str, Any], int | None, int | None]:
    """What is told of a sheet, with its version as it stands now, or with the position of the moment asked for."""
    opened = visible(place)  # who may not look learns nothing of moments either
    asked = moments.asked(query)
    if asked is None:
        return tells(opened, place, None), opened.head.version, None
    opened = open_sheet(place, asked.moment)
    # No version, which becomes the ETag: nobody acts on a sheet of another moment.
    return tells(opened, place, asked.moment) | {"as_of": asked.shown}, None, asked.moment.position
