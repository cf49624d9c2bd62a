"""Double marking: how it is set for a cycle (``cycle/{id}``), and each round of it on a sheet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MarkingProposed:
    """An administrator proposes to have so many percent of the judged leaves judged twice.

    ``departments`` names those with a percentage of their own; a difference above ``limit`` goes to moderation.
    """

    marking: str
    percent: int
    departments: dict[str, int]
    limit: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkingSet:
    """A second administrator sets it; ``seed`` is the commitment to the secret that draws the leaves from here."""

    marking: str
    percent: int
    departments: dict[str, int]
    limit: str
    seed: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkingRevealed:
    """The secret seed and its salt (hexadecimal), once it draws nothing any more: everybody may check the draw."""

    marking: str
    seed: str
    salt: str


@dataclass(frozen=True, slots=True)
class JudgementSealed:
    """The first judgement of a drawn leaf: only the commitment to it, until a second person has judged.

    ``alone`` as in LeafJudged.
    """

    leaf: str
    marking: str
    limit: str
    seal: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class SecondJudgementGiven:
    """Points another reviewer gives without having seen the first ones."""

    leaf: str
    points: str
    reason: str


@dataclass(frozen=True, slots=True)
class SecondJudgementWaived:
    """Somebody outside the department lets the first judgement stand: the department has nobody for a second."""

    leaf: str
    reason: str


@dataclass(frozen=True, slots=True)
class JudgementOpened:
    """The first judgement and the salt of its seal (hexadecimal), in the commit of what allows it to be seen."""

    leaf: str
    points: str
    reason: str
    salt: str


@dataclass(frozen=True, slots=True)
class JudgementModerated:
    """Points a third person, who sees both judgements, gives where they lie further apart than the limit."""

    leaf: str
    points: str
    reason: str
