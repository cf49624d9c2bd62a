"""Two times: when the record learnt of something, and when it was so; which events stand at a moment of both.

Knowledge is a position of the record. The effective time of an event is when what it says became true in the world.
"As we now know it was" at E: every event known by then holds from its effective time on, until an event that was
recorded later says otherwise (SQL:2011, application-time periods without an end). So events are taken in the order of
the record, and those left out whose time had not come; docs/time.md gives the reasons.
"""

from dataclasses import dataclass, field
from typing import Any

from domain import facts

# The ids by which a fact of a sheet makes something, or speaks of what another fact made.
SUBJECTS = ("submission", "evidence", "supersedes", "adjustment", "bonus", "appeal")
# Facts that only confirm, correct or take back what was filed or proposed: they hold from when that held.
INHERIT = (
    facts.FiguresVerified, facts.SubmissionWithdrawn, facts.EvidenceReviewed,
    facts.AdjustmentApproved, facts.AdjustmentDeclined,
    facts.BonusProposed, facts.BonusGranted, facts.BonusDeclined, facts.JointSplitProposed, facts.JointSplitDecided,
    facts.SecondJudgementGiven, facts.SecondJudgementWaived, facts.JudgementOpened, facts.JudgementModerated,
)  # fmt: skip
# The acts of a round of double marking speak of the first judgement of their leaf, which has no id of its own.
ROUND = (
    facts.JudgementSealed, facts.SecondJudgementGiven, facts.SecondJudgementWaived,
    facts.JudgementOpened, facts.JudgementModerated,
)  # fmt: skip
# What frames the year holds for all of it, from whenever it is known.
FRAME = (facts.CycleCreated, facts.PeriodBegun, facts.UnitEnrolled, facts.UnitWithdrawn)
ALWAYS = ""  # before every moment


@dataclass(frozen=True, slots=True)
class Moment:
    """What was known at ``position``, of how it was at ``effective`` (RFC 3339 UTC; None: at the end of it all)."""

    position: int
    effective: str | None = None

    def sees(self, position: int, holds: str) -> bool:
        """Whether an event of that position, holding from then on, stands at this moment."""
        return position <= self.position and (self.effective is None or holds <= self.effective)

    def meet(self, other: "Moment") -> "Moment":
        """The moment that sees exactly what both see."""
        given = [each.effective for each in (self, other) if each.effective is not None]
        return Moment(min(self.position, other.position), min(given, default=None))


@dataclass(slots=True)
class Effects:
    """When each event of one stream holds from; takes them in order.

    ``given``: by id, the effective time that somebody gave it. ``holds``: by id, when it holds from at the earliest.
    ``anew``: by leaf, since when it is read as it is now, where a rubric adopted in the year made it so.
    """

    given: dict[str, str] = field(default_factory=dict)
    holds: dict[str, str] = field(default_factory=dict)
    anew: dict[str, str] = field(default_factory=dict)

    def take(self, fact: Any, recorded: str, effective: str | None) -> str:
        """The moment ``fact`` holds from: its own, else the one it inherits, else when it was recorded.

        Never before what it speaks of: so whatever stands at a moment stands with all it rests on.
        """
        if isinstance(fact, FRAME):
            return ALWAYS
        ids = subjects(fact)
        if isinstance(fact, facts.JudgementSealed):  # another round, which owes nothing to the one before
            self._forget(ids)
        given = effective or (self._inherited(ids) if isinstance(fact, INHERIT) else "")
        found = max((given or recorded, *(self.holds[each] for each in ids if each in self.holds)))
        if isinstance(fact, facts.RubricApplied):
            self.anew.update(dict.fromkeys(fact.anew, found))
        elif self.anew:
            found = max((found, *(self.anew[leaf] for leaf in leaves(fact) if leaf in self.anew)))
        if not isinstance(fact, facts.FiguresVerified):  # it is about one leaf; the submission stays as it was
            for each in ids:
                self.holds[each] = found
                if given:
                    self.given[each] = given
        return found

    def _forget(self, ids: tuple[str, ...]) -> None:
        for each in ids:
            self.holds.pop(each, None)
            self.given.pop(each, None)

    def _inherited(self, ids: tuple[str, ...]) -> str:
        return next((self.given[each] for each in ids if each in self.given), "")


def subjects(fact: Any) -> tuple[str, ...]:
    """The ids of what a fact makes or speaks of."""
    if isinstance(fact, ROUND):
        return (f"round {fact.leaf}",)
    return tuple(found for name in SUBJECTS if isinstance(found := getattr(fact, name, ""), str) and found)


def leaves(fact: Any) -> tuple[str, ...]:
    """The leaves a fact is about."""
    return tuple(fact.figures) if isinstance(fact, facts.FiguresSubmitted) else (getattr(fact, "leaf", ""),)
