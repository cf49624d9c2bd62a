"""/cycles/{cycle}/marking, and second judgements and moderations on a sheet: double marking, blind until both stand."""

from typing import Any

from flask import Response

from domain import facts, marking
from domain.acts import marking as acts
from domain.cycle import Cycle
from domain.cycle_contents import Marking
from domain.refusals import Refused
from events.entry import new_id
from events.sealed import seal
from service.auth import caller, permit
from service.commands import judgements, sheets
from service.commands.opened import Opened, Place
from service.commands.streams import act
from service.office import office
from service.preconditions import seen_version_required
from service.queries.pages import linked, page_in_turn
from service.queries.people import everybody
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer
from service.resources.publications import readable
from service.schemas import marking as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Judgement, NotApplicable, Reason
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("marking", __name__, url_prefix="/api/v1/cycles/<slug:cycle>")
at = blueprint.route
SHEET = "/units/<slug:unit>/sheets/<slug:item>"


@at("/marking")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Markings)
def get_marking(query: dict[str, Any], cycle: str) -> Response:
    """The rules of double marking: the one in force, those before it, and the seeds that draw no more."""
    found = readable(cycle)
    rows, cursor = page_in_turn(found.markings, query)
    return linked(document({"rules": [_shown(found, each) for each in rows]}), cursor)


@at("/marking", methods=["POST"])
@blueprint.arguments(schemas.MarkingBody)
@blueprint.response(201, Receipt)
def post_marking(body: dict[str, Any], cycle: str) -> Response:
    """Proposes which share of the judged leaves is judged twice, and from which difference on it is moderated."""
    wanted = facts.MarkingProposed(new_id(), body["percent"], body["departments"], body["limit"], body["reason"])

    def decide(state: Cycle) -> list[facts.Fact]:
        if not state.phase:
            raise Refused("unknown-cycle", cycle, cycle)
        departments = office().rules.rubric(state.hash).departments
        return marking.propose(state, wanted, (each.id for each in departments))

    return committed(act(office().cycles, ("cycle/", cycle), "propose-marking", administer, decide))


@at("/marking/<uuid:rule>/confirmation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_confirmation(body: dict[str, Any], cycle: str, rule: Any) -> Response:
    """A second administrator sets it; the seed that draws the leaves is made here and shown to nobody."""
    seed = judgements.new_seed(cycle)

    def decide(state: Cycle) -> list[facts.Fact]:
        return marking.confirm(state, str(rule), caller(), seed.commitment, body["reason"])

    return committed(act(office().cycles, ("cycle/", cycle), "set-marking", administer, decide, within=seal(seed)))


@at("/marking/<uuid:rule>/revelation", methods=["POST"])
@blueprint.response(201, Receipt)
def post_revelation(cycle: str, rule: Any) -> Response:
    """Makes the seed known, once it draws no more: from here everybody can check which leaves it drew."""

    def decide(state: Cycle) -> list[facts.Fact]:
        found = state.markings.get(str(rule))
        secret = office().vault.reveal(found.fact.seed) if found and found.fact else None
        seed, salt = (secret.content, secret.salt.hex()) if secret else ("", "")
        return marking.reveal(state, str(rule), seed, salt)

    return committed(act(office().cycles, ("cycle/", cycle), "reveal-marking", lambda: permit("recompute"), decide))


@at(SHEET + "/second-judgements", methods=["POST"])
@blueprint.arguments(Judgement)
@blueprint.response(201, Receipt)
@seen_version_required
def post_second(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Another reviewer judges a drawn leaf without having seen the first judgement, which becomes known with his."""
    leaf = body["leaf"]
    return committed(
        sheets.act(
            Place(cycle, unit, item),
            "judge-second",
            lambda sheet: acts.give_second(
                sheet.case, leaf, body["points"], body["reason"], judgements.first_of(sheet, leaf)
            ),
        )
    )


@at(SHEET + "/second-judgements/waivers", methods=["POST"])
@blueprint.arguments(NotApplicable)
@blueprint.response(201, Receipt)
@seen_version_required
def post_waiver(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Somebody outside the department lets the first judgement stand where nobody else there may judge the unit."""
    leaf = body["leaf"]

    def decide(sheet: Opened) -> Any:
        people = everybody()
        return acts.waive_second(sheet.case, leaf, body["reason"], people, judgements.first_of(sheet, leaf))

    return committed(sheets.act(Place(cycle, unit, item), "waive-second", decide))


@at(SHEET + "/moderations", methods=["POST"])
@blueprint.arguments(Judgement)
@blueprint.response(201, Receipt)
@seen_version_required
def post_moderation(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """An approver who gave neither judgement gives the points where the two lie further apart than the limit."""
    return committed(
        sheets.act(
            Place(cycle, unit, item),
            "moderate",
            lambda sheet: acts.moderate(sheet.case, body["leaf"], body["points"], body["reason"]),
        )
    )


def _shown(cycle: Cycle, rule: Marking) -> dict[str, Any]:
    asked = rule.proposal
    return {
        "marking": asked.marking,
        "percent": asked.percent,
        "departments": asked.departments,
        "limit": asked.limit,
        "reason": asked.reason,
        "proposed_by": rule.by,
        "in_force": cycle.marking is rule,
        "commitment": rule.fact.seed if rule.fact else None,
        "seed": rule.revealed or None,
    }
