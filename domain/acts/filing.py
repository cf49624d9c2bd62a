"""What a unit does on its own sheet: figures, evidence, claims."""

from collections.abc import Mapping
from typing import Any

from domain import facts, figures
from domain.acts.case import Case, Decided
from domain.refusals import Refused
from domain.rubric.rules import Award, OverTarget, Tally

OPEN_STATES = frozenset({"claimed", "proposed", "granted"})


def submit(case: Case, submission: str, filed: Mapping[str, Mapping[str, Any]]) -> Decided:
    """Files figures for some leaves. After the year is closed only a leaf with returned evidence takes new ones."""
    grant = case.by_unit("file" if not _answers_a_return(case, filed) else "correct")
    for leaf, raw in filed.items():
        if isinstance(case.rule(leaf), Award | OverTarget | Tally):
            raise Refused("wrong-rule", leaf, leaf, place=f"figures.{leaf}")
        check(case, leaf, raw, f"figures.{leaf}")
    return Decided(grant, [facts.FiguresSubmitted(submission, {leaf: dict(raw) for leaf, raw in filed.items()})])


def check(case: Case, leaf: str, raw: Any, place: str) -> None:
    """Refuses figures that the leaf's rule cannot read."""
    try:
        figures.check(case.leaf(leaf), case.cohort, raw, place)
    except figures.BadFigures as bad:
        raise Refused("bad-figures", f"{bad.path} {bad.zh}", f"{bad.path} {bad.en}", place=bad.path) from None


def withdraw(case: Case, submission: str, reason: str) -> Decided:
    """Takes a submission back, as long as nobody has verified one of its leaves."""
    grant = case.by_unit("file")
    found = case.sheet.submissions.get(submission)
    if found is None or found.withdrawn:
        raise Refused("unknown-submission", submission, submission)
    if any(leaf in case.sheet.verified for leaf in found.figures):
        raise Refused("already-decided", submission, submission)
    return Decided(grant, [facts.SubmissionWithdrawn(submission, reason)])


def attach(case: Case, evidence: facts.EvidenceAttached) -> Decided:
    """Adds a file to a leaf."""
    case.leaf(evidence.leaf)
    grant = case.by_unit("correct")
    return Decided(grant, [evidence])


def withdraw_evidence(case: Case, evidence: str, reason: str) -> Decided:
    """Takes a file back; a reviewed one stays."""
    grant = case.by_unit("correct")
    found = case.sheet.evidence.get(evidence)
    if found is None:
        raise Refused("unknown-evidence", evidence, evidence)
    if found.state != "uploaded":
        raise Refused("already-decided", found.state, found.state)
    return Decided(grant, [facts.EvidenceWithdrawn(evidence, reason)])


def claim(case: Case, bonus: str, leaf: str, key: str, title: str) -> Decided:
    """Claims a bonus of items 7 and 27 under a register number or experience key."""
    case.rule(leaf, Tally, Award)
    grant = case.by_unit("file")
    if any(each.key == key and each.leaf == leaf and each.state in OPEN_STATES for each in case.sheet.bonuses.values()):
        raise Refused("key-taken", key, key, place="key")
    return Decided(grant, [facts.BonusClaimed(bonus, leaf, key, title)])


def _answers_a_return(case: Case, filed: Mapping[str, Any]) -> bool:
    returned = {each.leaf for each in case.sheet.evidence.values() if each.state == "returned"}
    return bool(filed) and set(filed) <= returned
