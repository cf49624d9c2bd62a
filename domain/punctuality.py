"""Deadlines applied equally: which held for each unit, who was refused as late, who acted beyond the calendar."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain import facts
from domain.acts.filing import answers_a_return
from domain.cycle import Cycle
from domain.deadlines import allow
from domain.lateness import Ended, Late, Moved, OfUnit, sortable
from domain.notice import standing
from domain.phases import TIMED
from domain.refusals import Refused
from domain.sheet import Sheet

# What a fact on a sheet is to the calendar; what a unit files may answer a return, which it may for longer.
ACTS: dict[type, str] = {
    facts.FiguresSubmitted: "file", facts.EvidenceAttached: "file", facts.EvidenceWithdrawn: "file",
    facts.SubmissionWithdrawn: "file", facts.BonusClaimed: "file",
    facts.JointClaimed: "file", facts.JointClaimAgreed: "file", facts.JointClaimDisputed: "file",
    facts.JointSplitProposed: "review", facts.JointSplitDecided: "approve",
    facts.EvidenceReviewed: "review", facts.FiguresVerified: "review", facts.LeafJudged: "review",
    facts.NotApplicableConfirmed: "review", facts.AdjustmentProposed: "review", facts.BonusProposed: "review",
    facts.JudgementSealed: "review", facts.SecondJudgementGiven: "review", facts.SecondJudgementWaived: "review",
    facts.AdjustmentApproved: "approve", facts.AdjustmentDeclined: "approve", facts.AdjustmentRevoked: "approve",
    facts.BonusGranted: "approve", facts.BonusDeclined: "approve", facts.BonusRevoked: "approve",
    facts.JudgementModerated: "approve", facts.AppealFiled: "appeal", facts.AppealDecided: "decide-appeal",
}  # fmt: skip
LATE = frozenset({"too-late", "wrong-phase"})


@dataclass(slots=True)
class Punctuality:
    """Takes every event of the record in the order of positions; ``state`` is the cycle, ``units`` what they did."""

    state: Cycle
    moved: list[Moved] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    units: dict[str, OfUnit] = field(default_factory=dict)
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    def take(self, position: int, stream: str, actor: str, time: str, fact: Any) -> None:
        """Takes the next event in; ``time`` is when it was recorded (RFC 3339 UTC)."""
        if stream == f"cycle/{self.state.id}":
            if isinstance(fact, facts.PhaseAdvanced | facts.CycleReopened):
                self._ended(position, actor, time, fact)
            self.state = self.state.evolve(fact, actor)
            if isinstance(fact, facts.DeadlineMoved):
                self.moved.append(Moved(position, time, actor, fact))
        elif unit := self._unit(stream):
            sheet = self._sheets.setdefault(stream, Sheet.of(stream))
            if type(fact) in ACTS and not _referred(fact) and self._beyond(_act(sheet, fact), time):
                self._of(unit).extended.append(Late(position, time, actor, type(fact).__name__))
            sheet.evolve(fact, actor)
        elif isinstance(fact, facts.ActRefused) and self._late(fact.code) and (unit := self._unit(fact.stream)):
            self._of(unit).refused.append(Late(position, time, actor, fact.act, fact.code))

    def _ended(self, position: int, actor: str, time: str, fact: facts.PhaseAdvanced | facts.CycleReopened) -> None:
        phase, after = self.state.phase, fact.after if isinstance(fact, facts.PhaseAdvanced) else "review"
        last = self.state.calendar.get(phase, "")
        laid_open = standing(self.state) if after == "notice" else None
        self.ended.append(Ended(position, time, actor, phase, after, last, fact.reason, laid_open))

    def _late(self, code: str) -> bool:
        """Whether the refusal says that the time was over; in a draft it has not begun."""
        return code in LATE and self.state.phase != "draft"

    def deadlines(self, unit: str) -> dict[str, str]:
        """The last moment of each phase as it holds for one unit."""
        own = {
            each.fact.phase: each.fact.moment
            for each in self.state.extensions.values()
            if each.granted and each.fact.unit == unit
        }
        held = {phase: self.state.calendar[phase] for phase in TIMED if phase in self.state.calendar}
        return {phase: max(moment, own.get(phase, ""), key=sortable) for phase, moment in held.items()}

    def _unit(self, stream: str) -> str:
        kind, _, place = stream.partition("/")
        parts = place.split("/")
        return parts[1] if kind == "sheet" and parts[0] == self.state.id and len(parts) > 1 else ""

    def _of(self, unit: str) -> OfUnit:
        return self.units.setdefault(unit, OfUnit())

    def _beyond(self, act: str, time: str) -> bool:
        """Whether the calendar alone would have refused the act."""
        try:
            allow(replace(self.state, extensions={}), act, datetime.fromisoformat(time))
        except Refused:
            return True
        return False


def _act(sheet: Sheet, fact: Any) -> str:
    """What the fact is to the calendar, on its sheet as it stood before."""
    match fact:
        case facts.FiguresSubmitted():
            leaves = list(fact.figures)
        case facts.EvidenceAttached():
            leaves = [fact.leaf]
        case facts.EvidenceWithdrawn() if fact.evidence in sheet.evidence:
            leaves = [sheet.evidence[fact.evidence].leaf]
        case _:
            return ACTS[type(fact)]
    return "correct" if leaves and all(answers_a_return(sheet, leaf) for leaf in leaves) else "file"


def _referred(fact: Any) -> bool:
    """Whether it is no act of the unit, but follows from the answer of an objection, which has no deadline."""
    return isinstance(fact, facts.AppealFiled) and bool(fact.objection)
