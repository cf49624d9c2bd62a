"""Points moved on a sheet by two people, taken in: adjustments, bonuses, appeals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain import facts
from domain.contents import Adjustment, Bonus
from domain.points import parse
from domain.steps.leaf import one

if TYPE_CHECKING:
    from domain.sheet import Sheet


def _proposed(sheet: Sheet, fact: facts.AdjustmentProposed, by: str) -> frozenset[str]:
    sheet.adjustments[fact.adjustment] = Adjustment(
        fact.adjustment, fact.leaf, parse(fact.delta), fact.code, fact.text, by
    )
    return one(fact.leaf)


def _adjustment(state: str) -> Callable[[Sheet, Any, str], frozenset[str]]:
    def decided(sheet: Sheet, fact: Any, by: str) -> frozenset[str]:
        adjustment = sheet.adjustments[fact.adjustment]
        adjustment.state, adjustment.decider, adjustment.reason = state, by, fact.reason
        return one(adjustment.leaf)

    return decided


def _claimed(sheet: Sheet, fact: facts.BonusClaimed, by: str) -> frozenset[str]:
    sheet.filers.add(by)
    sheet.bonuses[fact.bonus] = Bonus(fact.bonus, fact.leaf, fact.key, fact.title, "claimed", claimant=by)
    return one(fact.leaf)


def _bonus_proposed(sheet: Sheet, fact: facts.BonusProposed, by: str) -> frozenset[str]:
    claim = sheet.bonuses.get(fact.bonus)
    sheet.bonuses[fact.bonus] = Bonus(
        fact.bonus,
        fact.leaf,
        fact.key,
        fact.title,
        "proposed",
        claim.claimant if claim else "",
        by,
        fact.level,
        fact.justification,
        evidence=list(fact.evidence),
        shares=claim.shares if claim else {},
    )
    return one(fact.leaf)


def _bonus(state: str) -> Callable[[Sheet, Any, str], frozenset[str]]:
    def decided(sheet: Sheet, fact: Any, by: str) -> frozenset[str]:
        bonus = sheet.bonuses[fact.bonus]
        bonus.state, bonus.decider, bonus.reason = state, by, fact.reason
        return one(bonus.leaf)

    return decided


def _appeal_assigned(sheet: Sheet, fact: facts.AppealAssigned, _: str) -> frozenset[str]:
    appeal = sheet.appeals[fact.appeal]
    appeal.state, appeal.assignee = "assigned", fact.person
    return frozenset({appeal.leaf})


def _appeal_decided(sheet: Sheet, fact: facts.AppealDecided, by: str) -> frozenset[str]:
    appeal = sheet.appeals[fact.appeal]
    appeal.state, appeal.decider, appeal.reason = fact.outcome, by, fact.reason
    appeal.delta, appeal.adjustment = parse(fact.delta), fact.adjustment
    if fact.adjustment:  # the unit asked for it, or who referred an objection; another person approved it
        sheet.adjustments[fact.adjustment] = Adjustment(
            fact.adjustment, appeal.leaf, appeal.delta, "appeal", fact.reason, appeal.by, "approved", by, fact.reason
        )
    return frozenset({appeal.leaf})


STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.AdjustmentProposed: _proposed,
    facts.AdjustmentApproved: _adjustment("approved"),
    facts.AdjustmentDeclined: _adjustment("declined"),
    facts.AdjustmentRevoked: _adjustment("revoked"),
    facts.BonusClaimed: _claimed,
    facts.BonusProposed: _bonus_proposed,
    facts.BonusGranted: _bonus("granted"),
    facts.BonusDeclined: _bonus("declined"),
    facts.BonusRevoked: _bonus("revoked"),
    facts.AppealAssigned: _appeal_assigned,
    facts.AppealDecided: _appeal_decided,
}
