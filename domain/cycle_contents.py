"""What stands in a cycle: units, publications, objections, and what was proposed and decided about the year."""

from dataclasses import dataclass

from domain import facts


@dataclass(frozen=True, slots=True)
class Unit:
    """An enrolled unit; ``rubric`` is the hash that was in force when it was first enrolled."""

    id: str
    cohort: str
    name_zh: str
    name_en: str
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """Results that one person proposed and, once ``confirmed``, another published."""

    proposal: facts.ResultsProposed
    epoch: int
    proposed_by: str
    position: int
    confirmed: bool = False
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """What a unit objected to during the public notice, and who wrote it."""

    fact: facts.ObjectionFiled
    by: str


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


@dataclass(frozen=True, slots=True)
class RubricChange:
    """A proposal to go on under another rubric; ``decider`` makes it "adopted", "withdrawn" or "declined"."""

    fact: facts.RubricChangeProposed
    by: str
    state: str = "proposed"
    decider: str = ""
    reason: str = ""
