"""Exceptions to the calendar, each by two people: more time for one unit, and final results opened again."""

from collections.abc import Mapping
from datetime import datetime

from domain import facts, spelling
from domain.cycle import Cycle, known
from domain.cycle_contents import Reopening
from domain.duties import second_person, unbiased
from domain.people import Person
from domain.phases import PHASES, TIMED, in_order, outside, same_half
from domain.refusals import Refused

REOPENED = PHASES[PHASES.index("review") : PHASES.index("final")]


def propose_extension(cycle: Cycle, wanted: facts.ExtensionProposed, person: Person) -> list[facts.Fact]:
    """Proposes a later last moment of a timed phase for one unit; its reason is for the record."""
    known(cycle)
    cycle.unit(wanted.unit)
    unbiased(person, wanted.unit)
    spelling.reason(wanted.reason)
    if wanted.phase not in TIMED:
        raise Refused("bad-calendar", wanted.phase, wanted.phase, place="phase")
    _in_time(cycle, wanted.phase)
    if wanted.extension in cycle.extensions:
        raise Refused("already-exists", wanted.extension, wanted.extension)
    moment = spelling.moment(wanted.moment, "moment")
    last = cycle.calendar.get(wanted.phase)
    if last is not None and moment <= datetime.fromisoformat(last):
        raise Refused("bad-calendar", f"须晚于 {last}", f"must be later than {last}", place="moment")
    return [
        facts.ExtensionProposed(wanted.extension, wanted.unit, wanted.phase, spelling.written(moment), wanted.reason)
    ]


def grant_extension(cycle: Cycle, extension: str, person: Person, reason: str) -> list[facts.Fact]:
    """Grants exactly what another person proposed."""
    found = cycle.extensions.get(extension)
    if found is None:
        raise Refused("unknown-extension", extension, extension)
    if found.granted:
        raise Refused("already-decided", extension, extension)
    second_person(person, found.by)
    unbiased(person, found.fact.unit)
    spelling.reason(reason)
    fact = found.fact
    _in_time(cycle, fact.phase)
    return [facts.ExtensionGranted(extension, fact.unit, fact.phase, fact.moment, reason)]


def propose_reopening(cycle: Cycle, reopening: str, calendar: Mapping[str, str], reason: str) -> list[facts.Fact]:
    """Proposes to open final results again, with a new last moment for every phase from the review on."""
    known(cycle)
    spelling.reason(reason)
    if cycle.phase != "final":
        raise outside(cycle.phase, {"final"})
    for phase in REOPENED:
        if phase not in calendar:
            raise Refused("bad-calendar", f"缺少 {phase}", f"{phase} is missing", place=f"calendar.{phase}")
    for phase in calendar:
        if phase not in REOPENED:
            raise Refused("bad-calendar", phase, phase, place=f"calendar.{phase}")
    whole = in_order({**cycle.calendar, **calendar})
    return [facts.ReopeningProposed(reopening, {phase: whole[phase] for phase in REOPENED}, reason)]


def waiting(cycle: Cycle) -> Reopening:
    """The reopening that waits for a second person; refuses when none does."""
    known(cycle)
    if cycle.reopening is None:
        raise Refused("unknown-reopening", cycle.id, cycle.id)
    return cycle.reopening


def reopen(cycle: Cycle, reopening: str, person: Person, reason: str) -> list[facts.Fact]:
    """Reopens the cycle as another person proposed: the review again, in a new epoch.

    ``reopening`` names the proposal that was seen: one that took its place since is not confirmed for it.
    """
    found = waiting(cycle)
    if found.fact.reopening != reopening:
        raise Refused("unknown-reopening", reopening, reopening)
    second_person(person, found.by)
    spelling.reason(reason)
    return [facts.CycleReopened(found.fact.reopening, cycle.epoch + 1, found.fact.calendar, reason)]


def _in_time(cycle: Cycle, phase: str) -> None:
    """Refuses more time where it makes nothing possible any more: results lie between, or are final."""
    ahead = PHASES.index(cycle.phase) < PHASES.index(phase)
    if cycle.published("final") or not (ahead or same_half(phase, cycle.phase)):
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
