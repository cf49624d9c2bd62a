"""/cycles/{cycle}/units/{unit}/sheets/{item}: a unit's sheet for one item, and every act on it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response

from domain import facts
from domain.acts import adjustments, bonuses, filing, review
from domain.moments import Moment
from domain.refusals import Refused
from events.entry import new_id
from service.auth import hidden_unless
from service.commands.claims import keep_key, with_partners
from service.commands.judgements import judge
from service.commands.sheets import Opened, Place, act, open_sheet
from service.preconditions import seen_version_required
from service.queries import moments
from service.queries.explanation import item_explained
from service.queries.sheets import history, shown
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.schemas import sheets as schemas
from service.schemas.moments import AsOf

blueprint = Blueprint("sheets", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/units/<slug:unit>/sheets/<slug:item>")
at = blueprint.route


def visible(place: Place) -> Opened:
    """The sheet, if the caller may see it; else it does not exist for him."""
    opened = open_sheet(place)
    hidden_unless("see-sheet", "unknown-item", place.item, unit=place.unit, departments=opened.case.departments)
    return opened


@at("")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.Sheet)
def get_sheet(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """The sheet with figures, evidence and decisions, folded from its own stream: as it stands, or as of a moment."""
    return _read(Place(cycle, unit, item), query, lambda opened, _place, moment: shown(opened, moment))


@at("/history")
@blueprint.arguments(schemas.Told, location="query")
@blueprint.response(200, schemas.History)
def get_history(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Every event of the sheet or of one leaf, in order: who entered what, when, in which role; also as of a moment."""
    return _read(Place(cycle, unit, item), query, partial(history, leaf=query["leaf"]))


@at("/explanation")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.Explanation)
def get_explanation(query: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """Why the sheet's points are what they are: item, leaf, rule, inputs, formula, rounding, events; as of then."""
    return _read(Place(cycle, unit, item), query, item_explained)


Tells = Callable[[Opened, Place, Moment | None], dict[str, Any]]


def _read(place: Place, query: dict[str, Any], tells: Tells) -> Response:
    opened = visible(place)  # who may not look learns nothing of moments either
    asked = moments.asked(query)
    if asked is None:
        return document(tells(opened, place, None), opened.head.version)
    opened = open_sheet(place, asked.moment)
    # No ETag: nobody acts on a sheet of another moment.
    return document(tells(opened, place, asked.moment) | {"as_of": asked.shown})


@at("/submissions", methods=["POST"])
@blueprint.arguments(schemas.Submission)
@blueprint.response(201, schemas.Receipt)
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
@blueprint.response(201, schemas.Receipt)
def post_withdrawal(body: dict[str, Any], cycle: str, unit: str, item: str, submission: Any) -> Response:
    """The unit takes a submission back."""
    return committed(
        act(
            Place(cycle, unit, item),
            "withdraw",
            lambda sheet: filing.withdraw(sheet.case, str(submission), body["reason"]),
        )
    )


@at("/verifications", methods=["POST"])
@blueprint.arguments(schemas.Verification)
@blueprint.response(201, schemas.Receipt)
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
@blueprint.response(201, schemas.Receipt)
@seen_version_required
def post_judgement(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer gives points on a judged leaf."""
    place = Place(cycle, unit, item)
    return committed(judge(place, body["leaf"], body["points"], body["reason"], body["effective"]))


@at("/not-applicable", methods=["POST"])
@blueprint.arguments(schemas.NotApplicable)
@blueprint.response(201, schemas.Receipt)
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


@at("/adjustments", methods=["POST"])
@blueprint.arguments(schemas.Adjustment)
@blueprint.response(201, schemas.Receipt)
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
@blueprint.response(201, schemas.Receipt)
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


@at("/claims", methods=["POST"])
@blueprint.arguments(schemas.Claim)
@blueprint.response(201, schemas.Receipt)
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


@at("/bonuses", methods=["POST"])
@blueprint.arguments(schemas.BonusProposal)
@blueprint.response(201, schemas.Receipt)
@seen_version_required
def post_bonus(body: dict[str, Any], cycle: str, unit: str, item: str) -> Response:
    """A reviewer proposes a bonus with a written justification."""
    place = Place(cycle, unit, item)
    proposal = facts.BonusProposed(
        body["bonus"] or new_id(),
        body["leaf"],
        body["key"],
        body["title"],
        body["level"],
        body["justification"],
        body["evidence"],
    )

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
@blueprint.response(201, schemas.Receipt)
@seen_version_required
def post_bonus_decision(body: dict[str, Any], cycle: str, unit: str, item: str, bonus: Any) -> Response:
    """A second person grants, declines or revokes a bonus; of a joint claim on every partner's sheet at once."""
    place = Place(cycle, unit, item)
    decision = {"grant": bonuses.grant, "decline": bonuses.decline, "revoke": bonuses.revoke}[body["decision"]]

    def decide(sheet: Opened) -> Any:
        return decision(sheet.case, str(bonus), body["reason"])

    done = act(place, f"{body['decision']}-bonus", decide, beside=with_partners(decide))
    return committed(done, stream=place.stream)
