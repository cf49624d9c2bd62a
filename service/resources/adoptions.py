"""/cycles/{cycle}/rubric-changes: another rubric for a cycle under way, with all it moves, by two people."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from domain import adoption, facts
from domain.cycle import Cycle
from events.entry import Head, new_id
from events.store import Append
from service.auth import caller, permit
from service.commands.commit import to
from service.commands.streams import PATIENT, act
from service.office import office
from service.queries import adoptions, changes
from service.queries.pages import linked, page_in_turn, page_of_differences
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer
from service.resources.scores import known
from service.schemas import adoptions as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt
from workers.engine import engine

blueprint = Blueprint("adoptions", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/rubric-changes")
at = blueprint.route


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.RubricChanges)
def get_changes(query: dict[str, Any], cycle: str) -> Response:
    """Every change that was proposed, oldest first, without what it moves."""
    permit("see-board")
    rows, cursor = page_in_turn(known(cycle).rubric_changes, query)
    return linked(document({"changes": [adoptions.shown(each) for each in rows]}), cursor)


@at("", methods=["POST"])
@blueprint.arguments(schemas.RubricChangeBody)
@blueprint.response(201, Receipt)
def post_change(body: dict[str, Any], cycle: str) -> Response:
    """Proposes that the cycle goes on under another published version of its rubric."""
    wanted = body["hash"]

    def decide(state: Cycle) -> list[facts.Fact]:
        published = office().rubrics.get(state.rubric)[0].published if state.phase else ()
        adoption.allowed(state, wanted, published)
        changes.ours()
        position = office().reads.last()
        found = adoptions.difference(state, wanted, changes.ordered(cycle, position))
        asked = facts.RubricChangeProposed(new_id(), "", wanted, "", 0, 0, engine(), position, body["reason"])
        decided = adoption.propose(state, asked, published, found.effect)
        office().store.keep_document(found.body)
        return decided

    return committed(act(office().cycles, ("cycle/", cycle), "propose-rubric", administer, decide))


@at("/<uuid:change>")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.RubricChange)
def get_change(query: dict[str, Any], cycle: str, change: Any) -> Response:
    """One change and, page by page, everything it moves: leaves, items, groups, totals and ranks, before and after."""
    permit("see-board")
    state = known(cycle)
    found = adoption.find(state, str(change))
    rows, cursor = page_of_differences(changes.listed(found.fact.difference), query)
    told = adoptions.shown(found) | {"leaves": adoptions.leaves(state, found), "differences": rows}
    return linked(document(told), cursor)


@at("/<uuid:change>/confirmation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_confirmation(body: dict[str, Any], cycle: str, change: Any) -> Response:
    """A second administrator adopts exactly what was shown; every sheet is scored by the rubric from this commit on."""
    now = changes.Standing(cycle)

    def decide(state: Cycle) -> list[facts.Fact]:
        wanted = adoption.pending(state, str(change)).fact.hash
        changes.ours()
        found = adoptions.difference(state, wanted, now.follow().changes)
        return adoption.adopt(state, str(change), found.effect, caller(), (engine(), body["reason"]))

    def beside(decided: Sequence[facts.Fact]) -> list[Append]:
        # Whoever files meanwhile has moved one of these streams: then what is new is read and all decided anew.
        state, rubric = known(cycle), office().rules.rubric
        return [
            to(stream, now.heads.get(stream, Head()), [adoption.applied(state, fact, both, stream)])
            for fact in decided
            if isinstance(fact, facts.RubricAdopted)
            for both in [(rubric(fact.before), rubric(fact.hash))]
            for stream in adoption.sheets(state, both[1])
        ]

    return committed(
        act(office().cycles, ("cycle/", cycle), "adopt-rubric", administer, decide, beside=beside, tries=PATIENT)
    )


@at("/<uuid:change>/withdrawal", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_withdrawal(body: dict[str, Any], cycle: str, change: Any) -> Response:
    """Takes a proposal back, or, by another administrator, declines it."""

    def decide(state: Cycle) -> list[facts.Fact]:
        return adoption.withdraw(state, str(change), body["reason"])

    return committed(act(office().cycles, ("cycle/", cycle), "withdraw-rubric", administer, decide))
