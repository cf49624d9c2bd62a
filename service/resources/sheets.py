"""/cycles/{cycle}/units/{unit}/sheets/{item}: a unit's sheet for one item, its history, and why its points are so."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response

from domain.moments import Moment
from service.auth import hidden_unless
from service.commands.sheets import Opened, Place, open_sheet
from service.queries import moments
from service.queries.explanation import item_explained
from service.queries.sheets import history, shown
from service.reading import Blueprint
from service.resources.answers import document
from service.schemas import sheets as schemas
from service.schemas.moments import AsOf
from service.schemas.sheet_shown import Sheet

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
    """Every event of the sheet or of one leaf, in order: who entered what, when, in which role; also as of a moment."""
    return _read(Place(cycle, unit, item), query, partial(history, leaf=query["leaf"]))


@at("/explanation")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.Explanation)
def get_explanation(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Why the sheet's points are what they are: item, leaf, rule, inputs, formula, rounding, events; as of then."""
    return _read(Place(cycle, unit, item), query, item_explained)


Tells = Callable[[Opened, Place, Moment | None], dict[str, Any]]


def _read(place: Place, query: dict[str, Any], tells: Tells) -> Response:
    opened = visible(place)  # who may not look learns nothing of moments either
    asked = moments.asked(query)
    if asked is None:
        return document(tells(opened, place, None), opened.head.version)
    opened = open_sheet(place, asked.moment)
    # No ETag: nobody acts on a sheet of another moment.
    return document(tells(opened, place, asked.moment) | {"as_of": asked.shown})
