"""How a year is run: created, units enrolled, phases and deadlines in their order."""

from collections.abc import Mapping
from datetime import datetime

from domain import facts, spelling
from domain.cycle import Cycle, known
from domain.cycle_contents import Unit
from domain.phases import ENROLLING, PHASES, PUBLISHED_BEFORE, TIMED, in_order, outside
from domain.refusals import Refused
from domain.rubric.texts import Text


def create(
    cycle: Cycle, title: Text, rubric: str, digest: str, calendar: Mapping[str, str], begins: datetime | None = None
) -> list[facts.Fact]:
    """A new cycle in phase "draft". The calendar gives every timed phase a last moment; they never fall.

    ``begins``: when the assessed period begins, not after its first last moment.
    """
    spelling.identifier(cycle.id, "cycle")
    if cycle.phase:
        raise Refused("already-exists")
    for phase in TIMED:
        if phase not in calendar:
            raise Refused("bad-calendar", f"缺少 {phase}", f"{phase} is missing", place=f"calendar.{phase}")
    ordered = in_order(calendar)
    if begins is None:
        return [facts.CycleCreated(title.zh, title.en, rubric, digest, ordered)]
    if begins > datetime.fromisoformat(ordered["open"]):
        raise Refused("bad-calendar", place="begins")
    return [
        facts.CycleCreated(title.zh, title.en, rubric, digest, ordered),
        facts.PeriodBegun(spelling.written(begins)),
    ]


def effective(cycle: Cycle, moment: datetime | None, now: datetime) -> str | None:
    """When an act holds from, as it is recorded: never after ``now``, never before the period that is assessed."""
    if moment is None:
        return None
    written = spelling.written(moment)
    if moment > now or written < cycle.begins:
        raise Refused("bad-effective", cycle.begins, cycle.begins, place="effective")
    return written


def enroll(cycle: Cycle, unit: Unit, cohorts: frozenset[str]) -> list[facts.Fact]:
    """Adds a unit, before the year is closed."""
    known(cycle)
    spelling.identifier(unit.id, "unit")
    if unit.id in cycle.units:
        raise Refused("already-exists")
    before = cycle.withdrawn.get(unit.id)
    # What was read of it at a position must not change: nor does the rubric its sheets began under.
    if before is not None and before.cohort != unit.cohort:
        raise Refused("enrolled-otherwise", before.cohort, before.cohort)
    if unit.cohort not in cohorts:
        there = ", ".join(sorted(cohorts))
        raise Refused("bad-cohort", f"{unit.cohort}；可用：{there}", f"{unit.cohort}; there are {there}")
    if cycle.phase not in ENROLLING:
        raise outside(cycle.phase, ENROLLING)
    return [facts.UnitEnrolled(unit.id, unit.cohort, unit.name_zh, unit.name_en)]


def advance(cycle: Cycle, after: str, reason: str) -> list[facts.Fact]:
    """Goes to the next phase; none may be left out, and none begins before the results it needs are published."""
    known(cycle)
    following = PHASES.index(cycle.phase) + 1
    if following >= len(PHASES) or PHASES[following] != after:
        raise Refused("phase-order", f"{cycle.phase} → {after}", f"{cycle.phase} → {after}")
    stage = PUBLISHED_BEFORE.get(after)
    if stage and not cycle.published(stage):
        raise Refused("not-published", stage, stage)
    return [facts.PhaseAdvanced(cycle.phase, after, reason)]


def move_deadline(cycle: Cycle, phase: str, after: str, reason: str, now: datetime) -> list[facts.Fact]:
    """Moves the last moment of a phase that is not over, with a reason, in order; in an archived year none.

    Never into the past: what was in time when it was done would look late. A phase is ended at once by the next one.
    """
    known(cycle)
    spelling.reason(reason)
    calendar = in_order({**cycle.calendar, phase: after})
    if PHASES.index(phase) < PHASES.index(cycle.phase) or cycle.phase == PHASES[-1]:
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    if datetime.fromisoformat(calendar[phase]) < now:
        raise Refused("moment-over", calendar[phase], calendar[phase], place="moment")
    return [facts.DeadlineMoved(phase, cycle.calendar.get(phase, ""), calendar[phase], reason)]
