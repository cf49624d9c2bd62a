"""/cycles/{cycle}/scores and what belongs to it: board, units, departments, timelines."""

from typing import Any

from flask import Response

from domain.cycle import Cycle
from domain.refusals import Refused
from service.auth import admit, admits, hidden_unless, permit
from service.office import office
from service.problems import Problem
from service.queries import asof, moments, timeline
from service.queries.pages import cursor_of, linked, opened_cursor, page_of_rows
from service.reading import Blueprint
from service.resources.answers import document
from service.schemas.moments import AsOf
from service.schemas.scores import standings as schemas
from service.schemas.scores.timelines import Steps, Timeline
from service.tokens import shown

BEYOND_ALL = "~"  # sorts behind every leaf
blueprint = Blueprint("scores", __name__, url_prefix="/api/v1/cycles/<slug:cycle>")


def known(cycle: str) -> Cycle:
    """The cycle; refuses one that was never created."""
    found, _ = office().cycles.get(cycle)
    if not found.phase:
        raise Refused("unknown-cycle", cycle, cycle)
    return found


def on_the_sheet(cycle: str, item: str | None, leaf: str | None) -> None:
    """Refuses an item that the cycle's rubric does not have, and a leaf that is none of the item's or of any."""
    layout = office().rules.layout_at(cycle, moments.now().moment).leaves
    if item is not None and item not in {of for of, _, _ in layout.values()}:
        raise Refused("unknown-item", item, item)
    if leaf is not None and (leaf not in layout or item not in {None, layout[leaf][0]}):
        raise Refused("unknown-leaf", leaf, leaf)


@blueprint.route("/units/<slug:unit>/scores")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.UnitScores)
@admits
def get_unit_scores(moment: dict[str, Any], cycle: str, unit: str) -> Response:
    """A unit's scores in three columns, now or as of a position or a recorded time."""
    if any(each is not None for each in moment.values()):
        return unit_scores_at(moment, cycle, unit)
    # The most asked question: who asks and what he asks for come in one round trip.
    person, here = shown().person, office()
    _, head = here.people.known(person)
    body, news = here.reads.unit_and_news(cycle, unit, f"person/{person}", head.version)
    admit(*here.people.follow(person, news))
    hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    if body is None:
        known(cycle).unit(unit)
        raise Problem(503, "not-projected", "成绩正在计算，请稍后再试", "the scores are being computed; try again")
    return document(body)


def unit_scores_at(query: dict[str, Any], cycle: str, unit: str) -> Response:
    """A unit's scores as of a moment."""
    hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    known(cycle)
    asked = moments.asked(query) or moments.now()
    found = asof.unit_at(office().rules, cycle, unit, asked.moment, asof.scores_at(cycle, asked.moment))
    if found is None:
        raise Refused("unknown-unit", unit, unit)
    return document(found | {"as_of": asked.shown})


@blueprint.route("/scores")
@blueprint.arguments(schemas.WhichBoard, location="query")
@blueprint.response(200, schemas.Board)
def get_board(query: dict[str, Any], cycle: str) -> Response:
    """The score board: every unit by cohort and rank; further pages stand where the first one did."""
    permit("see-board")
    units = known(cycle)
    asked = moments.asked(query)
    if asked is None:
        rows = office().reads.board(cycle)
    else:
        rows = asof.board_at(office().rules, cycle, asked.moment, asof.scores_at(cycle, asked.moment))
    rows, cursor = page_of_rows(rows, lambda row: (row["cohort"], row["rank"], row["unit"]), (str, int, str), query)
    told = {"cycle": cycle, **stands(asked), "units": [row | _named(units, row["unit"]) for row in rows]}
    return linked(document(told), cursor, told["position"])


@blueprint.route("/departments/scores")
@blueprint.arguments(AsOf, location="query")
@blueprint.response(200, schemas.Departments)
def get_departments(query: dict[str, Any], cycle: str) -> Response:
    """Each department's points won of points possible, over the leaves it answers for."""
    permit("see-board")
    rubric = office().rules.rubric(known(cycle).hash)
    asked = moments.asked(query)
    if asked is None:
        rows = office().reads.departments(cycle)
    else:
        rows = asof.departments_at(office().rules, cycle, asked.moment, asof.scores_at(cycle, asked.moment))
    names = {each.id: each.name for each in rubric.departments}
    for row in rows:
        row |= {"name_zh": names[row["department"]].zh, "name_en": names[row["department"]].en}
    return document({"cycle": cycle, **stands(asked), "departments": rows})


@blueprint.route("/units/<slug:unit>/scores/timeline")
@blueprint.arguments(Timeline, location="query")
@blueprint.response(200, Steps)
def get_timeline(query: dict[str, Any], cycle: str, unit: str) -> Response:
    """A unit's changes, oldest first: the event, its two times and cause, sums and rank after it, also by others."""
    hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    known(cycle).unit(unit)
    on_the_sheet(cycle, query["item"], query["leaf"])
    asked = moments.asked(query) or moments.now()
    behind = opened_cursor(query["cursor"], (int, str)) or (query["after"], BEYOND_ALL)
    rows = timeline.rows(asof.chronicle(cycle, asked.moment), unit, asked.moment, query, behind)
    page = rows[: query["limit"]]
    answer = document({"cycle": cycle, "unit": unit, **stands(asked), "steps": page})
    return linked(answer, cursor_of(page[-1]["position"], page[-1]["leaf"] or "") if len(rows) > len(page) else None)


def stands(asked: moments.Asked | None) -> dict[str, Any]:
    """Where an answer stands: as of the moment asked for, else as the score tables do."""
    return where() if asked is None else {"position": asked.moment.position, "lag": 0, "as_of": asked.shown}


def where() -> dict[str, int]:
    """The position the score tables stand at, and their lag."""
    stands = office().reads.stands()
    return {"position": stands.position, "lag": stands.lag}


def _named(cycle: Cycle, unit: str) -> dict[str, str]:
    """A unit's names, also of one whose enrolment was taken back since the moment that is looked at."""
    found = cycle.ever(unit)
    return {"name_zh": found.name_zh, "name_en": found.name_en} if found else {}
