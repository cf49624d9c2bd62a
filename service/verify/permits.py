"""Which act each fact of a sheet is, and whether the role it was done under permits it there (`domain.duties`)."""

from collections.abc import Callable
from typing import Any, TypeAlias

from domain import duties, facts
from domain.people import Grant, Person
from domain.sheet import Sheet
from service.verify.entries import Entry

DepartmentOf: TypeAlias = Callable[[str, str], str | None]
"""(cycle, leaf) to the department that answers for it; None where no rubric is known."""

FILED = (
    facts.FiguresSubmitted, facts.SubmissionWithdrawn, facts.EvidenceAttached, facts.EvidenceWithdrawn,
    facts.BonusClaimed, facts.JointClaimed, facts.JointClaimAgreed, facts.JointClaimDisputed, facts.AppealFiled,
)  # fmt: skip
REVIEWED = (
    facts.EvidenceReviewed, facts.FiguresVerified, facts.LeafJudged, facts.NotApplicableConfirmed,
    facts.AdjustmentProposed, facts.BonusProposed, facts.JudgementSealed, facts.SecondJudgementGiven,
    facts.JointSplitProposed,
)  # fmt: skip
APPROVED = (
    facts.AdjustmentApproved, facts.AdjustmentDeclined, facts.AdjustmentRevoked,
    facts.BonusGranted, facts.BonusDeclined, facts.BonusRevoked, facts.JudgementModerated, facts.JointSplitDecided,
)  # fmt: skip
JUDGING = (*REVIEWED, *APPROVED, facts.AppealDecided, facts.SecondJudgementWaived)
_ACTS = (
    *((kind, "file") for kind in FILED),
    *((kind, "review") for kind in REVIEWED),
    *((kind, "approve") for kind in APPROVED),
    (facts.AppealDecided, "decide-appeal"),
    (facts.AppealAssigned, "administer"),
    (facts.SecondJudgementWaived, "sign-waiver"),
    (facts.RubricApplied, "administer"),
    (facts.WithdrawalApplied, "administer"),
    (facts.TargetApplied, "administer"),
)
ACT_OF: dict[type, str] = dict(_ACTS)


def permitted(entry: Entry, fact: Any, sheet: Sheet, department_of: DepartmentOf) -> bool:
    """Whether the role and scope in the entry permit this act on this unit's leaf; whether they were held is apart."""
    act = ACT_OF.get(type(fact))
    if act is None:
        return True
    if isinstance(fact, facts.AppealFiled) and fact.objection:  # by who answers the objection, for no unit
        act = "administer"
    department = department_of(sheet.cycle, getattr(fact, "leaf", ""))
    if department is None and act not in {"file", "administer"}:
        return True  # the missing rubric is a finding of its own
    claimed = Person(entry.actor, registered=True, grants=frozenset({Grant(entry.role, entry.scope)}))
    return duties.may(claimed, act, unit=sheet.unit, departments=frozenset({department or ""}))
