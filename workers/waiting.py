"""What waits for a department because of one event: evidence, adjustments, claims, bonuses, appeals, second judgements.

The subject of a round of double marking names the leaf and whoever has judged it, who are asked no more:
"6b/{first}", then "6b/{first}/{second}".
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from domain import facts
from domain.contents import Round
from domain.sheet import Sheet
from events.codec import STEPS, reader

SECOND, MODERATION = "second-judgement", "moderation"
Desk = tuple[str, str]
# (kind, subject) and the leaf on which it waits from here; an empty leaf: it waits no longer.
Wait = tuple[Desk, str]


class FileCame(msgspec.Struct, frozen=True, gc=False):
    """As much of EvidenceAttached as a queue needs; decoding all of it would take three times as long."""

    evidence: str
    leaf: str


class FileSeen(msgspec.Struct, frozen=True, gc=False):
    """As much of EvidenceReviewed and EvidenceWithdrawn."""

    evidence: str


FILES = {"EvidenceAttached": FileCame, "EvidenceReviewed": FileSeen, "EvidenceWithdrawn": FileSeen}
to_file = reader(FILES, STEPS)


def desks(sheet: Sheet) -> dict[str, Desk]:
    """(kind, subject) of each leaf that double marking holds: for a second reviewer, then for a third person."""
    return {leaf: _desk(found) for leaf, found in sheet.rounds.items() if found.open} if sheet.rounds else {}


def _desk(found: Round) -> Desk:
    if found.state == "sealed":
        return SECOND, f"{found.leaf}/{found.first}"
    return MODERATION, f"{found.leaf}/{found.first}/{found.second}"


def waits(fact: Any) -> Iterable[Wait]:
    """What begins or ends to wait with ``fact``; figures wait by the status of their leaf, and files not here."""
    return _WAITS.get(type(fact), _nothing)(fact)


def _nothing(_fact: Any) -> Iterable[Wait]:
    return ()


def _proposed(fact: facts.AdjustmentProposed) -> Iterable[Wait]:
    return ((("adjustment", fact.adjustment), fact.leaf),)


def _decided(fact: Any) -> Iterable[Wait]:
    return ((("adjustment", fact.adjustment), ""),)


def _claimed(fact: Any) -> Iterable[Wait]:
    return ((("claim", fact.bonus), fact.leaf),)


def _split(fact: facts.JointSplitDecided) -> Iterable[Wait]:
    return ((("claim", fact.bonus), fact.leaf if fact.unit in fact.shares else ""),)


def _bonus_proposed(fact: facts.BonusProposed) -> Iterable[Wait]:
    return (("claim", fact.bonus), ""), (("bonus", fact.bonus), fact.leaf)


def _bonus_decided(fact: Any) -> Iterable[Wait]:
    return (("claim", fact.bonus), ""), (("bonus", fact.bonus), "")


def _appealed(fact: facts.AppealFiled) -> Iterable[Wait]:
    return ((("appeal", fact.appeal), fact.leaf),)


def _appeal_decided(fact: facts.AppealDecided) -> Iterable[Wait]:
    return ((("appeal", fact.appeal), ""),)


_WAITS: dict[type, Callable[[Any], Iterable[Wait]]] = {
    facts.AdjustmentProposed: _proposed,
    facts.AdjustmentApproved: _decided,
    facts.AdjustmentDeclined: _decided,
    facts.AdjustmentRevoked: _decided,
    facts.BonusClaimed: _claimed,
    facts.JointClaimed: _claimed,
    facts.JointClaimAgreed: _claimed,
    facts.JointClaimDisputed: _claimed,
    facts.JointSplitDecided: _split,
    facts.BonusProposed: _bonus_proposed,
    facts.BonusGranted: _bonus_decided,
    facts.BonusDeclined: _bonus_decided,
    facts.BonusRevoked: _bonus_decided,
    facts.AppealFiled: _appealed,
    facts.AppealDecided: _appeal_decided,
}
