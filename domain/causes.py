"""Why points move: each fact that can move some, under the name of its cause, with the reason somebody wrote."""

import re
from typing import Any

from domain import facts

CAUSES: dict[type, str] = {
    facts.FiguresSubmitted: "submission",
    facts.SubmissionWithdrawn: "withdrawal",
    facts.FiguresVerified: "verification",
    facts.LeafJudged: "judgement",
    facts.JudgementOpened: "judgement",
    facts.JudgementModerated: "moderation",
    facts.NotApplicableConfirmed: "not-applicable",
    facts.AdjustmentApproved: "adjustment",
    facts.AdjustmentRevoked: "adjustment-revoked",
    facts.BonusClaimed: "bonus-claimed",
    facts.BonusProposed: "bonus-proposed",
    facts.BonusGranted: "bonus-granted",
    facts.BonusDeclined: "bonus-declined",
    facts.BonusRevoked: "bonus-revoked",
    facts.AppealDecided: "appeal",
    facts.TargetApplied: "target",
    facts.RubricApplied: "rubric",
}
ENGINE = "engine"  # another program computed: no event of the record moved these points
_REASONS = ("reason", "text", "justification")
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def cause(fact: Any) -> str:
    """The cause a fact moves points by; a fact that nobody named here is a cause of its own name."""
    if isinstance(fact, facts.FiguresVerified) and fact.corrected:
        return "correction"
    return CAUSES.get(type(fact)) or _CAPITAL.sub("-", type(fact).__name__).lower()


def reason(fact: Any) -> str:
    """What somebody wrote as the reason of a fact; "" where none is asked for, as of figures that are filed."""
    return next((found for name in _REASONS if (found := getattr(fact, name, ""))), "")
