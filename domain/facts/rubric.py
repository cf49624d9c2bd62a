"""A rubric, drafted, interpreted, published, or its draft withdrawn; ``rubric/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RubricDrafted:
    """A rubric is laid before a second person; ``hash`` is the identity of its canonical text."""

    hash: str
    title: str


@dataclass(frozen=True, slots=True)
class RubricPublished:
    """A second person publishes the drafted rubric; cycles may use it from here."""

    hash: str


@dataclass(frozen=True, slots=True)
class RubricDraftWithdrawn:
    """What waited for a second person, a draft or an answer, waits no longer: taken back, or declined by another."""

    hash: str
    reason: str


@dataclass(frozen=True, slots=True)
class InterpretationDecided:
    """An open question is answered: ``hash`` is what becomes of the rubric ``before``, a draft for a second person.

    ``simulation`` showed what it moves; empty where no score can follow from the figures.
    """

    question: str
    option: str
    before: str
    hash: str
    simulation: str
    reason: str
