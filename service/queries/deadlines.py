"""Were deadlines applied equally: for each unit those that held, and who was refused or acted beyond the calendar."""

from dataclasses import asdict
from typing import Any

from domain.cycle import Cycle
from domain.lateness import Ended, Late, OfUnit
from domain.phases import in_turn
from domain.punctuality import Punctuality
from service.office import office
from service.queries.outdated import moved_by
from service.queries.record import walk


def report(cycle: str) -> dict[str, Any]:
    """Every unit's deadlines, extensions, refusals and acts beyond the calendar; what moved and ended for all."""
    position, found = office().reads.last(), Punctuality(Cycle(cycle))
    unreadable = walk(
        position, lambda place, event, fact: found.take(place, event.subject, event.actor, event.time, fact)
    )
    units = [_unit(found, unit) for unit in sorted(found.state.units)]
    return {
        "cycle": cycle,
        "position": position,
        "unreadable": unreadable,
        "calendar": in_turn(found.state.calendar),
        "moved": [_moved(each) for each in found.moved],
        "ended": [_ended(cycle, each) for each in found.ended],
        "alike": not any(unit["extensions"] for unit in units),
        "units": units,
    }


def _moved(each: Any) -> dict[str, Any]:
    fact = each.fact
    told = {"phase": fact.phase, "before": fact.before or None, "after": fact.after, "reason": fact.reason}
    return {"position": each.position, "recorded": each.time, "actor": each.actor, **told}


def _ended(cycle: str, each: Ended) -> dict[str, Any]:
    told = {"phase": each.phase, "after": each.after, "last": each.last or None, "early": each.early}
    moved = moved_by(cycle, each.laid_open, each.position) if each.laid_open else None
    head = {"position": each.position, "recorded": each.time, "actor": each.actor}
    return {**head, **told, "moved": moved, "reason": each.reason}


def _unit(found: Punctuality, unit: str) -> dict[str, Any]:
    own = found.units.get(unit, OfUnit())
    return {
        "unit": unit,
        "deadlines": found.deadlines(unit),
        "extensions": [
            asdict(each.fact) | {"proposed_by": each.by}
            for each in found.state.extensions.values()
            if each.granted and each.fact.unit == unit
        ],
        "late_refused": [_late(each) | {"code": each.code} for each in own.refused],
        "beyond_calendar": [_late(each) for each in own.extended],
    }


def _late(each: Late) -> dict[str, Any]:
    return {"position": each.position, "recorded": each.time, "actor": each.actor, "act": each.act}
