"""A joint claim as its key's stream tells it: held until every partner agreed, or until a split was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain import facts


@dataclass(frozen=True, slots=True)
class Joint:
    """A key several units brought forward together. ``shares`` are those in force, points as text by unit.

    ``effective``: since when it is so, as whoever claimed said ("" where he did not); for every partner the same.
    """

    claim: facts.JointClaimed
    shares: Mapping[str, str]
    agreed: frozenset[str]
    disputed: Mapping[str, str] = field(default_factory=dict)
    proposal: facts.JointSplitProposed | None = None
    decided: bool = False
    effective: str = ""

    @classmethod
    def of(cls, claim: facts.JointClaimed, effective: str = "") -> "Joint":
        """As it begins: who claims has agreed, the others have not."""
        return cls(claim, claim.shares, frozenset({claim.unit}), effective=effective)

    @property
    def bonus(self) -> str:
        """The bonus's id, the same on every partner's sheet."""
        return self.claim.bonus

    @property
    def ready(self) -> bool:
        """Whether a reviewer may propose it: all agreed, or a split was decided."""
        return self.decided or self.agreed >= self.claim.shares.keys()

    @property
    def state(self) -> str:
        """Whether it is "decided", "agreed", "disputed", or just "held"."""
        if self.decided:
            return "decided"
        if self.ready:
            return "agreed"
        return "disputed" if self.disputed else "held"

    def evolve(self, fact: facts.Fact) -> "Joint":
        """This claim after ``fact``; facts of another bonus change nothing."""
        match fact:
            case facts.JointClaimAgreed(bonus=self.bonus):
                left = {unit: said for unit, said in self.disputed.items() if unit != fact.unit}
                return replace(self, agreed=self.agreed | {fact.unit}, disputed=left)
            case facts.JointClaimDisputed(bonus=self.bonus):
                return replace(self, disputed={**self.disputed, fact.unit: fact.statement})
            case facts.JointSplitProposed(bonus=self.bonus):
                return replace(self, proposal=fact)
            case facts.JointSplitDecided(bonus=self.bonus):
                return replace(self, shares=fact.shares, decided=True)
        return self
