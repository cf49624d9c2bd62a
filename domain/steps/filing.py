"""What a unit does on its sheet, taken in: figures and evidence, filed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from domain import facts
from domain.contents import Appeal, Evidence, Submission
from domain.steps.leaf import one, overtake

if TYPE_CHECKING:
    from domain.sheet import Sheet


def _submitted(sheet: Sheet, fact: facts.FiguresSubmitted, by: str) -> frozenset[str]:
    sheet.submissions[fact.submission] = Submission(fact.submission, fact.figures, by)
    sheet.filers.add(by)
    for leaf, figures in fact.figures.items():
        sheet.claimed[leaf] = (fact.submission, figures)
        overtake(sheet, leaf)
    return frozenset(fact.figures)


def _withdrawn(sheet: Sheet, fact: facts.SubmissionWithdrawn, by: str) -> frozenset[str]:
    gone = sheet.submissions[fact.submission]
    gone.withdrawn = True
    sheet.filers.add(by)
    for leaf in gone.figures:
        sheet.claimed.pop(leaf, None)
        overtake(sheet, leaf)
        for earlier in sheet.submissions.values():
            if not earlier.withdrawn and leaf in earlier.figures:
                sheet.claimed[leaf] = (earlier.id, earlier.figures[leaf])
    return frozenset(gone.figures)


def _attached(sheet: Sheet, fact: facts.EvidenceAttached, by: str) -> frozenset[str]:
    sheet.evidence[fact.evidence] = Evidence(
        fact.evidence, fact.leaf, fact.digest, fact.media_type, fact.size, fact.name, by, supersedes=fact.supersedes
    )
    if fact.supersedes:
        sheet.evidence[fact.supersedes].state = "superseded"
    sheet.filers.add(by)
    return one(fact.leaf)


def _evidence_withdrawn(sheet: Sheet, fact: facts.EvidenceWithdrawn, by: str) -> frozenset[str]:
    evidence = sheet.evidence[fact.evidence]
    evidence.state, evidence.reason = "withdrawn", fact.reason
    sheet.filers.add(by)
    if evidence.supersedes:
        sheet.evidence[evidence.supersedes].state = "returned"  # nothing answers it any more
    return one(evidence.leaf)


def _appealed(sheet: Sheet, fact: facts.AppealFiled, by: str) -> frozenset[str]:
    if not fact.objection:  # whoever referred one acted for no unit
        sheet.filers.add(by)
    evidence = list(fact.evidence)
    sheet.appeals[fact.appeal] = Appeal(fact.appeal, fact.leaf, fact.text, evidence, by, objection=fact.objection)
    return frozenset({fact.leaf})


STEPS: dict[type, Callable[[Sheet, Any, str], frozenset[str]]] = {
    facts.FiguresSubmitted: _submitted,
    facts.SubmissionWithdrawn: _withdrawn,
    facts.EvidenceAttached: _attached,
    facts.EvidenceWithdrawn: _evidence_withdrawn,
    facts.AppealFiled: _appealed,
}
