"""Another published rubric for a cycle under way, proposed with all it moves and adopted; ``cycle/{id}``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RubricChangeProposed:
    """An administrator proposes that the cycle goes on under another published rubric.

    ``difference`` is the digest of the document that lists everything that would move, as of ``position``; ``units``
    says how many units it moves, ``ranks`` how many of them to another place.
    """

    change: str
    before: str
    hash: str
    difference: str
    units: int
    ranks: int
    engine: str
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class RubricAdopted:
    """A second administrator confirms exactly the difference that was shown; the cycle stands under ``hash``."""

    change: str
    before: str
    hash: str
    difference: str
    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class RubricChangeWithdrawn:
    """A proposal is taken back by who made it, or declined by another administrator."""

    change: str
    reason: str
