"""The sole reviewer's deadlock: a conflict waived for one unit, on the record, by somebody outside the department."""

from collections.abc import Iterable

from domain import facts, spelling
from domain.cycle import Cycle, known
from domain.duties import conflicted, second_person, unbiased
from domain.people import Grant, Person
from domain.refusals import Refused


def sign(cycle: Cycle, waiver: facts.WaiverSigned, signer: Person, people: Iterable[Person]) -> list[facts.Fact]:
    """Lets the only reviewer of a department act on a unit in spite of his declared conflict.

    ``people`` is everybody there is. Who acts for the unit himself is never let; the signer is neither the reviewer
    nor of his department nor in conflict with the unit.
    """
    known(cycle)
    cycle.unit(waiver.unit)
    spelling.reason(waiver.reason)
    second_person(signer, waiver.person)
    if waiver.department in signer.scopes("reviewer", "approver"):
        raise Refused("own-act")
    unbiased(signer, waiver.unit)
    if (waiver.person, waiver.unit, waiver.department) in cycle.waivers:
        raise Refused("already-exists", waiver.person, waiver.person)
    everybody = list(people)
    reviewer = Grant("reviewer", waiver.department)
    found = next((each for each in everybody if each.id == waiver.person and reviewer in each.grants), None)
    if found is None or waiver.unit not in found.conflicts or Grant("unit", waiver.unit) in found.grants:
        raise Refused("nothing-to-waive", waiver.person, waiver.person, place="person")
    if not sole(waiver.person, waiver.unit, waiver.department, everybody):
        raise Refused("not-sole", waiver.department, waiver.department)
    return [waiver]


def sole(person: str, unit: str, department: str, people: Iterable[Person]) -> bool:
    """Whether nobody but ``person`` could review the unit for the department: the ground of a waiver, while it holds.

    Asked at every act under a waiver, for its ground may go: then the one without a conflict reviews.
    """
    reviewer = Grant("reviewer", department)
    return not any(each.id != person and reviewer in each.grants and not conflicted(each, unit) for each in people)
