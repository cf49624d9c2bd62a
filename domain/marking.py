"""Double marking: who sets it, and which leaves it draws. The draw is secret while it draws, and checkable after.

A leaf is drawn by SHA-256(seed ‖ cycle/unit/leaf): the same leaf always, however often it is judged again, so that
nobody escapes by judging once more. The record holds a commitment to the seed from the first day, and the seed
itself once it draws nothing any more (see the ADR "Double marking").
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from domain import facts, spelling
from domain.commitments import opens
from domain.cycle import Cycle, known
from domain.cycle_contents import Marking
from domain.duties import second_person
from domain.people import Person
from domain.phases import ALLOWED, outside
from domain.points import BadPoints, parse
from domain.refusals import Refused

SEED_CONTEXT = "marking.seed"
ALL = 100
_DRAWS = 1 << 256  # as many as SHA-256 has values


@dataclass(frozen=True, slots=True)
class Seal:
    """Under which rule a leaf was drawn, and the commitment to its first judgement."""

    marking: str
    limit: str
    commitment: str


def drawn(seed: str, cycle: str, unit: str, leaf: str, percent: int) -> bool:
    """Whether the leaf is one of the ``percent`` that are judged twice; more percent never let one go."""
    draw = hashlib.sha256(f"{seed}\x00{cycle}/{unit}/{leaf}".encode()).digest()
    return int.from_bytes(draw, "big") * ALL < percent * _DRAWS


def percent_of(fact: facts.MarkingSet, department: str) -> int:
    """The percentage that holds for a department's leaves."""
    return fact.departments.get(department, fact.percent)


def sealed(cycle: str, unit: str, leaf: str) -> str:
    """The context of the commitment to a first judgement: another leaf's seal never opens with it."""
    return f"judgement {cycle}/{unit}/{leaf}"


def content(points: str, reason: str) -> str:
    """What a first judgement's commitment commits to; points hold no line end, so no two judgements meet."""
    return f"{points}\n{reason}"


def propose(cycle: Cycle, wanted: facts.MarkingProposed, departments: Iterable[str]) -> list[facts.Fact]:
    """Proposes how many of the judged leaves are judged twice from here on, and the limit; 0 percent ends it."""
    known(cycle)
    spelling.reason(wanted.reason)
    _while_judging(cycle)
    if wanted.marking in cycle.markings:
        raise Refused("already-exists", wanted.marking, wanted.marking)
    for strange in sorted(wanted.departments.keys() - set(departments)):
        raise Refused("bad-scope", strange, strange, place=f"departments.{strange}")
    for place, percent in (("percent", wanted.percent), *wanted.departments.items()):
        if not 0 <= percent <= ALL:
            raise Refused("bad-percent", f"{place}：{percent}", f"{place}: {percent}", place=place)
    try:
        limit = parse(wanted.limit)
    except BadPoints as bad:
        raise Refused("bad-points", bad.zh, bad.en, place="limit") from None
    if limit < 0:
        raise Refused("bad-points", wanted.limit, wanted.limit, place="limit")
    return [wanted]


def confirm(cycle: Cycle, marking: str, person: Person, seed: str, reason: str) -> list[facts.Fact]:
    """Sets exactly what another person proposed; ``seed`` is the commitment to a secret that neither has seen."""
    found = _find(cycle, marking)
    if found.fact is not None:
        raise Refused("already-decided", marking, marking)
    _while_judging(cycle)
    second_person(person, found.by)
    spelling.reason(reason)
    asked = found.proposal
    return [facts.MarkingSet(marking, asked.percent, asked.departments, asked.limit, seed, reason)]


def reveal(cycle: Cycle, marking: str, seed: str, salt: str) -> list[facts.Fact]:
    """Makes a seed known that draws no more: another rule followed, or the judging is over."""
    found = _find(cycle, marking)
    if found.fact is None:
        raise Refused("not-approved", marking, marking)
    if found.revealed:
        raise Refused("already-decided", marking, marking)
    if cycle.marking is found and cycle.phase in ALLOWED["review"] | {"draft"}:
        raise Refused("wrong-phase", cycle.phase, cycle.phase)
    if not opens(found.fact.seed, salt, SEED_CONTEXT, seed):
        raise Refused("seal-broken", marking, marking)
    return [facts.MarkingRevealed(marking, seed, salt)]


def _find(cycle: Cycle, marking: str) -> Marking:
    if marking not in cycle.markings:
        raise Refused("unknown-marking", marking, marking)
    return cycle.markings[marking]


def _while_judging(cycle: Cycle) -> None:
    """Refuses to change the rule when nothing is judged any more."""
    if cycle.phase not in (judging := ALLOWED["review"] | {"draft"}):
        raise outside(cycle.phase, judging)
