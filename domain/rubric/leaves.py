"""One leaf of the sheet, and its face for each cohort: what is scored, and by which rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.rubric.rules import Award, Bonus, Rule, Tally
from domain.rubric.texts import Text


@dataclass(frozen=True, slots=True)
class Face:
    """A leaf as one cohort meets it; ``points`` is 0 for a bonus."""

    title: Text
    points: int
    rule: Rule

    @property
    def bonus(self) -> bool:
        """Whether the rule adds to the hundred instead of filling it."""
        return isinstance(self.rule, Bonus)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition inside an item: the unit of scoring, review and responsibility.

    ``register``: the register of keys that it shares with other leaves; None for a register of its own.
    """

    id: str
    department: str
    faces: Mapping[str, Face]
    terms: tuple[str, ...]
    register: str | None = None

    @property
    def bonus(self) -> bool:
        """Whether the leaf is a bonus (in every cohort alike)."""
        return any(face.bonus for face in self.faces.values())

    @property
    def keyed(self) -> bool:
        """Whether its bonuses stand under register numbers or experience keys."""
        return any(isinstance(face.rule, Tally | Award) for face in self.faces.values())

    @property
    def key_register(self) -> str:
        """The register in which its keys count once: the one it shares, else its own, which has its name."""
        return self.register or self.id
