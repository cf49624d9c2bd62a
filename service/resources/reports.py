"""/cycles/{cycle}/reports: what an auditor asks of a whole year."""

from typing import Any

from flask import Response

from service.auth import caller, permit
from service.office import office
from service.queries import appeals, deadlines, discretion, evidence_uses, moments, reports, severity
from service.queries.pages import cursor_of, linked, opened_cursor, page_of_rows
from service.reading import Blueprint
from service.resources.answers import document
from service.resources.scores import known
from service.schemas import deadlines as calendar, reports as schemas
from service.schemas.pages import Page
from service.schemas.treatment.appeals import AppealsReport
from service.schemas.treatment.discretion import DiscretionReport, Overriding
from service.schemas.treatment.severity import SeverityReport

blueprint = Blueprint("reports", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/reports")


@blueprint.route("/duties")
@blueprint.arguments(schemas.Duties, location="query")
@blueprint.response(200, schemas.DutiesReport)
def get_duties(query: dict[str, Any], cycle: str) -> Response:
    """Whether two people acted wherever two must and conflicts blocked, over the whole history; also as of then."""
    permit("audit")
    known(cycle)
    asked = moments.asked(query)
    told, cursor = reports.duties(cycle, (asked or moments.now()).moment, query)
    return linked(document(told if asked is None else told | {"as_of": asked.shown}), cursor, told["position"])


@blueprint.route("/evidence-reuse")
@blueprint.arguments(schemas.Reused, location="query")
@blueprint.response(200, schemas.EvidenceReuse)
def get_evidence_reuse(query: dict[str, Any], cycle: str) -> Response:
    """The same file in other units, years, items: found by digest. To departments as far as their leaves go."""
    known(cycle)
    leaves = reports.compared_leaves(cycle, caller())
    (after,) = opened_cursor(query["cursor"], (str,)) or ("",)
    limit = query["limit"]
    found = evidence_uses.again(cycle, leaves, query["across"], after, limit + 1)
    files = evidence_uses.shown(caller(), found[:limit])
    answer = document({"cycle": cycle, "position": evidence_uses.followed(), "files": files})
    return linked(answer, cursor_of(found[limit - 1][0]) if len(found) > limit else None)


@blueprint.route("/bonuses")
@blueprint.arguments(schemas.Bonuses, location="query")
@blueprint.response(200, schemas.BonusesReport)
def get_bonuses(query: dict[str, Any], cycle: str) -> Response:
    """Every bonus that was asked for: level, justification, who proposed and decided, why, and its points."""
    permit("audit")
    rows = reports.bonuses(cycle, known(cycle).units, query)
    after = opened_cursor(query["cursor"], (str, str, str, str)) or ("", "", "", "")
    keys = sorted(key for key in rows if key > after)
    page = keys[: query["limit"]]
    answer = document({"cycle": cycle, "bonuses": reports.compared(cycle, [rows[key] for key in page])})
    return linked(answer, cursor_of(*page[-1]) if len(keys) > len(page) else None)


@blueprint.route("/discretion")
@blueprint.arguments(Overriding, location="query")
@blueprint.response(200, DiscretionReport)
def get_discretion(query: dict[str, Any], cycle: str) -> Response:
    """Who overrode what, and the share of points that rest on discretion, by unit and by person."""
    permit("audit")
    known(cycle)
    position, (after,) = office().reads.last(), opened_cursor(query["cursor"], (int,)) or (0,)
    rows = discretion.overrides(cycle, position, after, query["limit"] + 1)
    page = rows[: query["limit"]]
    answer = document(discretion.report(cycle, position) | {"overriding": page})
    return linked(answer, cursor_of(page[-1]["position"]) if len(rows) > len(page) else None)


@blueprint.route("/severity")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, SeverityReport)
def get_severity(query: dict[str, Any], cycle: str) -> Response:
    """Whether all were judged alike: severity and agreement by reviewer, what was given by leaf, unit and reviewer."""
    permit("audit")
    known(cycle)
    answer, cursor = severity.report(cycle, query)
    return linked(document(answer), cursor)


@blueprint.route("/deadlines")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, calendar.DeadlinesReport)
def get_deadlines(query: dict[str, Any], cycle: str) -> Response:
    """Whether deadlines were applied equally: for every unit what held, who was refused, who had more time."""
    permit("audit")
    known(cycle)
    told = deadlines.report(cycle)
    rows, cursor = page_of_rows(told["units"], lambda row: (row["unit"],), (str,), query)
    return linked(document(told | {"units": rows}), cursor)


@blueprint.route("/appeals")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, AppealsReport)
def get_appeals(query: dict[str, Any], cycle: str) -> Response:
    """What became of every appeal, in the order they were filed, with the points and ranks it moved."""
    permit("see-appeals")
    known(cycle)
    answer, cursor = appeals.report(cycle, query)
    return linked(document(answer), cursor)
