"""The targets of a year gone through again: which were issued by one person, and whether he might."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain import facts, targets
from domain.cycle import Cycle
from domain.sheet import Sheet


@dataclass(slots=True)
class Issuing:
    """Takes every event of one cycle's stream, in order."""

    _year: Cycle = field(default_factory=lambda: Cycle(""))
    _agreed: facts.TargetIssued | None = None  # what two people have just agreed on: its issue is the next event

    def take(self, fact: facts.Fact, by: str, sheets: Iterable[Sheet]) -> bool | None:
        """Whether one person issued what takes two; None for what is no target, or was agreed on, or is of a draft.

        ``sheets``: those of the cycle as they stood before.
        """
        found = None
        if isinstance(fact, facts.TargetIssued) and fact != self._agreed and self._year.phase != "draft":
            own = (Sheet("", fact.unit, ""), *(each for each in sheets if each.unit == fact.unit))
            found = not all(targets.alone(self._year, each, fact.leaf) for each in own)
        self._agreed = None
        if isinstance(fact, facts.TargetChangeConfirmed) and fact.change in self._year.target_changes:
            self._agreed = targets.issued(self._year.target_changes[fact.change].fact)
        self._year = self._year.evolve(fact, by)
        return found
