"""Double marking on a sheet, taken in: sealed, second, opened, moderated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain import facts
from domain.contents import Round
from domain.points import parse, show
from domain.steps.leaf import one

if TYPE_CHECKING:
    from domain.sheet import Sheet


def _sealed(sheet: Sheet, fact: facts.JudgementSealed, by: str) -> frozenset[str]:
    seen = sheet.claimed[fact.leaf][0] if fact.leaf in sheet.claimed else ""
    sheet.rounds[fact.leaf] = Round(fact.leaf, fact.marking, parse(fact.limit), fact.seal, by, seen, fact.alone)
    return one(fact.leaf)


def _second(sheet: Sheet, fact: facts.SecondJudgementGiven, by: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.second, found.second_points, found.second_reason = by, parse(fact.points), fact.reason
    return one(fact.leaf)


def _second_waived(sheet: Sheet, fact: facts.SecondJudgementWaived, by: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.signer, found.waiver = by, fact.reason
    return one(fact.leaf)


def _opened(sheet: Sheet, fact: facts.JudgementOpened, _: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.unseal(parse(fact.points), fact.reason)
    return _settled(sheet, found, found.first)


def _moderated(sheet: Sheet, fact: facts.JudgementModerated, by: str) -> frozenset[str]:
    found = sheet.rounds[fact.leaf]
    found.state = "moderated"
    found.moderator, found.moderated_points, found.moderation = by, parse(fact.points), fact.reason
    return _settled(sheet, found, by)


def _settled(sheet: Sheet, found: Round, by: str) -> frozenset[str]:
    """The leaf counts from here, as judged on the submission that the first reviewer saw."""
    if not found.open:
        mark = {"not_applicable": True} if found.alone else {}
        sheet.verified[found.leaf] = {"points": show(found.counts), **mark}
        sheet.reviewed[found.leaf], sheet.seen[found.leaf] = by, found.seen
    return one(found.leaf)


STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.JudgementSealed: _sealed,
    facts.SecondJudgementGiven: _second,
    facts.SecondJudgementWaived: _second_waived,
    facts.JudgementOpened: _opened,
    facts.JudgementModerated: _moderated,
}
