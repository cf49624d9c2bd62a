"""/cycles/{cycle}/differences: what changed between two moments, and why, adding up exactly."""

from typing import Any

from flask import Response

from domain.duties import may
from domain.refusals import Refused
from service.auth import caller, hidden_unless
from service.queries import asof, difference_rows as rows, differences as tells, moments
from service.queries.differences import Compared, Scope, Side
from service.queries.pages import cursor_of, linked, opened_cursor
from service.reading import Blueprint
from service.resources.answers import document
from service.resources.publications import readable_one
from service.resources.scores import known, on_the_sheet
from service.schemas import differences as schemas

blueprint = Blueprint("differences", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/differences")


@blueprint.route("")
@blueprint.arguments(schemas.Difference, location="query")
@blueprint.response(200, schemas.Differences)
def get_differences(query: dict[str, Any], cycle: str) -> Response:
    """Sums, causes and units that moved, and page by page every event with its reason and the leaves it moved."""
    before, after, found = _compared(query, cycle)
    behind = opened_cursor(query["cursor"], (int, int, str, str))
    rest = [each for each in found.steps if behind is None or tells.order(each) > tells.ordered(*behind)]
    page = rest[: query["limit"]]
    body = {
        "sums": rows.sums_shown(found),
        "causes": rows.causes(found),
        "units": rows.units_moved(found),
        "events": [rows.event_row(found, each) for each in page],
    }
    answer = document({"cycle": cycle, "before": before.shown, "after": after.shown, **body})
    return linked(answer, cursor_of(*tells.place(page[-1])) if len(rest) > len(page) else None)


@blueprint.route("/leaves")
@blueprint.arguments(schemas.Difference, location="query")
@blueprint.response(200, schemas.LeafDifferences)
def get_leaves(query: dict[str, Any], cycle: str) -> Response:
    """Page by page every leaf that moved, with each event's part in it."""
    before, after, found = _compared(query, cycle)
    behind = opened_cursor(query["cursor"], (str, str)) or ("", "")
    rest = [row for row in rows.leaf_rows(found) if (row["unit"], row["leaf"]) > behind]
    page = rest[: query["limit"]]
    answer = document({"cycle": cycle, "before": before.shown, "after": after.shown, "leaves": page})
    return linked(answer, cursor_of(page[-1]["unit"], page[-1]["leaf"]) if len(rest) > len(page) else None)


def _compared(query: dict[str, Any], cycle: str) -> tuple[Side, Side, Compared]:
    units = _units(query["unit"], cycle)
    on_the_sheet(cycle, query["item"], query["leaf"])
    before = _side(query, "from_", cycle) or Side(moments.at(0))
    after = _side(query, "to_", cycle) or Side(moments.now())
    year = asof.chronicle(cycle, max(before.asked.moment, after.asked.moment, key=lambda each: each.position))
    return before, after, tells.compared(year, before, after, Scope(units, query["item"], query["leaf"]))


def _units(unit: str | None, cycle: str) -> frozenset[str] | None:
    """The units the caller may compare: all of them (None), or his own."""
    if unit is not None:
        hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
        return frozenset({known(cycle).unit(unit).id})
    if may(caller(), "see-board"):
        known(cycle)
        return None
    own = caller().scopes("unit") & known(cycle).units.keys()
    if not own:
        raise Refused("not-permitted")
    return own


def _side(query: dict[str, Any], prefix: str, cycle: str) -> Side | None:
    number, effective = query[f"{prefix}publication"], query[f"{prefix}effective"]
    if number is None:
        asked = moments.asked(query, prefix)
        return None if asked is None else Side(asked)
    for other in ("position", "recorded"):
        if query[f"{prefix}{other}"] is not None:
            raise moments.contradiction(f"{prefix}publication, {prefix}{other}")
    _, found = readable_one(cycle, number)
    return Side(moments.at(found.position, effective), found)
