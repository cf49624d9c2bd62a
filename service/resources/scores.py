"""/cycles/{cycle}/scores and what belongs to it: board, units, departments, timelines, review queue."""

from typing import Any

from flask import Response

from domain.cycle import Cycle
from domain.points import show
from domain.refusals import Refused
from service.auth import admit, admits, caller, hidden_unless, permit, shown
from service.office import office
from service.problems import Problem
from service.queries import asof
from service.queries.pages import cursor_of, linked, opened_cursor
from service.reading import Blueprint
from service.resources.answers import document
from service.schemas import scores as schemas
from workers.projections.standings import final_of, sums_of

NOW = {"as_of_position": None, "as_of_recorded": None}
blueprint = Blueprint("scores", __name__, url_prefix="/api/v1/cycles/<slug:cycle>")


def known(cycle: str) -> Cycle:
    """The cycle; refuses one that was never created."""
    found, _ = office().cycles.get(cycle)
    if not found.phase:
        raise Refused("unknown-cycle", cycle, cycle)
    return found


@blueprint.route("/units/<slug:unit>/scores")
@blueprint.arguments(schemas.AsOf, location="query")
@blueprint.response(200, schemas.UnitScores)
@admits
def get_unit_scores(moment: dict[str, Any], cycle: str, unit: str) -> Response:
    """A unit's scores in three columns, now or as of a position or a recorded time."""
    if moment != NOW:
        return unit_scores_at(moment, cycle, unit)
    # The most asked question: who asks and what he asks for come in one round trip.
    person = shown().person
    _, head = office().people.known(person)
    body, news = office().reads.unit_and_news(cycle, unit, f"person/{person}", head.version)
    admit(office().people.follow(person, news)[0])
    hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    if body is None:
        known(cycle).unit(unit)
        raise Problem(503, "not-projected", "成绩正在计算，请稍后再试", "the scores are being computed; try again")
    return document(body)


def unit_scores_at(moment: dict[str, Any], cycle: str, unit: str) -> Response:
    """A unit's scores as of a moment."""
    hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    position = position_of(moment) or 0
    found = asof.unit_at(office().rules, cycle, unit, position, scores_at(cycle, position))
    if found is None:
        raise Refused("unknown-unit", unit, unit)
    return document(found)


@blueprint.route("/scores")
@blueprint.arguments(schemas.AsOf, location="query")
@blueprint.response(200, schemas.Board)
def get_board(moment: dict[str, Any], cycle: str) -> Response:
    """The score board: every unit by cohort and rank."""
    permit("see-board")
    units = known(cycle).units
    if (position := position_of(moment)) is not None:
        found = scores_at(cycle, position)
        places = asof.ranks(office().rules, cycle, found)
        rows = [_row(cycle, unit, found, places[unit]) for unit in found]
        rows.sort(key=lambda row: (row["cohort"], row["rank"], row["unit"]))
        stands = {"position": position, "lag": 0}
    else:
        rows = office().reads.board(cycle)
        stands = where()
    for row in rows:
        row |= {"name_zh": units[row["unit"]].name_zh, "name_en": units[row["unit"]].name_en}
    return document({"cycle": cycle, **stands, "units": rows})


@blueprint.route("/departments/scores")
@blueprint.response(200, schemas.Departments)
def get_departments(cycle: str) -> Response:
    """Each department's points won of points possible, over the leaves it answers for."""
    permit("see-board")
    known(cycle)
    names = {each.id: each.name for each in office().rules.rubric_of(cycle).departments}
    rows = [
        row | {"name_zh": names[row["department"]].zh, "name_en": names[row["department"]].en}
        for row in office().reads.departments(cycle)
    ]
    return document({"cycle": cycle, **where(), "departments": rows})


@blueprint.route("/units/<slug:unit>/scores/timeline")
@blueprint.arguments(schemas.Timeline, location="query")
@blueprint.response(200, schemas.Steps)
def get_timeline(query: dict[str, Any], cycle: str, unit: str) -> Response:
    """Every change of a unit's leaves with the event that made it, oldest first."""
    hidden_unless("see-unit", "unknown-unit", unit, unit=unit)
    known(cycle).unit(unit)
    steps = office().reads.timeline(cycle, unit, query["after"], query["item"], query["leaf"], query["limit"])
    return document({"cycle": cycle, "unit": unit, **where(), "steps": steps})


@blueprint.route("/queue")
@blueprint.arguments(schemas.Queue, location="query")
@blueprint.response(200, schemas.QueueRows)
def get_queue(query: dict[str, Any], cycle: str) -> Response:
    """What waits for a department, oldest first: only the caller's departments."""
    known(cycle)
    departments = _departments(query["department"])
    after = opened_cursor(query["cursor"], (int, str, str, str, str)) or (0, "", "", "", "")
    rows = office().reads.queue(cycle, departments, query["unit"], after, query["limit"] + 1)
    page, more = rows[: query["limit"]], rows[query["limit"] :]
    answer = document({"cycle": cycle, **where(), "waiting": page})
    if more:
        last = page[-1]
        linked(answer, cursor_of(*(last[key] for key in ("position", "unit", "item", "kind", "subject"))))
    return answer


def position_of(moment: dict[str, Any]) -> int | None:
    """The position a read asks for, None for now; refuses one the record has not reached."""
    if moment["as_of_recorded"] is not None:
        return asof.position_at(office().store, moment["as_of_recorded"])
    position: int | None = moment["as_of_position"]
    if position is not None and position > (last := office().reads.last()):
        raise Problem(404, "unknown-position", "记录尚无此位置", "the record has not reached this position",
                      str(last), str(last))  # fmt: skip
    return position


def scores_at(cycle: str, position: int) -> asof.Scores:
    """Everybody's scores as of a position."""
    known(cycle)
    return asof.scores_at(office().store, office().rules, cycle, position)


def where() -> dict[str, int]:
    """The position the score tables stand at, and their lag."""
    stands = office().reads.stands()
    return {"position": stands.position, "lag": stands.lag}


def _departments(asked: str | None) -> list[str] | None:
    person = caller()
    if person.holds("auditor", "administrator") or "*" in person.scopes("approver"):
        return None if asked is None else [asked]
    mine = person.scopes("reviewer", "approver")
    if not mine:
        raise Refused("not-permitted")
    return sorted(mine if asked is None else mine & {asked})


def _row(cycle: str, unit: str, found: asof.Scores, place: int) -> dict[str, Any]:
    rules, scores = office().rules, found[unit]
    cohort = rules.unit(cycle, unit).cohort
    base, bonus = final_of(rules.layout_of(cycle), cohort, scores)
    return {
        "unit": unit,
        "cohort": cohort,
        "rank": place,
        "claimed": show(sums_of(scores, "claimed")),
        "verified": show(sums_of(scores, "verified")),
        "base": show(base),
        "bonus": show(bonus),
        "total": show(base + bonus),
    }
