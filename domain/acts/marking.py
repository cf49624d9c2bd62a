"""Double marking on a sheet: a blind second judgement by another reviewer, and moderation where the two differ.

Nobody judges a leaf twice: the second is not the first, the moderator neither; who filed for the unit is none of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain import facts, spelling
from domain.acts.case import Case, Decided
from domain.acts.review import points_of
from domain.commitments import opens
from domain.contents import Round
from domain.deadlines import allow
from domain.duties import conflicted, permit, second_person, unbiased
from domain.marking import content, sealed
from domain.people import Grant, Person
from domain.refusals import Refused


@dataclass(frozen=True, slots=True)
class First:
    """A first judgement as the vault keeps it, with the salt of its seal (hexadecimal)."""

    points: str
    reason: str
    salt: str


def give_second(case: Case, leaf: str, points: str, reason: str, first: First | None) -> Decided:
    """A second reviewer of the department judges a drawn leaf; the first judgement becomes known with his."""
    grant = case.by_department("review", leaf)
    found = _waiting(case, leaf, "sealed", "no-second-awaited")
    second_person(case.person, found.first)
    spelling.reason(reason)
    points_of(case, leaf, points, alone=found.alone)
    return Decided(grant, [facts.SecondJudgementGiven(leaf, points, reason), _opening(case, found, first)])


def waive_second(case: Case, leaf: str, reason: str, people: Iterable[Person], first: First | None) -> Decided:
    """Somebody outside the department lets the first judgement stand where it has no other reviewer for the unit.

    ``people`` is everybody there is. The signer is not of the department, not the first reviewer, in no conflict.
    """
    department, unit = case.leaf(leaf).department, case.sheet.unit
    grant = permit(case.person, "sign-waiver")
    allow(case.cycle, "review", case.now, unit)
    found = _waiting(case, leaf, "sealed", "no-second-awaited")
    spelling.reason(reason)
    second_person(case.person, found.first, *case.sheet.filers)
    if department in case.person.scopes("reviewer", "approver"):
        raise Refused("own-act")
    unbiased(case.person, unit)
    if any(_could_judge(case, each, department) for each in people if each.id != found.first):
        raise Refused("not-sole", department, department)
    return Decided(grant, [facts.SecondJudgementWaived(leaf, reason), _opening(case, found, first)])


def moderate(case: Case, leaf: str, points: str, reason: str) -> Decided:
    """An approver who gave neither judgement, and sees both, gives the points where they differ too much."""
    grant = case.by_department("approve", leaf)
    found = _waiting(case, leaf, "differing", "no-moderation-awaited")
    second_person(case.person, found.first, found.second)
    spelling.reason(reason)
    points_of(case, leaf, points, alone=found.alone)
    return Decided(grant, [facts.JudgementModerated(leaf, points, reason)])


def _waiting(case: Case, leaf: str, state: str, code: str) -> Round:
    found = case.sheet.rounds.get(leaf)
    if found is None or found.state != state:
        raise Refused(code, leaf, leaf, place="leaf")
    return found


def _opening(case: Case, found: Round, first: First | None) -> facts.JudgementOpened:
    """The first judgement as it was sealed; refuses one that the seal does not hold."""
    context = sealed(case.sheet.cycle, case.sheet.unit, found.leaf)
    if first is None or not opens(found.seal, first.salt, context, content(first.points, first.reason)):
        raise Refused("seal-broken", found.leaf, found.leaf)
    return facts.JudgementOpened(found.leaf, first.points, first.reason, first.salt)


def _could_judge(case: Case, person: Person, department: str) -> bool:
    unit = case.sheet.unit
    waived = (person.id, unit, department) in case.cycle.waivers and Grant("unit", unit) not in person.grants
    free = waived or not conflicted(person, unit)
    return Grant("reviewer", department) in person.grants and free and person.id not in case.sheet.filers
