"""What a department does on a sheet, taken in: evidence, figures, judgements, what does not apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain import facts
from domain.steps.leaf import one, reviewed

if TYPE_CHECKING:
    from domain.sheet import Sheet


def _evidence_reviewed(sheet: Sheet, fact: facts.EvidenceReviewed, by: str) -> frozenset[str]:
    evidence = sheet.evidence[fact.evidence]
    evidence.state, evidence.reason = fact.outcome, fact.reason
    sheet.reviewed[fact.evidence] = by
    return one(fact.leaf)


def _verified(sheet: Sheet, fact: facts.FiguresVerified, by: str) -> frozenset[str]:
    return reviewed(sheet, fact.leaf, fact.figures, by)


def _judged(sheet: Sheet, fact: facts.LeafJudged, by: str) -> frozenset[str]:
    # A leaf that stands alone and does not apply keeps that mark and takes the points beside it.
    mark = {"not_applicable": True} if fact.alone else {}
    return reviewed(sheet, fact.leaf, {"points": fact.points, **mark}, by)


def _not_applicable(sheet: Sheet, fact: facts.NotApplicableConfirmed, by: str) -> frozenset[str]:
    return reviewed(sheet, fact.leaf, {"not_applicable": True}, by)


STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.EvidenceReviewed: _evidence_reviewed,
    facts.FiguresVerified: _verified,
    facts.LeafJudged: _judged,
    facts.NotApplicableConfirmed: _not_applicable,
}
