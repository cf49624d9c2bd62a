"""Objections to published results, and appeals about a sheet: filed, assigned, decided, visible for ever."""

from functools import partial
from typing import Any

from flask import Response

from domain import duties, facts, objections
from domain.acts import appeals
from domain.cycle import Cycle
from domain.people import Grant
from domain.refusals import Refused
from events.entry import new_id
from service.auth import caller, permit
from service.commands import streams
from service.commands.opened import Opened, Place, open_sheet
from service.commands.referrals import appealed
from service.commands.sheets import act
from service.office import office
from service.preconditions import seen_version_required
from service.queries import objections as queries
from service.queries.appeals import with_moves
from service.queries.pages import linked, page_in_turn
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer
from service.resources.publications import readable
from service.resources.sheets import visible
from service.schemas import appeals as schemas
from service.schemas.pages import Page
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("appeals", __name__, url_prefix="/api/v1/cycles/<slug:cycle>")
at = blueprint.route
APPEALS = "/units/<slug:unit>/sheets/<slug:item>/appeals"


@at(APPEALS, methods=["POST"])
@blueprint.arguments(schemas.Appeal)
@blueprint.response(201, Receipt)
def post_appeal(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The unit appeals against the points of a leaf."""
    filed = facts.AppealFiled(new_id(), body["leaf"], body["text"], body["evidence"])
    return committed(act(Place(cycle, unit, item), "appeal", lambda sheet: appeals.file(sheet.case, filed)))


@at(APPEALS + "/<uuid:appeal>")
@blueprint.response(200, schemas.AppealShown)
def get_appeal(cycle: str, unit: str, item: str, appeal: Any) -> Response:
    """An appeal and, once it is decided, the points and ranks that the decision moved."""
    place = Place(cycle, unit, item)
    opened = open_sheet(place) if duties.may(caller(), "see-appeals") else visible(place)
    found = opened.case.sheet.appeals.get(str(appeal))
    if found is None:
        raise Refused("unknown-appeal", str(appeal), str(appeal))
    return document(with_moves(place, found))


@at(APPEALS + "/<uuid:appeal>/assignment", methods=["POST"])
@blueprint.arguments(schemas.AppealAssignment)
@blueprint.response(201, Receipt)
def post_assignment(body: dict[str, Any], cycle: str, unit: str, item: str, appeal: Any) -> Response:
    """An administrator lays an appeal before an approver who never acted on the sheet."""

    def decide(sheet: Opened) -> Any:
        assignee, _ = office().people.get(body["person"])
        return appeals.assign(sheet.case, str(appeal), assignee, body["reason"])

    return committed(act(Place(cycle, unit, item), "assign-appeal", decide))


@at(APPEALS + "/<uuid:appeal>/decision", methods=["POST"])
@blueprint.arguments(schemas.AppealDecision)
@blueprint.response(201, Receipt)
@seen_version_required
def post_decision(body: dict[str, Any], cycle: str, unit: str, item: str, appeal: Any) -> Response:
    """Whom the appeal is laid before upholds or dismisses it; points move with the decision."""
    said = facts.AppealDecided(str(appeal), "", body["outcome"], body["delta"], new_id(), body["reason"])

    def decide(sheet: Opened) -> Any:
        found = sheet.case.sheet.appeals.get(said.appeal)
        if found is None:
            raise Refused("unknown-appeal", said.appeal, said.appeal)
        return appeals.decide(sheet.case, said, sheet.room(found.leaf))

    return committed(act(Place(cycle, unit, item), "decide-appeal", decide))


@at("/objections")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Objections)
def get_objections(query: dict[str, Any], cycle: str) -> Response:
    """The objections, oldest first: to units their own and those about them."""
    who = caller()
    found = {key: each for key, each in readable(cycle).objections.items() if queries.may_read(each, who)}
    rows, cursor = page_in_turn(found, query)
    return linked(document({"objections": queries.shown(cycle, rows)}), cursor)


@at("/objections", methods=["POST"])
@blueprint.arguments(schemas.Objection)
@blueprint.response(201, Receipt)
def post_objection(body: dict[str, Any], cycle: str) -> Response:
    """A unit objects to published results during the public notice."""
    said = facts.ObjectionFiled(new_id(), body["publication"], body["unit"], body["about"], body["text"])

    def permitted() -> Grant:
        return permit("file", unit=body["unit"])

    def decide(state: Cycle) -> list[facts.Fact]:
        if not state.phase:
            raise Refused("unknown-cycle", cycle, cycle)
        return objections.file(state, said, office().now())

    return committed(streams.act(office().cycles, ("cycle/", cycle), "object", permitted, decide))


@at("/objections/<uuid:objection>/answer", methods=["POST"])
@blueprint.arguments(schemas.ObjectionAnswer)
@blueprint.response(201, Receipt)
def post_answer(body: dict[str, Any], cycle: str, objection: Any) -> Response:
    """An administrator who has to do with neither unit answers an objection; results are not final before.

    One that is referred becomes an appeal on the leaf named, decided as any other, which may also cost points.
    """
    appeal = new_id() if body["leaf"] else ""
    said = facts.ObjectionAnswered(
        str(objection), "", "", body["outcome"], body["reason"], body["item"], body["leaf"], appeal
    )

    def decide(state: Cycle) -> list[facts.Fact]:
        return objections.answer(state, said, caller())

    beside = partial(appealed, cycle)
    year = ("cycle/", cycle)
    return committed(streams.act(office().cycles, year, "answer-objection", administer, decide, beside=beside))
