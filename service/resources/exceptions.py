"""/cycles/{cycle}/extensions, /reopening, /waivers: exceptions, each by two people."""

from typing import Any

from flask import Response

from domain import duties, exceptions, facts, waivers
from domain.cycle import Cycle
from domain.cycle_contents import Extension
from domain.phases import in_turn
from events.entry import new_id, utc_text
from service.auth import caller, permit
from service.commands.streams import act
from service.office import office
from service.queries import waived
from service.queries.pages import linked, page_in_turn
from service.queries.people import everybody
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer
from service.resources.publications import readable
from service.schemas import exceptions as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("exceptions", __name__, url_prefix="/api/v1/cycles/<slug:cycle>")
at = blueprint.route


@at("/extensions")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Extensions)
def get_extensions(query: dict[str, Any], cycle: str) -> Response:
    """Who got more time, proposed and granted: to a unit its own."""
    found = readable(cycle)
    wide, mine = duties.may(caller(), "see-board"), caller().scopes("unit")
    every = {key: each for key, each in found.extensions.items() if wide or each.fact.unit in mine}
    rows, cursor = page_in_turn(every, query)
    return linked(document({"extensions": [_shown(each) for each in rows]}), cursor)


@at("/extensions", methods=["POST"])
@blueprint.arguments(schemas.ExtensionBody)
@blueprint.response(201, Receipt)
def post_extension(body: dict[str, Any], cycle: str) -> Response:
    """Proposes more time for one unit."""
    moment = utc_text(body["moment"])
    wanted = facts.ExtensionProposed(new_id(), body["unit"], body["phase"], moment, body["reason"])

    def decide(state: Cycle) -> list[facts.Fact]:
        return exceptions.propose_extension(state, wanted, caller())

    return committed(act(office().cycles, ("cycle/", cycle), "propose-extension", administer, decide))


@at("/extensions/<uuid:extension>/confirmation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_extension_confirmation(body: dict[str, Any], cycle: str, extension: Any) -> Response:
    """A second administrator grants it."""

    def decide(state: Cycle) -> list[facts.Fact]:
        return exceptions.grant_extension(state, str(extension), caller(), body["reason"])

    return committed(act(office().cycles, ("cycle/", cycle), "grant-extension", administer, decide))


@at("/reopening")
@blueprint.response(200, schemas.ReopeningShown)
def get_reopening(cycle: str) -> Response:
    """The reopening that waits for a second person, for the offices; 404 when none does."""
    permit("see-board")
    state, head = office().cycles.get(cycle)
    found = exceptions.waiting(state)
    fact = found.fact
    told = {"reopening": fact.reopening, "calendar": in_turn(fact.calendar), "reason": fact.reason}
    return document(told | {"proposed_by": found.by, "version": head.version}, head.version)


@at("/reopening", methods=["POST"])
@blueprint.arguments(schemas.ReopeningBody)
@blueprint.response(201, Receipt)
def post_reopening(body: dict[str, Any], cycle: str) -> Response:
    """Proposes to open final results again."""
    calendar = {phase: utc_text(moment) for phase, moment in body["calendar"].items()}

    def decide(state: Cycle) -> list[facts.Fact]:
        return exceptions.propose_reopening(state, new_id(), calendar, body["reason"])

    return committed(act(office().cycles, ("cycle/", cycle), "propose-reopening", administer, decide))


@at("/reopening/confirmation", methods=["POST"])
@blueprint.arguments(schemas.ReopeningConfirmation)
@blueprint.response(201, Receipt)
def post_reopening_confirmation(body: dict[str, Any], cycle: str) -> Response:
    """A second administrator reopens the cycle exactly as he saw it proposed: the review again, in a new epoch."""

    def decide(state: Cycle) -> list[facts.Fact]:
        return exceptions.reopen(state, body["reopening"], caller(), body["reason"])

    return committed(act(office().cycles, ("cycle/", cycle), "reopen", administer, decide))


@at("/waivers")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Waivers)
def get_waivers(query: dict[str, Any], cycle: str) -> Response:
    """Who was let act on a unit in spite of his declared conflict, by whom and why: to a unit what is about it."""
    readable(cycle)
    wide, mine = duties.may(caller(), "see-board"), caller().scopes("unit")
    every = {key: row for key, row in waived.of_cycle(cycle).items() if wide or row["unit"] in mine}
    rows, cursor = page_in_turn(every, query)
    return linked(document({"waivers": rows}), cursor)


@at("/waivers", methods=["POST"])
@blueprint.arguments(schemas.WaiverBody)
@blueprint.response(201, Receipt)
def post_waiver(body: dict[str, Any], cycle: str) -> Response:
    """Somebody outside the department lets its only reviewer act on a unit in spite of his declared conflict."""
    waiver = facts.WaiverSigned(body["person"], body["unit"], body["department"], body["reason"])

    def decide(state: Cycle) -> list[facts.Fact]:
        return waivers.sign(state, waiver, caller(), everybody())

    return committed(act(office().cycles, ("cycle/", cycle), "sign-waiver", lambda: permit("sign-waiver"), decide))


def _shown(extension: Extension) -> dict[str, Any]:
    fact = extension.fact
    return {
        "extension": fact.extension,
        "unit": fact.unit,
        "phase": fact.phase,
        "moment": fact.moment,
        "reason": fact.reason,
        "proposed_by": extension.by,
        "granted": extension.granted,
    }
