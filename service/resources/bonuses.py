"""Bonuses by two people: proposed by a reviewer with a justification, decided by another person."""

from dataclasses import replace
from typing import Any

from flask import Response

from domain import facts
from domain.acts import bonuses
from events.entry import new_id
from service.commands.claims import with_partners
from service.commands.opened import Opened, Place
from service.commands.sheets import act
from service.preconditions import seen_version_required
from service.reading import Blueprint
from service.resources.answers import committed
from service.resources.sheets import SHEET
from service.schemas.sheets import acts as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("bonuses", __name__, url_prefix=SHEET)
at = blueprint.route


@at("/bonuses", methods=["POST"])
@blueprint.arguments(schemas.BonusProposal)
@blueprint.response(201, Receipt)
@seen_version_required
def post_bonus(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer proposes a bonus with a written justification."""
    place = Place(cycle, unit, item)
    said = (body[name] for name in ("leaf", "key", "title", "level", "justification", "evidence"))
    proposal = facts.BonusProposed(body["bonus"] or new_id(), *said)

    def elsewhere(sheet: Opened) -> Any:
        own = [each for each in proposal.evidence if each in sheet.case.sheet.evidence]
        return bonuses.propose(sheet.case, replace(proposal, evidence=own))

    return committed(
        act(
            place,
            "propose-bonus",
            lambda sheet: bonuses.propose(sheet.case, proposal),
            beside=with_partners(elsewhere, body["effective"]),
            effective=body["effective"],
        ),
        stream=place.stream,
    )


@at("/bonuses/<uuid:bonus>/decisions", methods=["POST"])
@blueprint.arguments(schemas.BonusDecision)
@blueprint.response(201, Receipt)
@seen_version_required
def post_bonus_decision(body: dict[str, Any], cycle: str, unit: str, item: str, bonus: Any) -> Response:
    """A second person grants, declines or revokes a bonus; of a joint claim on every partner's sheet at once."""
    place = Place(cycle, unit, item)
    decision = {"grant": bonuses.grant, "decline": bonuses.decline, "revoke": bonuses.revoke}[body["decision"]]

    def decide(sheet: Opened) -> Any:
        return decision(sheet.case, str(bonus), body["reason"])

    done = act(place, f"{body['decision']}-bonus", decide, beside=with_partners(decide))
    return committed(done, stream=place.stream)
