"""/cycles/{cycle}/targets: issued by one administrator where they move nothing, the effect of any shown before."""

from collections.abc import Sequence
from typing import Any

from flask import Response

from domain import duties, facts, targets
from domain.cycle import Cycle
from domain.year import effective as holds_from
from events.store import Append
from service.auth import caller, permit
from service.commands.commit import to
from service.commands.opened import Opened, Place, open_sheet
from service.commands.streams import act
from service.office import office
from service.queries import issued, moments
from service.queries.pages import linked, page_of_rows
from service.queries.targets import effect
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.cycles import administer, standing
from service.resources.scores import known
from service.schemas import targets as schemas
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("targets", __name__, url_prefix="/api/v1/cycles/<slug:cycle>/targets")
at = blueprint.route


@at("")
@blueprint.arguments(schemas.WhichTargets, location="query")
@blueprint.response(200, schemas.Targets)
def get_targets(query: dict[str, Any], cycle: str) -> Response:
    """The targets in force and those before: who issued each, when and why; to a unit its own."""
    permit("see-published")
    asked = moments.asked(query)
    standing(cycle, asked)
    wide, mine = duties.may(caller(), "see-board"), caller().scopes("unit")
    every = [
        row for row in issued.of_cycle(cycle, asked.moment if asked else None).values() if wide or row["unit"] in mine
    ]
    rows, cursor = page_of_rows(every, lambda row: (row["unit"], row["leaf"]), (str, str), query)
    if asked is None:
        return linked(document({"targets": rows}), cursor)
    return linked(document({"targets": rows, "as_of": asked.shown}), cursor, asked.moment.position)


@at("/preview")
@blueprint.arguments(schemas.TargetQuestion, location="query")
@blueprint.response(200, schemas.TargetEffect)
def get_preview(query: dict[str, Any], cycle: str) -> Response:
    """What a target would change, computed from the record as it stands; nothing is recorded."""
    administer()
    found = known(cycle)
    wanted = facts.TargetIssued(query["unit"], query["leaf"], query["target"], "preview")
    targets.allowed(found, office().rules.rubric(found.hash), wanted)
    return document(effect(found, wanted))


@at("", methods=["POST"])
@blueprint.arguments(schemas.Target)
@blueprint.response(201, Receipt)
def post_target(body: dict[str, Any], cycle: str) -> Response:
    """Issues a unit's target; what could move a score takes two people: see /cycles/{cycle}/target-changes."""
    wanted = facts.TargetIssued(body["unit"], body["leaf"], body["target"], body["reason"])
    administer()
    holds = holds_from(known(cycle), body["effective"], office().now())
    seen: list[Opened] = []

    def decide(state: Cycle) -> list[facts.Fact]:
        rubric = office().rules.rubric(state.hash)
        targets.allowed(state, rubric, wanted)
        seen[:] = [open_sheet(Place(cycle, wanted.unit, targets.item_of(rubric, wanted.leaf)))]
        return targets.issue(state, seen[0].case.sheet, wanted, caller())

    def beside(_: Sequence[facts.Fact]) -> list[Append]:
        return [to(seen[0].stream, seen[0].head, [targets.applied(wanted)], holds)]

    return committed(
        act(office().cycles, ("cycle/", cycle), "issue-target", administer, decide, beside=beside, effective=holds)
    )
