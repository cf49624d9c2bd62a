"""/working-days: the day that so many working days after a moment ends on, to set a deadline by."""

from typing import Any

from flask import Response

from domain import workdays
from events.entry import utc_text
from service.auth import caller
from service.reading import Blueprint
from service.resources.answers import document
from service.schemas import exceptions as schemas
from service.workday_files import years

blueprint = Blueprint("workdays", __name__, url_prefix="/api/v1/working-days")


@blueprint.route("")
@blueprint.arguments(schemas.DayQuestion, location="query")
@blueprint.response(200, schemas.Day)
def get_day(query: dict[str, Any]) -> Response:
    """The last moment of the n-th working day after a moment, in Shanghai."""
    caller()
    day = workdays.after(years(), query["after"], query["days"])
    last = workdays.last_moment(day)
    return document(
        {
            "day": day.isoformat(),
            "last_moment": utc_text(last),
            "shanghai": workdays.in_shanghai(last).isoformat(timespec="seconds"),
            "source": years()[day.year].source,
        }
    )
