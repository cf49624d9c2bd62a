"""/cycles: the years of assessment, their units, phases and deadlines."""

from typing import Any

from flask import Response

from domain import workdays, year
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.people import Grant
from domain.refusals import Refused
from domain.rubric.texts import Text
from events.entry import Head, utc_text
from service.auth import caller, permit
from service.commands.streams import PATIENT, act
from service.office import office
from service.queries import moments
from service.queries.changes import Standing
from service.queries.cycles import shown, unit_shown
from service.queries.outdated import may_begin
from service.queries.pages import linked, page, page_in_turn
from service.queries.standing import cycle_at
from service.reading import Blueprint
from service.resources.answers import committed, document, spoken
from service.schemas import cycles as schemas
from service.schemas.moments import AsOf
from service.schemas.pages import Page
from service.schemas.sheets.receipts import Receipt
from workers.engine import engine

blueprint = Blueprint("cycles", __name__, url_prefix="/api/v1/cycles")
at = blueprint.route
STAFF = ("reviewer", "approver", "auditor", "administrator", "viewer")
LOOKING = frozenset({"provisional", "notice"})  # phases that begin only as all the cycle's sheets allow


def administer() -> Grant:
    """The caller's grant as an administrator."""
    return permit("administer")


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Cycles)
def get_cycles(query: dict[str, Any]) -> Response:
    """All cycles, without what is a list of its own."""
    caller()
    keys, cursor = page(office().names("cycle/"), query)
    found = [office().cycles.get(key) for key in keys]
    return spoken(linked(document({"cycles": [shown(cycle, head.version) for cycle, head in found]}), cursor))


@at("", methods=["POST"])
@blueprint.arguments(schemas.Cycle)
@blueprint.response(201, Receipt)
def post_cycle(body: dict[str, Any]) -> Response:
    """Creates a cycle under the newest published version of a rubric."""

    def decide(state: Cycle) -> list[Any]:
        life, _ = office().rubrics.get(body["rubric"])
        if not life.published:
            raise Refused("unknown-rubric", body["rubric"], body["rubric"])
        calendar = {phase: utc_text(moment) for phase, moment in body["calendar"].items()}
        begins = body["begins"] or workdays.first_moment(office().now())
        title = Text(body["title"], (body["title_en"] or "").strip() or body["title"])
        return year.create(state, title, body["rubric"], life.published[-1], calendar, begins)

    return committed(act(office().cycles, ("cycle/", body["cycle"]), "create-cycle", administer, decide))


@at("/<slug:cycle>")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.CycleShown)
def get_cycle(query: dict[str, Any], cycle: str) -> Response:
    """One cycle with the rubric and the answers in force."""
    caller()
    asked = moments.asked(query)
    found, head = standing(cycle, asked)
    told = shown(found, head.version) | {"interpretations": office().rules.rubric(found.hash).answers}
    if asked is None:
        return spoken(document(told | {"engine": office().reads.program()}, head.version))
    return spoken(document(told | {"engine": engine(), "as_of": asked.shown}))


@at("/<slug:cycle>/units")
@blueprint.arguments(schemas.WhichUnits, location="query")
@blueprint.response(200, schemas.Units)
def get_units(query: dict[str, Any], cycle: str) -> Response:
    """The units that take part, in the order of their enrolment: to somebody who is only of some units, these."""
    person, asked = caller(), moments.asked(query)
    found, head = standing(cycle, asked)
    wide, mine = person.holds(*STAFF), person.scopes("unit")
    rows, cursor = page_in_turn({key: each for key, each in found.units.items() if wide or key in mine}, query)
    told = {"cycle": cycle, "units": [unit_shown(each) for each in rows]}
    if asked is None:
        return linked(document(told, head.version), cursor)
    return linked(document(told | {"as_of": asked.shown}), cursor, asked.moment.position)


@at("/<slug:cycle>/units", methods=["POST"])
@blueprint.arguments(schemas.Unit)
@blueprint.response(201, Receipt)
def post_unit(body: dict[str, Any], cycle: str) -> Response:
    """Enrols a unit."""

    def decide(state: Cycle) -> list[Any]:
        if not state.phase:
            raise Refused("unknown-cycle", cycle, cycle)
        cohorts = frozenset(each.id for each in office().rules.rubric(state.hash).cohorts)
        return year.enroll(state, Unit(body["unit"], body["cohort"], body["name_zh"], body["name_en"]), cohorts)

    return committed(act(office().cycles, ("cycle/", cycle), "enroll", administer, decide))


@at("/<slug:cycle>/phases", methods=["POST"])
@blueprint.arguments(schemas.Phase)
@blueprint.response(201, Receipt)
def post_phase(body: dict[str, Any], cycle: str) -> Response:
    """Goes to the next phase: to provisional results, and to their public notice, only as the sheets allow."""
    read = Standing(cycle) if body["phase"] in LOOKING else None

    def decide(state: Cycle) -> list[Any]:
        decided = year.advance(state, body["phase"], body["reason"])
        if read:
            may_begin(body["phase"], state, read.follow())
        return decided

    within, stream = read.still if read else None, ("cycle/", cycle)
    return committed(act(office().cycles, stream, "advance-phase", administer, decide, within=within, tries=PATIENT))


@at("/<slug:cycle>/deadlines", methods=["POST"])
@blueprint.arguments(schemas.Deadline)
@blueprint.response(201, Receipt)
def post_deadline(body: dict[str, Any], cycle: str) -> Response:
    """Moves the last moment of a phase, with a reason."""

    def decide(state: Cycle) -> list[Any]:
        return year.move_deadline(state, body["phase"], utc_text(body["moment"]), body["reason"], office().now())

    return committed(act(office().cycles, ("cycle/", cycle), "move-deadline", administer, decide))


def standing(cycle: str, asked: moments.Asked | None) -> tuple[Cycle, Head]:
    """The cycle as it stands, or stood at a moment; refuses one that was not created by then."""
    found, head = office().cycles.get(cycle) if asked is None else cycle_at(cycle, asked.moment)
    if not found.phase:
        raise Refused("unknown-cycle", cycle, cycle)
    return found, head
