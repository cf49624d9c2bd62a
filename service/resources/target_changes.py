"""/cycles/{cycle}/target-changes: another target in a year under way, with all it moves, by two people."""

from collections.abc import Sequence
from typing import Any

import psycopg
from flask import Response

from domain import facts, targets
from domain.cycle import Cycle
from domain.year import effective as holds_from
from events.entry import Head, new_id
from events.store import Append
from service.auth import caller, permit
from service.commands.commit import to
from service.commands.streams import PATIENT, act
from service.office import office
from service.queries import changes, target_changes
from service.queries.pages import linked, page_in_turn, page_of_differences
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer
from service.resources.scores import known
from service.schemas import target_changes as schemas
from service.schemas.pages import Page
from service.schemas.sheets.acts import Reason
from service.schemas.sheets.receipts import Receipt
from service.schemas.targets import Target
from workers.engine import engine

blueprint = Blueprint("target_changes", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/target-changes")
at = blueprint.route


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.TargetChanges)
def get_changes(query: dict[str, Any], cycle: str) -> Response:
    """Every change that was proposed, oldest first, without what it moves."""
    permit("see-board")
    rows, cursor = page_in_turn(known(cycle).target_changes, query)
    return linked(document({"changes": [target_changes.shown(each) for each in rows]}), cursor)


@at("", methods=["POST"])
@blueprint.arguments(Target)
@blueprint.response(201, Receipt)
def post_change(body: dict[str, Any], cycle: str) -> Response:
    """Proposes another target for a unit's leaf, or a first one where figures were filed already."""
    administer()
    holds = holds_from(known(cycle), body["effective"], office().now()) or ""

    def decide(state: Cycle) -> list[facts.Fact]:
        changes.ours()
        position = office().reads.last()
        asked = facts.TargetChangeProposed(
            new_id(), body["unit"], body["leaf"], 0, body["target"], holds, "", 0, 0, engine(), position, body["reason"]
        )
        targets.allowed(state, office().rules.rubric(state.hash), targets.issued(asked))
        found = target_changes.at(state, targets.issued(asked), position)
        decided = targets.propose(state, asked, found.effect, caller())
        office().store.keep_document(found.body)
        return decided

    return committed(act(office().cycles, ("cycle/", cycle), "propose-target", administer, decide))


@at("/<uuid:change>")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.TargetChange)
def get_change(query: dict[str, Any], cycle: str, change: Any) -> Response:
    """One change and, page by page, all it moves: leaves, items, groups, totals and ranks of all, before and after."""
    permit("see-board")
    found = targets.find(known(cycle), str(change))
    rows, cursor = page_of_differences(changes.listed(found.fact.difference), query)
    return linked(document(target_changes.shown(found) | {"differences": rows}), cursor)


@at("/<uuid:change>/confirmation", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_confirmation(body: dict[str, Any], cycle: str, change: Any) -> Response:
    """A second administrator confirms exactly what was shown; the target holds on the unit's sheet from this commit."""
    administer()
    asked = targets.find(known(cycle), str(change)).fact
    wanted, read = targets.issued(asked), changes.Standing(cycle)
    stream, holds = target_changes.stream_of(known(cycle), wanted), asked.effective or None

    def decide(state: Cycle) -> list[facts.Fact]:
        targets.confirmable(state, str(change))
        changes.ours()
        found = target_changes.now(state, wanted, stream, read.follow())
        return targets.confirm(state, str(change), found.effect, caller(), (engine(), body["reason"]))

    def beside(_: Sequence[facts.Fact]) -> list[Append]:
        # Whoever acts on the sheet meanwhile has moved its stream: then what is new is read and all decided anew.
        return [to(stream, read.heads.get(stream, Head()), [targets.applied(wanted)], holds)]

    def within(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        read.still(connection)

    confirmed = act(
        office().cycles, ("cycle/", cycle), "confirm-target", administer, decide,
        within=within, beside=beside, effective=holds, tries=PATIENT,
    )  # fmt: skip
    return committed(confirmed)


@at("/<uuid:change>/withdrawal", methods=["POST"])
@blueprint.arguments(Reason)
@blueprint.response(201, Receipt)
def post_withdrawal(body: dict[str, Any], cycle: str, change: Any) -> Response:
    """Takes a proposal back, or, by another administrator, declines it."""

    def decide(state: Cycle) -> list[facts.Fact]:
        return targets.withdraw(state, str(change), body["reason"])

    return committed(act(office().cycles, ("cycle/", cycle), "withdraw-target", administer, decide))
