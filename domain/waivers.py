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
    reviewers = {each.id: each for each in people if Grant("reviewer", waiver.department) in each.grants}
    found = reviewers.pop(waiver.person, None)
    if found is None or waiver.unit not in found.conflicts or Grant("unit", waiver.unit) in found.grants:
        raise Refused("nothing-to-waive", waiver.person, waiver.person, place="person")
    if any(not conflicted(other, waiver.unit) for other in reviewers.values()):
        raise Refused("not-sole", waiver.department, waiver.department)
    return [waiver]
