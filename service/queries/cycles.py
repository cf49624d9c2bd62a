"""Cycles and their units as answers show them."""

from datetime import datetime
from typing import Any

from domain import workdays
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.phases import in_turn
from service.languages import chosen
from service.workday_files import years


def shown(cycle: Cycle, version: int) -> dict[str, Any]:
    """The cycle without its lists."""
    calendar = in_turn(cycle.calendar)
    return {
        "cycle": cycle.id,
        "title": cycle.title.in_(chosen()),
        "title_zh": cycle.title.zh,
        "title_en": cycle.title.en,
        "phase": cycle.phase,
        "rubric": cycle.rubric,
        "hash": cycle.hash,
        "calendar": calendar,
        "deadlines": [_deadline(phase, moment) for phase, moment in calendar.items()],
        "begins": cycle.begins,
        "epoch": cycle.epoch,
        "version": version,
    }


def unit_shown(unit: Unit) -> dict[str, str]:
    """A unit that takes part."""
    return {"unit": unit.id, "cohort": unit.cohort, "name_zh": unit.name_zh, "name_en": unit.name_en}


def _deadline(phase: str, moment: str) -> dict[str, Any]:
    when = datetime.fromisoformat(moment)
    return {
        "phase": phase,
        "moment": moment,
        "shanghai": workdays.in_shanghai(when).isoformat(timespec="seconds"),
        "working_day": workdays.falls_on_working_day(years(), when),
    }
