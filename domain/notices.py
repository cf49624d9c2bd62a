"""Who is told what: by ``domain.told``, from events to the acts that concern them; whoever may do the act is told.

So the right to be told is the right to act or to look, asked of ``domain.duties`` when the event is read, and asked
again when the notice is delivered. Nobody is told of what he did himself, but asked whether an address is his.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain import duties, facts
from domain.cycle import Cycle
from domain.people import Person
from domain.told.row import EVERYBODY, ONESELF, Earlier, Past, Row
from domain.told.table import rows_of
from domain.told.work import ADDRESS

# Who began something is told what another decided, as long as he may look at it: by the stream's sort.
_LOOK = {
    "sheet": "see-sheet",
    "claim": "see-register",
    "cycle": "administer",
    "rubric": "administer",
    "recomputation": "recompute",
    "erasure": "see-erasures",
    "person": "administer",
}
_TO_PARTNERS = (facts.JointClaimed, facts.JointClaimAgreed, facts.JointClaimDisputed)


@dataclass(frozen=True, slots=True)
class Place:
    """What an event is about: units and departments; none where it is about neither."""

    units: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """A person is told, because he may do ``act`` on a unit's leaf of one of the departments."""

    person: str
    kind: str
    act: str
    unit: str = ""
    departments: frozenset[str] = field(default_factory=frozenset)


def place(stream: str, fact: facts.Fact, cycles: Mapping[str, Cycle], departments: Mapping[str, str]) -> Place:
    """What an event of ``stream`` is about; ``departments`` answer for the leaves of the cycle's rubric."""
    kind, _, rest = stream.partition("/")
    named = frozenset(departments[leaf] for leaf in _leaves(fact) if leaf in departments)
    match kind:
        case "sheet":
            own = frozenset(rest.split("/")[1:2])
            return Place(frozenset(fact.shares) - own if isinstance(fact, _TO_PARTNERS) else own, named)
        case "claim":
            return Place(frozenset(), named)
        case "cycle":
            unit = getattr(fact, "unit", "")
            units = frozenset({unit, getattr(fact, "about", unit)} if unit else cycles.get(rest, Cycle(rest)).units)
            return Place(units, frozenset(departments.values()))
    return Place()


def looks_back(stream: str, fact: facts.Fact) -> bool:
    """Whether what stands before the event on its stream says who is told of it."""
    return any(row.looks_back for row in rows_of(stream, fact))


def told(
    fact: facts.Fact, stream: str, by: str, where: Place, people: Iterable[Person], earlier: Earlier = ()
) -> Iterator[Told]:
    """Who is told of ``fact`` that the person ``by`` caused on ``stream``; each person once.

    ``earlier``: the facts and actors before it on its stream, where ``looks_back`` asks for them.
    """
    rows = [row for row in rows_of(stream, fact) if row.when(fact)]
    holding = [(row, past) for row in rows if (past := row.past(fact, earlier)) is not None]
    for person in people if holding else ():
        for row, past in holding:
            found = _told(row, past, stream, fact, by, where, person)
            if found is not None:
                yield found
                break


def concerns(act: str, unit: str, departments: frozenset[str], person: Person) -> bool:
    """Whether the person may still be told: he holds what he was told for."""
    if act == EVERYBODY:
        return bool(person.grants)
    if act == ONESELF:
        return person.registered
    return duties.may(person, act, unit=unit, departments=departments)


def _told(row: Row, past: Past, stream: str, fact: facts.Fact, by: str, where: Place, person: Person) -> Told | None:
    only = stream.partition("/")[2] if row.own else row.person(fact) if row.person else ""
    # Whoever sets his own address is asked whether it is his; of nothing else is anybody told that he did himself.
    if only not in {"", person.id} or person.id in past.barred or (person.id == by and row.kind != ADDRESS):
        return None
    return _concerned(row, where, person) or _beginner(stream, where, person, past.began)


def _concerned(row: Row, where: Place, person: Person) -> Told | None:
    for act in row.tell:
        for unit in sorted(where.units) or [""]:
            if concerns(act, unit, where.departments, person):
                return Told(person.id, row.kind, act, unit, where.departments)
    return None


def _beginner(stream: str, where: Place, person: Person, began: frozenset[str]) -> Told | None:
    act, unit = _LOOK.get(stream.partition("/")[0]), min(where.units, default="")
    if act is None or person.id not in began or not concerns(act, unit, where.departments, person):
        return None
    return Told(person.id, "decided", act, unit, where.departments)


def _leaves(fact: Any) -> Iterable[str]:
    return fact.figures if isinstance(fact, facts.FiguresSubmitted) else [getattr(fact, "leaf", "")]
