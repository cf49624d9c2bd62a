"""The phases of a year, their order, their last moments, and what may happen in each."""

from collections.abc import Container, Mapping
from itertools import pairwise

from domain import spelling
from domain.refusals import Refused

PHASES = ("draft", "open", "closed", "review", "provisional", "notice", "appeal", "final", "archived")
# The phases that must end at a time; a draft ends when the year opens, and a final result stays.
TIMED = PHASES[1:7]

ENROLLING = frozenset({"draft", "open"})  # in which units come, and leave again
# In which phases each sort of act on a sheet may happen.
ALLOWED = {
    "file": frozenset({"open"}),
    "correct": frozenset({"open", "closed", "review"}),  # a unit answers what was returned to it
    "review": frozenset({"open", "closed", "review"}),
    "approve": frozenset({"open", "closed", "review", "provisional", "appeal"}),
    "object": frozenset({"notice"}),
    "appeal": frozenset({"notice", "appeal"}),
    "decide-appeal": frozenset({"appeal"}),
}
# The stage whose results must be published before a phase begins.
PUBLISHED_BEFORE = {"provisional": "provisional", "final": "final"}


def outside(phase: str, allowed: Container[str]) -> Refused:
    """The refusal of an act outside its phases, which it names; or, where results are final, of one inside them."""
    there = ", ".join(each for each in PHASES if each in allowed)
    if phase in allowed:
        return Refused("wrong-phase", phase, phase)
    return Refused("wrong-phase", f"{phase}；可在：{there}", f"{phase}; possible in: {there}")


def same_half(begun: str, phase: str) -> bool:
    """Whether ``phase`` is ``begun`` or follows it with no publication of results between."""
    first, now, results = PHASES.index(begun), PHASES.index(phase), PHASES.index("provisional")
    return first <= now and not first < results <= now


def in_turn(calendar: Mapping[str, str]) -> dict[str, str]:
    """The calendar's phases in the order of the year; the record keeps them by their letters."""
    return {phase: calendar[phase] for phase in PHASES if phase in calendar}


def in_order(calendar: Mapping[str, str]) -> dict[str, str]:
    """The calendar in the order of the year, every moment in UTC; refuses strange phases and moments that fall."""
    for phase in calendar:
        if phase not in PHASES:
            raise Refused("bad-calendar", phase, phase, place=f"calendar.{phase}")
    moments = {phase: spelling.moment(calendar[phase], f"calendar.{phase}") for phase in PHASES if phase in calendar}
    for before, after in pairwise(moments):
        if moments[after] < moments[before]:
            zh, en = f"{after} 不得早于 {before}", f"{after} must not be before {before}"
            raise Refused("bad-calendar", zh, en, place=f"calendar.{after}")
    return {phase: spelling.written(moment) for phase, moment in moments.items()}
