"""Published results and objections to them; ``cycle/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResultsProposed:
    """An administrator lays the results before a second one: the table of that digest, as it stood at a position.

    ``rubric`` is its hash, ``interpretations`` the answer in force to each of its questions, ``engine`` what computed.
    """

    publication: int
    stage: str
    digest: str
    rubric: str
    interpretations: dict[str, str]
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ResultsPublished:
    """A second administrator publishes the provisional results exactly as proposed; members as in the proposal."""

    publication: int
    digest: str
    rubric: str
    interpretations: dict[str, str]
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class CycleFinalised:
    """A second administrator publishes the final results exactly as proposed; members as in the proposal."""

    publication: int
    digest: str
    rubric: str
    interpretations: dict[str, str]
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class ObjectionFiled:
    """During the public notice a unit objects to what was published about a unit, its own or another."""

    objection: str
    publication: int
    unit: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class ObjectionAnswered:
    """Somebody else answers an objection of ``unit`` about a unit: upheld, dismissed, or referred; it moves no point.

    A referred one names item and leaf, and the appeal that the same commit files there; else these are empty.
    """

    objection: str
    unit: str
    about: str
    outcome: str
    reason: str
    item: str = ""
    leaf: str = ""
    appeal: str = ""
