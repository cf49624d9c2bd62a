"""…/sheets/{item}/joint-claims: a key brought forward by several units, agreed to by each, or split by two people."""

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response

from domain import claims, facts
from domain.acts import joint
from domain.joint import Joint
from domain.spelling import written
from events.entry import new_id
from service.commands.claims import keep_key, key_of, with_partners
from service.commands.opened import Opened, Place
from service.commands.sheets import Decide, act
from service.preconditions import seen_version_required
from service.reading import Blueprint
from service.resources.answers import committed
from service.resources.sheets import SHEET
from service.schemas import joint as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("joint", __name__, url_prefix=SHEET + "/joint-claims")
at = blueprint.route


@at("", methods=["POST"])
@blueprint.arguments(schemas.JointClaim)
@blueprint.response(201, Receipt)
def post_claim(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The unit claims together with others; without shares the points are split equally."""
    place, bonus, leaf, level = Place(cycle, unit, item), new_id(), body["leaf"], body["level"]
    effective: datetime | None = body["effective"]
    keep = partial(keep_key, effective=written(effective) if effective else None)

    def decide(sheet: Opened) -> Any:
        shares = body["shares"] or joint.equal(sheet.case, leaf, level, [unit, *body["partners"]])
        wanted = facts.JointClaimed(
            bonus, leaf, body["key"], body["title"], level, unit, item, shares, body["statement"]
        )
        return joint.claim(sheet.case, wanted)

    return committed(act(place, "claim-jointly", decide, beside=keep, effective=effective), stream=place.stream)


@at("/<uuid:bonus>/agreement", methods=["POST"])
@blueprint.arguments(schemas.KeyNamed)
@blueprint.response(201, Receipt)
def post_agreement(body: dict[str, Any], cycle: str, unit: str, item: str, bonus: Any) -> Response:
    """A partner agrees to the claim and to his share."""
    place = Place(cycle, unit, item)

    def decide(sheet: Opened) -> Any:
        return joint.agree(sheet.case, _joint(place, body, str(bonus)))

    return committed(act(place, "agree-jointly", decide, beside=keep_key), stream=place.stream)


@at("/<uuid:bonus>/dispute", methods=["POST"])
@blueprint.arguments(schemas.Dispute)
@blueprint.response(201, Receipt)
def post_dispute(body: dict[str, Any], cycle: str, unit: str, item: str, bonus: Any) -> Response:
    """A partner does not agree and says why; the department decides."""
    place = Place(cycle, unit, item)

    def decide(sheet: Opened) -> Any:
        return joint.dispute(sheet.case, _joint(place, body, str(bonus)), body["statement"])

    return committed(act(place, "dispute-jointly", decide, beside=keep_key), stream=place.stream)


@at("/<uuid:bonus>/split", methods=["POST"])
@blueprint.arguments(schemas.Split)
@blueprint.response(201, Receipt)
@seen_version_required
def post_split(body: dict[str, Any], cycle: str, unit: str, item: str, bonus: Any) -> Response:
    """A reviewer proposes how a held claim is split, or who alone has it."""
    place = Place(cycle, unit, item)

    def decide(sheet: Opened) -> Any:
        return joint.propose_split(sheet.case, _joint(place, body, str(bonus)), body["shares"], body["reason"])

    return _on_all(place, "propose-split", decide)


@at("/<uuid:bonus>/split/confirmation", methods=["POST"])
@blueprint.arguments(schemas.SplitDecision)
@blueprint.response(201, Receipt)
@seen_version_required
def post_split_confirmation(body: dict[str, Any], cycle: str, unit: str, item: str, bonus: Any) -> Response:
    """A second person, an approver, decides the split as it was proposed."""
    place = Place(cycle, unit, item)

    def decide(sheet: Opened) -> Any:
        return joint.decide_split(sheet.case, _joint(place, body, str(bonus)), body["reason"])

    return _on_all(place, "decide-split", decide)


def _on_all(place: Place, name: str, decide: Decide) -> Response:
    return committed(act(place, name, decide, beside=with_partners(decide)), stream=place.stream)


def _joint(place: Place, body: dict[str, Any], bonus: str) -> Joint:
    leaf = body["leaf"]
    return claims.held_jointly(key_of(place.cycle, leaf, body["key"]), bonus, place.unit, leaf)
