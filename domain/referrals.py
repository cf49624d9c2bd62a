"""Objections that lead to appeals: filed by who answers, decided by nobody who has to do with the objection.

One set of rules for the acts, the report on duties and the offline verifier.
"""

from domain import facts
from domain.cycle_contents import Objection
from domain.duties import conflicted
from domain.people import Person

REFERRED = "referred"


def appeal_of(cycle: str, objection: Objection) -> tuple[str, facts.AppealFiled] | None:
    """The sheet and the appeal that the answer of an objection files there; None where it refers nothing."""
    said = objection.answer
    if said is None or said.outcome != REFERRED:
        return None
    stream = f"sheet/{cycle}/{said.about}/{said.item}"
    return stream, facts.AppealFiled(said.appeal, said.leaf, objection.fact.text, [], said.objection)


def filed_by(objection: Objection | None, stream: str, fact: facts.AppealFiled, by: str) -> bool:
    """Whether an appeal on a sheet is the one that the answer of its objection names, filed by who gave that."""
    if objection is None:
        return False
    return by == objection.answered_by and (stream, fact) == appeal_of(stream.split("/")[1], objection)


def party(objection: Objection, person: Person) -> bool:
    """Whether a person wrote or answered an objection, or is in conflict with one of its two units."""
    said = objection.fact
    return person.id in {objection.by, objection.answered_by} or any(
        conflicted(person, unit) for unit in (said.unit, said.about)
    )


def may_cost(objection: Objection | None) -> bool:
    """Whether a decision may take points: another unit objected. What a unit asks for itself never costs it any."""
    return objection is not None and objection.fact.unit != objection.fact.about
