"""What takes two people: what the first begins, what the second ends, and who may not be the second."""

from domain import facts
from domain.sheet import Sheet

# What a second person ends -> (rule, the fact's member that names what the first began).
ENDS: dict[type, tuple[str, str]] = {
    facts.RubricPublished: ("rubric", "hash"),
    facts.ResultsPublished: ("publication", "publication"),
    facts.CycleFinalised: ("publication", "publication"),
    facts.ExtensionGranted: ("extension", "extension"),
    facts.CycleReopened: ("reopening", "reopening"),
    facts.MarkingSet: ("marking", "marking"),
    facts.RubricAdopted: ("rubric-change", "change"),
    facts.TargetChangeConfirmed: ("target-change", "change"),
    facts.RecomputationApproved: ("recomputation", "recomputation"),
    facts.ErasureApproved: ("erasure", "subject"),
}
BEGINS: dict[type, tuple[str, str]] = {
    facts.RubricDrafted: ("rubric", "hash"),
    facts.InterpretationDecided: ("rubric", "hash"),
    facts.ResultsProposed: ("publication", "publication"),
    facts.ExtensionProposed: ("extension", "extension"),
    facts.ReopeningProposed: ("reopening", "reopening"),
    facts.MarkingProposed: ("marking", "marking"),
    facts.RubricChangeProposed: ("rubric-change", "change"),
    facts.TargetChangeProposed: ("target-change", "change"),
    facts.RecomputationRequested: ("recomputation", "recomputation"),
    facts.ErasureRequested: ("erasure", "subject"),
}


def firsts_of(sheet: Sheet, fact: facts.Fact) -> tuple[str, frozenset[str]]:
    """The rule an act on a sheet stands under, and who may not do it; "" for an act that one person may do alone."""
    match fact:
        case facts.AdjustmentApproved() | facts.AdjustmentDeclined() | facts.AdjustmentRevoked():
            return "adjustment", frozenset({sheet.adjustments[fact.adjustment].proposer})
        case facts.BonusGranted() | facts.BonusDeclined() | facts.BonusRevoked():
            bonus = sheet.bonuses[fact.bonus]
            return "bonus", frozenset({bonus.proposer, bonus.claimant})
        case facts.JointSplitDecided() if fact.bonus in sheet.bonuses:
            said = sheet.bonuses[fact.bonus]
            return "split", frozenset({said.proposer, said.claimant})
        case facts.AppealDecided():
            return "appeal", frozenset(sheet.handlers)
        case facts.SecondJudgementGiven() | facts.SecondJudgementWaived() | facts.JudgementModerated():
            judged = sheet.rounds[fact.leaf]
            return "second-judgement", frozenset({judged.first, judged.second})
    return "", frozenset()
