"""What the unit does on its sheet: figures, a submission taken back, a claim."""

from typing import Any

from flask import Response

from domain.acts import filing
from events.entry import new_id
from service.commands.claims import keep_key
from service.commands.opened import Place
from service.commands.sheets import act
from service.reading import Blueprint
from service.resources.answers import committed
from service.resources.sheets import SHEET
from service.schemas.sheets import acts as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("filing", __name__, url_prefix=SHEET)
at = blueprint.route


@at("/submissions", methods=["POST"])
@blueprint.arguments(schemas.Submission)
@blueprint.response(201, Receipt)
def post_submission(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The unit files figures."""
    submission = new_id()
    place = Place(cycle, unit, item)
    return committed(
        act(
            place,
            "submit",
            lambda sheet: filing.submit(sheet.case, submission, body["figures"]),
            effective=body["effective"],
        )
    )


@at("/submissions/<uuid:submission>/withdrawal", methods=["POST"])
@blueprint.arguments(schemas.Reason)
@blueprint.response(201, Receipt)
def post_withdrawal(body: dict[str, Any], cycle: str, unit: str, item: str, submission: Any) -> Response:
    """The unit takes a submission back."""
    return committed(
        act(
            Place(cycle, unit, item),
            "withdraw",
            lambda sheet: filing.withdraw(sheet.case, str(submission), body["reason"]),
        )
    )


@at("/claims", methods=["POST"])
@blueprint.arguments(schemas.Claim)
@blueprint.response(201, Receipt)
def post_claim(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The unit claims a bonus under a register number or experience key."""
    bonus = new_id()
    place = Place(cycle, unit, item)
    return committed(
        act(
            place,
            "claim",
            lambda sheet: filing.claim(sheet.case, bonus, body["leaf"], body["key"], body["title"]),
            beside=keep_key,
            effective=body["effective"],
        )
    )
