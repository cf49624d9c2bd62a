"""Claims of several units, taken in: each sheet carries its own part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain import facts
from domain.contents import Bonus
from domain.sharing import sound
from domain.steps.leaf import one

if TYPE_CHECKING:
    from domain.sheet import Sheet


def _jointly(state: str) -> Callable[[Sheet, Any, str], frozenset[str]]:
    def told(sheet: Sheet, fact: Any, by: str) -> frozenset[str]:
        sheet.filers.add(by)
        sheet.bonuses[fact.bonus] = Bonus(
            fact.bonus, fact.leaf, fact.key, fact.title, state, by, level=fact.level, shares=sound(fact.shares)
        )
        return one(fact.leaf)

    return told


def _split_proposed(sheet: Sheet, fact: facts.JointSplitProposed, by: str) -> frozenset[str]:
    if fact.bonus in sheet.bonuses:  # a partner who has said nothing yet has none
        sheet.bonuses[fact.bonus].proposer = by
    return one(fact.leaf)


def _split(sheet: Sheet, fact: facts.JointSplitDecided, by: str) -> frozenset[str]:
    said = sheet.bonuses.get(fact.bonus)
    held = sheet.unit in fact.shares
    sheet.bonuses[fact.bonus] = Bonus(
        fact.bonus,
        fact.leaf,
        fact.key,
        fact.title,
        "claimed" if held else "declined",
        said.claimant if said else "",
        said.proposer if said else "",
        level=fact.level,
        decider="" if held else by,
        reason=fact.reason,
        shares=sound(fact.shares),
    )
    return one(fact.leaf)


STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.JointClaimed: _jointly("claimed"),
    facts.JointClaimAgreed: _jointly("claimed"),
    facts.JointClaimDisputed: _jointly("disputed"),
    facts.JointSplitProposed: _split_proposed,
    facts.JointSplitDecided: _split,
}
