"""What a reviewer decides alone on a sheet: figures verified, points judged, a leaf that does not apply."""

from typing import Any

from flask import Response

from domain.acts import review
from service.commands.judgements import judge
from service.commands.opened import Place
from service.commands.sheets import act
from service.preconditions import seen_version_required
from service.reading import Blueprint
from service.resources.answers import committed
from service.resources.sheets import SHEET
from service.schemas.sheets import acts as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("reviewing", __name__, url_prefix=SHEET)
at = blueprint.route


@at("/verifications", methods=["POST"])
@blueprint.arguments(schemas.Verification)
@blueprint.response(201, Receipt)
@seen_version_required
def post_verification(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer stands for figures, as filed or corrected."""
    return committed(
        act(
            Place(cycle, unit, item),
            "verify",
            lambda sheet: review.verify(
                sheet.case, body["leaf"], body["submission"], body["corrected"], body["reason"]
            ),
            effective=body["effective"],
        )
    )


@at("/judgements", methods=["POST"])
@blueprint.arguments(schemas.Judgement)
@blueprint.response(201, Receipt)
@seen_version_required
def post_judgement(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer gives points on a judged leaf."""
    place = Place(cycle, unit, item)
    return committed(judge(place, body["leaf"], body["points"], body["reason"], body["effective"]))


@at("/not-applicable", methods=["POST"])
@blueprint.arguments(schemas.NotApplicable)
@blueprint.response(201, Receipt)
@seen_version_required
def post_not_applicable(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer confirms that a leaf does not apply."""
    return committed(
        act(
            Place(cycle, unit, item),
            "confirm-not-applicable",
            lambda sheet: review.confirm_not_applicable(sheet.case, body["leaf"], body["reason"]),
            effective=body["effective"],
        )
    )
