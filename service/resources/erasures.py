"""/erasures: lawful erasure of what the record only commits to, by two people and with its legal basis."""

from typing import Any

from flask import Response

from domain import erasure as rules
from domain.erasure import Erasure
from domain.people import Grant
from domain.refusals import Refused
from events.store import Commit
from service.auth import actor, permit
from service.commands.commit import answered
from service.commands.erasures import approve, carry_out
from service.commands.streams import act
from service.office import office
from service.queries.erasures import shown, target
from service.queries.pages import linked, page
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.schemas import erasures as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("erasures", __name__, url_prefix="/api/v1/erasures")
at = blueprint.route


def erase() -> Grant:
    """The caller's grant as an administrator or an approver for all departments."""
    return permit("erase")


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Erasures)
def get_erasures(query: dict[str, Any]) -> Response:
    """All erasures."""
    permit("see-erasures")
    keys, cursor = page(office().names("erasure/"), query)
    return linked(document({"erasures": [shown(key) for key in keys]}), cursor)


@at("", methods=["POST"])
@blueprint.arguments(schemas.ErasureRequest)
@blueprint.response(201, Receipt)
def post_erasure(body: dict[str, Any]) -> Response:
    """Asks to erase a person's name, a piece of evidence with its file and file name, or the file of an import."""
    subject = body["subject"]

    def decide(state: Erasure) -> list[Any]:
        return rules.request(state, body["basis"], target(subject))

    return committed(act(office().erasures, ("erasure/", subject), "request-erasure", erase, decide))


@at("/<uuid:erasure>")
@blueprint.response(200, schemas.Erasure)
def get_erasure(erasure: Any) -> Response:
    """One erasure."""
    permit("see-erasures")
    found = shown(str(erasure))
    if not found["version"]:
        raise Refused("unknown-erasure", str(erasure), str(erasure))
    return document(found, found["version"])


@at("/<uuid:erasure>/approval", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_approval(body: dict[str, Any], erasure: Any) -> Response:
    """A second person approves; what was approved is erased at once, for good."""
    key = str(erasure)

    commit = _finished(key) or approve(key, erase, body["reason"])
    carry_out(key, actor(erase()))
    return committed(commit)


def _finished(key: str) -> Commit | None:
    """The commit that ends an approved erasure whose carrying out was interrupted; None when there is none."""
    state, _ = office().erasures.get(key)
    waits = state.lawful and not state.carried_out and answered() is None
    return carry_out(key, actor(erase())) if waits else None
