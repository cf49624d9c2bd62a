"""/cycles/{cycle}/register: every register number and experience key of a cycle, and who holds it."""

from typing import Any

from flask import Response

from service.auth import caller, permit
from service.queries import register
from service.queries.pages import cursor_of, linked, opened_cursor
from service.reading import Blueprint
from service.resources.answers import document
from service.resources.scores import known
from service.schemas import register as schemas

blueprint = Blueprint("register", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/register")


@blueprint.route("")
@blueprint.arguments(schemas.Wanted, location="query")
@blueprint.response(200, schemas.Register)
def get_register(query: dict[str, Any], cycle: str) -> Response:
    """The keys the caller may see, by register and key: holder, state, events, and the same key elsewhere."""
    units = known(cycle).units
    permit("see-register", departments=register.departments(cycle))
    after = opened_cursor(query["cursor"], (str, str)) or ("", "")
    rows = {
        key: row
        for key, bonuses in register.entries(cycle, caller(), units).items()
        if key > after and register.fits(row := register.entry(cycle, key, bonuses), query)
    }
    page = list(rows)[: query["limit"]]
    answer = document({"cycle": cycle, "keys": register.flagged(cycle, caller(), {key: rows[key] for key in page})})
    return linked(answer, cursor_of(*page[-1]) if len(rows) > len(page) else None)
