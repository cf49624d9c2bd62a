"""/cycles/{cycle}/queue: what waits for whose review or approval."""

from typing import Any

from flask import Response

from domain.refusals import Refused
from service.auth import caller
from service.office import office
from service.queries.pages import cursor_of, linked, opened_cursor
from service.resources.answers import document
from service.resources.scores import blueprint, known, where
from service.schemas.scores import queues as schemas
from workers.review_queue import ANYBODY, Desk, waiting


@blueprint.route("/queue")
@blueprint.arguments(schemas.Queue, location="query")
@blueprint.response(200, schemas.QueueRows)
def get_queue(query: dict[str, Any], cycle: str) -> Response:
    """What waits for a department, oldest first: only the caller's departments."""
    known(cycle)
    departments = queue_departments(query["department"])
    after = opened_cursor(query["cursor"], (int, str, str, str, str)) or (0, "", "", "", "")
    rows = waiting(office().store, cycle, departments, query["unit"], after, query["limit"] + 1, desk())
    page, more = rows[: query["limit"]], rows[query["limit"] :]
    answer = document({"cycle": cycle, **where(), "waiting": page})
    if more:
        last = page[-1]
        linked(answer, cursor_of(*(last[key] for key in ("position", "unit", "item", "kind", "subject"))))
    return answer


def desk() -> Desk:
    """Whose queue the caller looks at: what is blind to him waits in nobody's eyes."""
    person = caller()
    if person.holds("auditor", "administrator"):
        return ANYBODY
    return Desk(person.id, tuple(person.scopes("reviewer")), tuple(person.scopes("approver")))


def queue_departments(asked: str | None) -> list[str] | None:
    """The departments whose queue the caller may see, None for all; refuses who reviews and approves nothing."""
    person = caller()
    if person.holds("auditor", "administrator") or "*" in person.scopes("approver"):
        return None if asked is None else [asked]
    mine = person.scopes("reviewer", "approver")
    if not mine:
        raise Refused("not-permitted")
    return sorted(mine if asked is None else mine & {asked})
