"""Insights: how fragile a ranking is, what would raise a score, and what the register leaves open."""

from typing import Any

from flask import Response

from domain.points import parse
from domain.publication import RubricLife
from domain.refusals import Refused
from domain.robustness import TooManySets
from service.auth import caller, hidden_unless, permit
from service.commands import answers
from service.commands.streams import act
from service.office import office
from service.problems import Problem
from service.queries import asof, explanation, insight, moments
from service.queries.pages import linked, page_of_rows
from service.reading import Blueprint
from service.resources.answers import committed, document
from service.resources.rubrics import administer
from service.resources.scores import known, stands
from service.schemas import insight as schemas
from service.schemas.moments import AsOf
from service.schemas.sheets.receipts import Receipt

blueprint = Blueprint("insight", __name__, url_prefix="/api/v1")
at = blueprint.route


@at("/cycles/<slug:cycle>/robustness")
@blueprint.arguments(schemas.Held, location="query")
@blueprint.response(200, schemas.Robustness)
def get_robustness(query: dict[str, Any], cycle: str) -> Response:
    """Every unit's interval of ranks over the open questions and one judgement step, and which decision moves most."""
    permit("see-board")
    rubric = office().rules.rubric(known(cycle).hash)
    held = frozenset(query.pop("held").split(",")) - {""}
    questions = {question.id for question in rubric.questions}
    for strange in sorted(held - questions):
        raise Problem(422, "unknown-question", "口径登记中没有这个问题", "the register has no such question",
                      strange, strange)  # fmt: skip
    asked = moments.asked(query) or moments.now()
    try:
        found = insight.robust(asof.chronicle(cycle, asked.moment), asked.moment, held)
    except TooManySets as many:
        raise Problem(409, "too-many-sets", "未定口径过多", "too many questions are open", many.zh, many.en) from None
    told = {"cycle": cycle, **stands(asked), **insight.robustness_shown(found)}
    rows, cursor = page_of_rows(told["units"], lambda row: (row["rank"], row["unit"]), (int, str), query)
    return linked(document(told | {"units": rows}), cursor, told["position"])


@at("/cycles/<slug:cycle>/units/<slug:unit>/improvements")
@blueprint.arguments(schemas.Wanted, location="query")
@blueprint.response(200, schemas.Improvements)
def get_improvements(query: dict[str, Any], cycle: str, unit: str) -> Response:
    """The least change of each figure that raises the unit's score, and the least effort for so many points more."""
    hidden_unless("see-sheet", "unknown-unit", unit, unit=unit)  # its figures: not for who only sees scores
    here, points = known(cycle), parse(query["points"])
    asked = moments.asked(query)
    if asked is None:
        here.unit(unit)
        last = office().reads.last()
        found = insight.unit_as_filed(office().store, office().rules, here, unit)
        shown = insight.improvements_shown(office().rules.rubric(here.hash), found, points)
        return document({"cycle": cycle, "unit": unit, "position": last, **shown})
    then = insight.unit_then(asof.chronicle(cycle, asked.moment), unit, asked.moment)
    if then is None:
        raise Refused("unknown-unit", unit, unit)
    head = {"cycle": cycle, "unit": unit, "position": asked.moment.position, "as_of": asked.shown}
    return document(head | insight.improvements_shown(*then, points))


@at("/cycles/<slug:cycle>/units/<slug:unit>/explanation")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.UnitExplanation)
def get_explanation(query: dict[str, Any], cycle: str, unit: str) -> Response:
    """Why a unit's total is, or was, what it is: total, group, item, leaf, rule, inputs, formula, rounding, events."""
    hidden_unless("see-sheet", "unknown-unit", unit, unit=unit)  # its figures: not for who only sees scores
    known(cycle).unit(unit)
    asked = moments.asked(query)
    if asked is None:
        return document(explanation.unit_explained(cycle, unit))
    return document(explanation.unit_explained(cycle, unit, asked.moment) | {"as_of": asked.shown})


@at("/rubrics/<slug:rubric>/interpretations")
@blueprint.response(200, schemas.Register)
def get_interpretations(rubric: str) -> Response:
    """The register of a rubric: questions, options with their effects, what is decided, what can be computed."""
    caller()
    life, _ = office().rubrics.get(rubric)
    digest = life.published[-1] if life.published else life.draft
    if not digest:
        raise Refused("unknown-rubric", rubric, rubric)
    questions = insight.register_shown(office().rules.rubric(digest))
    return document({"rubric": rubric, "hash": digest, "questions": questions})


@at("/rubrics/<slug:rubric>/interpretations", methods=["POST"])
@blueprint.arguments(schemas.Answer)
@blueprint.response(201, Receipt)
def post_interpretation(body: dict[str, Any], rubric: str) -> Response:
    """Answers an open question, after a simulation of exactly this answer; a second person publishes the outcome."""

    def decide(state: RubricLife) -> list[Any]:
        return answers.decide(state, body)

    return committed(act(office().rubrics, ("rubric/", rubric), "decide-interpretation", administer, decide))
