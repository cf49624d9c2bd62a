"""Recomputations as their stream tells them: who asked, what was compared, who approved, what went live."""

from collections.abc import Sequence
from typing import Any

import msgspec

from domain import facts
from domain.recomputation import Recomputation
from events.codec import to_fact
from events.store import Recorded
from service.office import office
from service.queries.publications import incidents

_PROGRESS = """
SELECT phase, upto, count(filled_at), count(share)
  FROM scores.replays LEFT JOIN scores.replay_shares USING (recomputation)
 WHERE recomputation = %s GROUP BY recomputation
"""


def recomputations_shown(keys: Sequence[str]) -> list[dict[str, Any]]:
    """The recomputations of these ids, without their reports."""
    return [shown(key, report=False) for key in keys]


def shown(key: str, *, report: bool = True) -> dict[str, Any]:
    """One recomputation; with ``report``, its differences by leaf, item, total and rank.

    Once it is compared, also ``incidents``: published results that computing them again now does not give.
    """
    events = office().store.read(f"recomputation/{key}")
    found = Recomputation(key)
    said: dict[str, Any] = {}
    for event in events:
        fact = to_fact(event.envelope)
        found = found.evolve(fact, event.envelope.actor)
        said |= _said(fact, event)
    document = said.pop("report", "")
    body = {"id": key, "state": state_of(found), "version": len(events), **said}
    if report:
        told = [] if found.differences is None else incidents()
        body |= {"report": _report(document), "progress": _progress(key), "incidents": told}
    return body


def state_of(found: Recomputation) -> str:
    """Where a recomputation stands."""
    if found.applied:
        return "applied"
    if found.approved_by:
        return "approved"
    if found.differences is None:
        return "requested"
    return "different" if found.differences else "identical"


def _said(fact: Any, event: Recorded) -> dict[str, Any]:
    when, who = event.envelope.time, event.envelope.actor
    match fact:
        case facts.RecomputationRequested():
            return {"requested_by": who, "requested_at": when, "reason": fact.reason}
        case facts.RecomputationFinished():
            names = ("position", "digest", "rows", "differences", "engine", "report")
            return {name: getattr(fact, name) for name in names} | {"finished_at": when}
        case facts.RecomputationApproved():
            return {"approved_by": who, "approved_at": when, "approval": fact.reason}
        case facts.RecomputationApplied():
            return {"applied_at": when, "applied_position": fact.position}
    return {}


def _progress(key: str) -> dict[str, Any] | None:
    """How far the replay under way has come, by shares of the streams; None when there is none."""
    with office().store.connection() as connection:
        row = connection.execute(_PROGRESS, (key,)).fetchone()
    return None if row is None else dict(zip(("phase", "upto", "filled", "shares"), row, strict=True))


def _report(digest: str) -> Any:
    body = office().store.document(digest) if digest else None
    return None if body is None else msgspec.json.decode(body)
