"""Looking back at what was done for one unit beside judging it: by somebody in conflict with it, or without ground.

Independent of ``domain.waivers`` and of the acts themselves, which asked the same at their time.
"""

from collections.abc import Iterable

from domain import facts
from domain.duties import conflicted
from domain.people import Grant, Person

_FOR_A_UNIT = (facts.ExtensionProposed, facts.ExtensionGranted, facts.TargetIssued, facts.TargetChangeProposed)


def about(fact: facts.Fact) -> str:
    """The unit that somebody did something for in a cycle's stream; "" for what concerns everybody."""
    return fact.unit if isinstance(fact, _FOR_A_UNIT) else ""


def groundless(waiver: facts.WaiverSigned, signer: Person, people: Iterable[Person]) -> bool:
    """Whether a waiver was signed by its reviewer, in his department, in a conflict, or beside another reviewer."""
    inside = waiver.department in signer.scopes("reviewer", "approver")
    return signer.id == waiver.person or inside or conflicted(signer, waiver.unit) or others(waiver, people)


def others(waiver: facts.WaiverSigned, people: Iterable[Person]) -> bool:
    """Whether somebody else could review the unit for the department, so that a waiver has no ground, or none now."""
    return any(
        each.id != waiver.person
        and Grant("reviewer", waiver.department) in each.grants
        and not conflicted(each, waiver.unit)
        for each in people
    )
