"""What stands in a cycle: units, publications, objections, and what was proposed and decided about the year."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from domain import facts
from domain.rubric.texts import Text

Asked = TypeVar("Asked", facts.RubricChangeProposed, facts.TargetChangeProposed)


@dataclass(frozen=True, slots=True)
class Unit:
    """An enrolled unit; ``rubric`` is the hash that was in force when it was first enrolled."""

    id: str
    cohort: str
    name_zh: str
    name_en: str
    rubric: str = ""

    @property
    def name(self) -> Text:
        """What it is called."""
        return Text(self.name_zh, self.name_en)


@dataclass(frozen=True, slots=True)
class Publication:
    """Results that one person proposed and, once ``confirmed``, another published."""

    proposal: facts.ResultsProposed
    epoch: int
    proposed_by: str
    position: int
    confirmed: bool = False
    confirmed_by: str = ""


def resulted(
    publications: Mapping[int, Publication],
    fact: facts.ResultsProposed | facts.ResultsPublished | facts.CycleFinalised,
    epoch: int,
    by: str,
) -> Mapping[int, Publication]:
    """The publications after one was proposed or confirmed; confirming one that is not among them says nothing."""
    if isinstance(fact, facts.ResultsProposed):
        return {**publications, fact.publication: Publication(fact, epoch, by, fact.position)}
    if fact.publication not in publications:
        return publications
    after = replace(publications[fact.publication], confirmed=True, confirmed_by=by, position=fact.position)
    return {**publications, fact.publication: after}


@dataclass(frozen=True, slots=True)
class Objection:
    """What a unit objected to during the public notice, who wrote it, and, once somebody did, who answered what."""

    fact: facts.ObjectionFiled
    by: str
    answer: facts.ObjectionAnswered | None = None
    answered_by: str = ""


def objected(
    objections: Mapping[str, Objection], fact: facts.ObjectionFiled | facts.ObjectionAnswered, by: str
) -> Mapping[str, Objection]:
    """The objections after one was filed or answered; an answer to one that is not among them says nothing."""
    if isinstance(fact, facts.ObjectionFiled):
        return {**objections, fact.objection: Objection(fact, by)}
    if fact.objection not in objections:
        return objections
    return {**objections, fact.objection: replace(objections[fact.objection], answer=fact, answered_by=by)}


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one unit in one phase; it counts once a second person has granted it."""

    fact: facts.ExtensionProposed
    by: str
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Reopening:
    """A proposal to open final results again, and who made it."""

    fact: facts.ReopeningProposed
    by: str


@dataclass(frozen=True, slots=True)
class Marking:
    """A rule of double marking: proposed, set by a second person (``fact``), its seed revealed when it is over."""

    proposal: facts.MarkingProposed
    by: str
    fact: facts.MarkingSet | None = None
    revealed: str = ""


def marked(
    markings: Mapping[str, Marking],
    marking: Marking | None,
    fact: facts.MarkingProposed | facts.MarkingSet | facts.MarkingRevealed,
    by: str,
) -> tuple[Mapping[str, Marking], Marking | None]:
    """The rules, and the one in force, after one was proposed, set in place of that before, or its seed revealed."""
    if isinstance(fact, facts.MarkingProposed):
        return {**markings, fact.marking: Marking(fact, by)}, marking
    found = markings.get(fact.marking)
    if found is None:
        return markings, marking
    if isinstance(fact, facts.MarkingSet):
        after = replace(found, fact=fact)
        return {**markings, fact.marking: after}, after
    # A seed that everybody knows draws nothing.
    return {**markings, fact.marking: replace(found, revealed=fact.seed)}, None if marking is found else marking


@dataclass(frozen=True, slots=True)
class Change(Generic[Asked]):
    """A proposal to go on under another rubric or target; ``state``: "proposed" until a ``decider`` ends it.

    Then "adopted" (a rubric), "confirmed" (a target), "withdrawn" by who proposed it, or "declined" by another.
    """

    fact: Asked
    by: str
    state: str = "proposed"
    decider: str = ""
    reason: str = ""


Decision = facts.RubricAdopted | facts.RubricChangeWithdrawn | facts.TargetChangeConfirmed | facts.TargetChangeWithdrawn
_TAKEN: dict[type, str] = {facts.RubricAdopted: "adopted", facts.TargetChangeConfirmed: "confirmed"}


def decided(changes: Mapping[str, Change[Asked]], fact: Decision, by: str) -> Mapping[str, Change[Asked]]:
    """The changes after one of them was decided by a person; a decision on one that is not among them says nothing."""
    found = changes.get(fact.change)
    if found is None:
        return changes
    state = _TAKEN.get(type(fact)) or ("withdrawn" if by == found.by else "declined")
    return {**changes, fact.change: replace(found, state=state, decider=by, reason=fact.reason)}
