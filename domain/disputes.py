"""Objections of a year and the appeals they led to, gone through again: who answered, filed and decided them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain import facts
from domain.cycle_contents import Objection, objected
from domain.duties import conflicted
from domain.people import Person
from domain.points import parse
from domain.referrals import filed_by, may_cost, party
from domain.sheet import Sheet

Found = tuple[str, bool]
"""The rule an act stands under, and whether it breaks it."""


@dataclass(slots=True)
class Disputes:
    """Takes the facts of one year and its sheets, in the order of positions."""

    _objections: Mapping[str, Objection] = field(default_factory=dict)

    def on_year(self, fact: facts.Fact, person: Person) -> Found | None:
        """Whether who answered wrote the objection or was in conflict with one of its units; None for another fact."""
        if not isinstance(fact, facts.ObjectionFiled | facts.ObjectionAnswered):
            return None
        known = self._objections.get(fact.objection)
        self._objections = objected(self._objections, fact, person.id)
        if isinstance(fact, facts.ObjectionFiled):
            return None
        wrote = known is not None and known.by == person.id
        return "objection", wrote or any(conflicted(person, unit) for unit in (fact.unit, fact.about))

    def on_sheet(self, stream: str, sheet: Sheet, fact: facts.Fact, person: Person) -> Found | None:
        """Whether an appeal was not filed by the answer it names, was decided by a party, or cost its own unit.

        ``sheet`` as it stood before; None for a fact that stands under no such rule.
        """
        if isinstance(fact, facts.AppealFiled) and fact.objection:
            return "referral", not filed_by(self._objections.get(fact.objection), stream, fact, person.id)
        if not isinstance(fact, facts.AppealDecided):
            return None
        led, costs = self._objections.get(sheet.appeals[fact.appeal].objection), parse(fact.delta) < 0
        if led is None and not costs:
            return None
        return "referral", (led is not None and party(led, person)) or (costs and not may_cost(led))
