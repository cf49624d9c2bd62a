"""Objections to published results: filed by a unit during the public notice, answered before results are final."""

from dataclasses import replace
from datetime import datetime

from domain import facts, spelling
from domain.cycle import Cycle, known
from domain.cycle_contents import Objection
from domain.deadlines import allow
from domain.duties import second_person, unbiased
from domain.people import Person
from domain.phases import outside
from domain.referrals import REFERRED
from domain.refusals import Refused
from domain.results import find, open_to_units

OUTCOMES = ("upheld", "dismissed", REFERRED)
ANSWERED_IN = frozenset({"notice", "appeal"})


def file(cycle: Cycle, said: facts.ObjectionFiled, now: datetime) -> list[facts.Fact]:
    """A unit objects, during the public notice, to what is published about a unit."""
    allow(cycle, "object", now, said.unit)
    cycle.unit(said.unit)
    cycle.unit(said.about)
    spelling.reason(said.text, "text")
    if said.objection in cycle.objections:
        raise Refused("already-exists", said.objection, said.objection)
    found = find(cycle, said.publication)
    if not open_to_units(cycle, found):
        raise Refused("unknown-publication", str(said.publication), str(said.publication))
    # The notice under way lays open results of this epoch; to those of one that is over nobody could answer.
    if found.epoch != cycle.epoch:
        raise Refused("results-replaced", str(said.publication), str(said.publication), place="publication")
    return [said]


def answer(cycle: Cycle, said: facts.ObjectionAnswered, person: Person) -> list[facts.Fact]:
    """Answers an objection, by somebody who neither wrote it nor is in conflict with one of its two units.

    The answer moves no point. One that refers the objection names item, leaf and the appeal that goes there with it
    (``domain.acts.appeals.refer``). ``said`` needs not name the units.
    """
    known(cycle)
    found = _unanswered(cycle, said.objection)
    second_person(person, found.by)
    for unit in (found.fact.unit, found.fact.about):
        unbiased(person, unit)
    spelling.reason(said.reason)
    wanted = said.outcome == REFERRED
    if said.outcome not in OUTCOMES or any(bool(name) != wanted for name in (said.item, said.leaf, said.appeal)):
        raise Refused("bad-outcome", place="outcome")
    return [replace(said, unit=found.fact.unit, about=found.fact.about)]


def _unanswered(cycle: Cycle, objection: str) -> Objection:
    found = cycle.objections.get(objection)
    if found is None:
        raise Refused("unknown-objection", objection, objection)
    if found.answer:
        raise Refused("already-decided", found.answer.outcome, found.answer.outcome)
    # Those of an epoch that is over were of results that are: the answer would come after the fact.
    if cycle.phase not in ANSWERED_IN or cycle.published("final") or not cycle.disputed(found):
        raise outside(cycle.phase, ANSWERED_IN)
    return found
