"""Who issued which target, when and why: from the events themselves, those that stand now or stood at a moment."""

from collections import defaultdict
from typing import Any

from domain import facts
from domain.moments import Moment
from events.codec import to_fact
from events.store import Recorded
from service.office import office
from service.queries.standing import standing


def of_cycle(cycle: str, moment: Moment | None) -> dict[tuple[str, str], dict[str, Any]]:
    """By unit and leaf the target in force with those before it, oldest first; ``change`` is what two people decided.

    Who confirmed a change issued its target with the same commit, right behind his confirmation.
    """
    every: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    confirmed: tuple[int, str] | None = None
    for event in standing(office().store, f"cycle/{cycle}", moment):
        match to_fact(event.envelope):
            case facts.TargetChangeConfirmed() as fact:
                confirmed = event.version, fact.change
            case facts.TargetIssued() as fact:
                change = confirmed[1] if confirmed and confirmed[0] == event.version - 1 else None
                every[fact.unit, fact.leaf].append(_row(event, fact) | {"change": change})
    return {key: {"unit": key[0], "leaf": key[1], **in_force(rows)} for key, rows in sorted(every.items())}


def of_sheet(stream: str, moment: Moment | None) -> dict[str, dict[str, Any]]:
    """By leaf the same as a sheet's own stream tells it."""
    every: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in standing(office().store, stream, moment):
        if event.type == "TargetApplied":
            fact: Any = to_fact(event.envelope)
            every[fact.leaf].append(_row(event, fact))
    return {leaf: in_force(rows) for leaf, rows in every.items()}


def in_force(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The last of them, and what came before it."""
    return rows[-1] | {"before": rows[:-1]}


def _row(event: Recorded, fact: facts.TargetIssued | facts.TargetApplied) -> dict[str, Any]:
    envelope = event.envelope
    return {
        "target": fact.target,
        "reason": fact.reason,
        "by": envelope.actor,
        "role": envelope.actorrole,
        "scope": envelope.actorscope,
        "at": envelope.time,
        "effective": envelope.effectivetime or envelope.time,
        "event": envelope.id,
        "position": event.position,
    }
