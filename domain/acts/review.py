"""What a department's reviewer does: evidence, figures, judgements, not applicable."""

from collections.abc import Mapping
from typing import Any

from domain import facts
from domain.acts.case import Case, Decided
from domain.acts.filing import check
from domain.points import BadPoints, parse
from domain.refusals import Refused
from domain.rubric.rules import Award, Judged, OverTarget, Tally


def review_evidence(case: Case, evidence: str, outcome: str, reason: str) -> Decided:
    """Accepts, returns or rejects a file."""
    found = case.sheet.evidence.get(evidence)
    if found is None:
        raise Refused("unknown-evidence", evidence, evidence)
    grant = case.by_department("review", found.leaf)
    if found.state == "withdrawn":
        raise Refused("evidence-not-open")
    return Decided(grant, [facts.EvidenceReviewed(evidence, found.leaf, outcome, reason)])


def verify(case: Case, leaf: str, submission: str, corrected: Mapping[str, Any] | None, reason: str) -> Decided:
    """Stands for the figures of a submission as filed, or for ``corrected`` ones.

    The reviewer names the submission he looked at: if the unit has filed another since, the act is stale.
    """
    if isinstance(case.rule(leaf), Judged | Award | Tally | OverTarget):
        raise Refused("wrong-rule", leaf, leaf, place=leaf)
    grant = case.by_department("review", leaf)
    filed = case.sheet.claimed.get(leaf)
    if filed is None:
        raise Refused("nothing-waiting", leaf, leaf)
    if filed[0] != submission:
        raise Refused("stale", filed[0], filed[0], place="submission")
    figures = dict(filed[1] if corrected is None else corrected)
    if figures.get("not_applicable"):
        raise Refused("wrong-rule", "请使用“不适用”确认", "confirm it as not applicable", place=leaf)
    check(case, leaf, figures, "figures")
    return Decided(grant, [facts.FiguresVerified(leaf, submission, figures, corrected is not None, reason)])


def judge(case: Case, leaf: str, points: str, reason: str) -> Decided:
    """Gives one of a judged leaf's steps; a single leaf that does not apply takes any points up to its own."""
    grant = case.by_department("review", leaf)
    face = case.face(leaf)
    try:
        given = parse(points)
    except BadPoints as bad:
        raise Refused("bad-points", bad.zh, bad.en, place="points") from None
    if _alone_without_denominator(case, leaf):
        allowed = 0 <= given <= face.points
    elif isinstance(face.rule, Judged):
        allowed = given in face.rule.steps
    else:
        raise Refused("wrong-rule", leaf, leaf, place=leaf)
    if not allowed:
        raise Refused("bad-points", points, points, place="points")
    return Decided(grant, [facts.LeafJudged(leaf, points, reason)])


def confirm_not_applicable(case: Case, leaf: str, reason: str) -> Decided:
    """Confirms that a scored leaf does not apply; its points go to its siblings (rubric.md, "Zero denominator")."""
    if case.face(leaf).bonus:
        raise Refused("wrong-rule", leaf, leaf, place=leaf)
    grant = case.by_department("review", leaf)
    return Decided(grant, [facts.NotApplicableConfirmed(leaf, reason)])


def _alone_without_denominator(case: Case, leaf: str) -> bool:
    scored = [each for each in case.leaves.values() if not each.faces[case.cohort].bonus]
    return len(scored) == 1 and bool(case.sheet.verified.get(leaf, {}).get("not_applicable"))
