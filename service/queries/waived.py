"""Waivers as the cycle's own events tell them: who let whom act on which unit, when and why."""

from typing import Any

from domain import facts
from events.codec import to_fact
from events.store import Recorded
from service.office import office
from service.queries.standing import standing


def of_cycle(cycle: str) -> dict[str, dict[str, Any]]:
    """By event every waiver of a cycle, oldest first."""
    found = {}
    for event in standing(office().store, f"cycle/{cycle}", None):
        fact = to_fact(event.envelope)
        if isinstance(fact, facts.WaiverSigned):
            found[event.envelope.id] = _row(event, fact)
    return found


def _row(event: Recorded, fact: facts.WaiverSigned) -> dict[str, Any]:
    return {
        "person": fact.person,
        "unit": fact.unit,
        "department": fact.department,
        "reason": fact.reason,
        "signed_by": event.envelope.actor,
        "role": event.envelope.actorrole,
        "scope": event.envelope.actorscope,
        "at": event.envelope.time,
        "event": event.envelope.id,
        "position": event.position,
    }
