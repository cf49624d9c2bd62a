"""/recomputations: everything again from zero, beside the live tables; a difference waits for a second person."""

from typing import Any

from flask import Response

from domain import recomputation as rules
from domain.people import Grant
from domain.recomputation import Recomputation
from domain.refusals import Refused
from events.entry import new_id
from service.auth import caller, permit
from service.commands.streams import act
from service.office import office
from service.queries.pages import linked, page
from service.queries.recomputations import recomputations_shown, shown
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.schemas import recomputations as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt
from workers.engine import engine

blueprint = Blueprint("recomputations", __name__, url_prefix="/api/v1/recomputations")
at = blueprint.route


def recompute() -> Grant:
    """The caller's grant as an auditor or administrator."""
    return permit("recompute")


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Recomputations)
def get_recomputations(query: dict[str, Any]) -> Response:
    """All recomputations in the order they were asked for."""
    recompute()
    keys, cursor = page(office().names("recomputation/"), query)
    return linked(document({"recomputations": recomputations_shown(keys)}), cursor)


@at("", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_recomputation(body: dict[str, Any]) -> Response:
    """Asks the workers to replay the record from zero and to compare."""

    def decide(state: Recomputation) -> list[Any]:
        return rules.request(state, body["reason"])

    return committed(act(office().recomputations, ("recomputation/", new_id()), "recompute", recompute, decide))


@at("/<uuid:recomputation>")
@blueprint.response(200, schemas.Recomputation)
def get_recomputation(recomputation: Any) -> Response:
    """One recomputation with every difference it found."""
    recompute()
    found = shown(str(recomputation))
    if not found["version"]:
        raise Refused("unknown-recomputation")
    return document(found, found["version"])


@at("/<uuid:recomputation>/approval", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_approval(body: dict[str, Any], recomputation: Any) -> Response:
    """A second person approves that the replayed tables go live; the workers then put them in place."""

    def decide(state: Recomputation) -> list[Any]:
        return rules.approve(state, caller(), body["reason"], engine())

    key = str(recomputation)
    return committed(act(office().recomputations, ("recomputation/", key), "approve-recomputation", recompute, decide))
