"""/simulations: what other answers, targets, figures or another rubric would move in a cycle; they change no score."""

from typing import Any

from flask import Response

from domain import facts, simulation as rules
from domain.figure_checks import check_item
from domain.figures import BadFigures
from domain.interpretations import BadInterpretation, apply
from domain.refusals import Refused
from domain.rubric.model import Rubric
from domain.simulation import Simulation
from domain.targets import fitting
from events.entry import new_id
from service.commands.streams import act
from service.office import office
from service.queries.pages import linked, page
from service.queries.simulations import shown
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.recomputations import recompute
from service.resources.scores import known
from service.schemas import simulations as schemas
from service.schemas.pages import Page
from service.schemas.sheets.receipts import Receipt
from workers.rules import UnknownRules

blueprint = Blueprint("simulations", __name__, url_prefix="/api/v1/simulations")
at = blueprint.route


@at("")
@blueprint.arguments(Page, location="query")
@blueprint.response(200, schemas.Simulations)
def get_simulations(query: dict[str, Any]) -> Response:
    """All simulations in the order they were asked for, without their reports."""
    recompute()
    keys, cursor = page(office().names("simulation/"), query)
    return linked(document({"simulations": [shown(key, report=False) for key in keys]}), cursor)


@at("", methods=["POST"])
@blueprint.arguments(schemas.Asked)
@blueprint.response(201, Receipt)
def post_simulation(body: dict[str, Any]) -> Response:
    """Asks the workers what would move; whatever cannot be simulated is refused with its place."""
    recompute()
    _sound(body)
    key = new_id()

    def decide(state: Simulation) -> list[Any]:
        return rules.request(state, facts.SimulationRequested(simulation=key, **body))

    return committed(act(office().simulations, ("simulation/", key), "simulate", recompute, decide))


@at("/<uuid:simulation>")
@blueprint.response(200, schemas.Simulation)
def get_simulation(simulation: Any) -> Response:
    """One simulation with everything it would move, or how far it has come."""
    recompute()
    found = shown(str(simulation))
    if not found["version"]:
        raise Refused("unknown-simulation")
    return document(found, found["version"])


def _sound(body: dict[str, Any]) -> None:
    cycle = known(body["cycle"])
    if not (body["interpretations"] or body["figures"] or body["targets"] or body["rubric"]):
        raise Refused("bad-simulation")
    try:
        rubric = office().rules.rubric(body["rubric"] or cycle.hash)
        rubric = apply(rubric, body["interpretations"])
    except UnknownRules:
        raise Refused("unknown-rubric", body["rubric"], body["rubric"], place="rubric") from None
    except BadInterpretation as bad:
        raise Refused("bad-interpretation", bad.zh, bad.en, place=f"interpretations.{bad.place}") from None
    strange = {unit.cohort for unit in cycle.units.values()} - {cohort.id for cohort in rubric.cohorts}
    for cohort in sorted(strange):
        raise Refused("bad-cohort", cohort, cohort, place="rubric")
    for unit, leaves in body["figures"].items():
        _figures(rubric, cycle.unit(unit).cohort, leaves, f"figures.{unit}")
    for unit, issued in body["targets"].items():
        cohort = cycle.unit(unit).cohort
        for leaf in issued:
            fitting(rubric, cohort, leaf, f"targets.{unit}.{leaf}")


def _figures(rubric: Rubric, cohort: str, leaves: dict[str, Any], place: str) -> None:
    items = {leaf.id: item for item in rubric.items for leaf in item.leaves if cohort in leaf.faces}
    for leaf in leaves:
        if leaf not in items:
            raise Refused("unknown-leaf", leaf, leaf, place=f"{place}.{leaf}")
    try:
        for item in rubric.items:
            check_item(item, cohort, leaves, place)
    except BadFigures as bad:
        raise Refused("bad-figures", bad.zh, bad.en, place=bad.path) from None
