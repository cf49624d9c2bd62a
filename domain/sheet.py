"""One unit's sheet for one item; folded from ``sheet/{cycle}/{unit}/{item}``.

``evolve`` changes the sheet it is given (a fold owns its sheet; copying made a replay twice as slow) and looks at
nothing else: no clock, no chance, no file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from domain import facts
from domain.contents import Adjustment, Appeal, Bonus, Evidence, Round, Submission
from domain.facts import Figures
from domain.steps import filing, issued, joint, marking, points, review

__all__ = ["Adjustment", "Appeal", "Bonus", "Evidence", "Round", "Sheet", "Submission"]


@dataclass(slots=True)
class Sheet:
    """The sheet as of now. ``verified`` holds figures, or {"points": …} for a judged leaf.

    ``seen`` is the submission that stood when a leaf was last reviewed ("" for none): another one since is unreviewed.
    ``targets`` are those issued, by task leaf; ``rounds`` the last of double marking, by leaf; ``rubric`` is the hash
    of the one applied last, "" for none since the unit was enrolled. ``filers`` acted for the unit, ``actors`` are
    everybody who ever acted here; ``handlers`` are those who did more than decide an appeal.
    """

    cycle: str
    unit: str
    item: str
    submissions: dict[str, Submission] = field(default_factory=dict)
    claimed: dict[str, tuple[str, Figures]] = field(default_factory=dict)
    verified: dict[str, Figures] = field(default_factory=dict)
    reviewed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    filers: set[str] = field(default_factory=set)
    actors: set[str] = field(default_factory=set)
    handlers: set[str] = field(default_factory=set)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    adjustments: dict[str, Adjustment] = field(default_factory=dict)
    bonuses: dict[str, Bonus] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)
    rubric: str = ""
    sources: dict[str, list[str]] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)

    @classmethod
    def of(cls, stream: str) -> "Sheet":
        """The empty sheet of a stream name."""
        _, cycle, unit, item = stream.split("/")
        return cls(cycle, unit, item)

    def evolve(self, fact: Any, by: str, event: str = "") -> frozenset[str]:
        """Takes in ``fact`` of person ``by``; answers the leaves it concerns.

        ``event`` is kept as their source; a replay, which has no use for sources, gives none.
        """
        leaves = _STEPS[type(fact)](self, fact, by)
        if type(fact) in _APART:
            return leaves
        self.actors.add(by)
        if type(fact) is not facts.AppealDecided:
            self.handlers.add(by)
        if event:
            for leaf in leaves:
                self.sources.setdefault(leaf, []).append(event)
        return leaves

    def approved(self, leaf: str) -> int:
        """The sum of approved adjustments of a leaf, in hundredths."""
        return sum(each.delta for each in self.adjustments.values() if each.leaf == leaf and each.state == "approved")

    def people(self) -> frozenset[str]:
        """Everybody who ever acted here, for the unit or for a department."""
        return frozenset(self.actors) - {""}

    def unseen(self, leaf: str) -> bool:
        """Whether figures stand for the leaf that no reviewer has seen."""
        filed = self.claimed.get(leaf)
        return filed is not None and filed[0] != self.seen.get(leaf)

    def unsettled(self, leaf: str) -> Round | None:
        """The round of double marking that the leaf is in, if it is in one."""
        found = self.rounds.get(leaf)
        return found if found is not None and found.open else None


# Acts on the whole cycle make nobody partial to this sheet.
_APART = frozenset({facts.RubricApplied, facts.WithdrawalApplied})
_STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    **filing.STEPS,
    **review.STEPS,
    **marking.STEPS,
    **points.STEPS,
    **joint.STEPS,
    **issued.STEPS,
}
