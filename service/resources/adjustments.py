"""Adjustments of a leaf by two people: proposed by a reviewer, decided by another person."""

from typing import Any

from flask import Response

from domain.acts import adjustments
from domain.refusals import Refused
from events.entry import new_id
from service.commands.opened import Opened, Place
from service.commands.sheets import act
from service.preconditions import seen_version_required
from service.reading import Blueprint
from service.resources.answers import committed
from service.resources.sheets import SHEET
from service.schemas.sheets import acts as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("adjustments", __name__, url_prefix=SHEET)
at = blueprint.route


@at("/adjustments", methods=["POST"])
@blueprint.arguments(schemas.Adjustment)
@blueprint.response(201, Receipt)
@seen_version_required
def post_adjustment(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer proposes to move a leaf's points."""
    adjustment = new_id()
    return committed(
        act(
            Place(cycle, unit, item),
            "propose-adjustment",
            lambda sheet: adjustments.propose(
                sheet.case,
                adjustment,
                body["leaf"],
                body["delta"],
                body["code"],
                body["text"],
                sheet.room(body["leaf"]),
            ),
            effective=body["effective"],
        )
    )


@at("/adjustments/<uuid:adjustment>/decisions", methods=["POST"])
@blueprint.arguments(schemas.Decision)
@blueprint.response(201, Receipt)
@seen_version_required
def post_adjustment_decision(body: dict[str, Any], cycle: str, unit: str, item: str, adjustment: Any) -> Response:
    """A second person approves, declines or revokes an adjustment."""
    found, reason = str(adjustment), body["reason"]

    def decide(sheet: Opened) -> Any:
        if body["decision"] == "approve":
            known = sheet.case.sheet.adjustments.get(found)
            if known is None:
                raise Refused("unknown-adjustment", found, found)
            return adjustments.approve(sheet.case, found, reason, sheet.room(known.leaf))
        if body["decision"] == "decline":
            return adjustments.decline(sheet.case, found, reason)
        return adjustments.revoke(sheet.case, found, reason)

    return committed(act(Place(cycle, unit, item), f"{body['decision']}-adjustment", decide))
