"""What a department's reviewer does: evidence, figures, judgements, not applicable."""

from collections.abc import Mapping
from typing import Any

from domain import facts, spelling
from domain.acts.case import Case, Decided
from domain.acts.filing import check
from domain.marking import Seal
from domain.points import BadPoints, parse, show
from domain.refusals import Refused
from domain.rubric.rules import Judged

OUTCOMES = ("accepted", "returned", "rejected")


def review_evidence(case: Case, evidence: str, outcome: str, reason: str) -> Decided:
    """Accepts, returns or rejects a file, once; what was returned waits for a file that answers it."""
    found = case.sheet.evidence.get(evidence)
    if found is None:
        raise Refused("unknown-evidence", evidence, evidence)
    grant = case.by_department("review", found.leaf)
    if outcome not in OUTCOMES:
        raise Refused("bad-outcome", place="outcome")
    if outcome != "accepted":
        spelling.reason(reason)
    if found.state in {"withdrawn", "superseded"}:
        raise Refused("evidence-not-open", found.state, found.state)
    if found.state != "uploaded":
        raise Refused("already-decided", found.state, found.state)
    return Decided(grant, [facts.EvidenceReviewed(evidence, found.leaf, outcome, reason)])


def verify(case: Case, leaf: str, submission: str, corrected: Mapping[str, Any] | None, reason: str) -> Decided:
    """Stands for the figures of a submission as filed, or for ``corrected`` ones, which need a reason.

    The reviewer names the submission he looked at: if the unit has filed another since, the act is stale.
    """
    grant = case.by_department("review", leaf)
    if isinstance(case.rule(leaf), Judged):
        raise Refused("wrong-rule", leaf, leaf, place=leaf)
    filed = case.sheet.claimed.get(leaf)
    if filed is None:
        raise Refused("nothing-waiting", leaf, leaf)
    if filed[0] != submission:
        raise Refused("stale", filed[0], filed[0], place="submission")
    figures = filed[1] if corrected is None else corrected
    check(case, leaf, figures, "figures")
    if "not_applicable" in figures:
        raise Refused("wrong-rule", "请使用“不适用”确认", "confirm it as not applicable", place=leaf)
    _settled(case, leaf)
    changed = figures != filed[1]
    if changed:
        spelling.reason(reason)
    return Decided(grant, [facts.FiguresVerified(leaf, submission, dict(figures), changed, reason)])


def judge(case: Case, leaf: str, points: str, reason: str, seal: Seal | None = None) -> Decided:
    """Gives one of a judged leaf's steps; one that does not apply and stands alone takes any points up to its own.

    ``seal``: the leaf is drawn for a second judgement, so the record holds only the commitment to this one.
    """
    grant = case.by_department("review", leaf)
    spelling.reason(reason)
    alone = case.standing_alone(leaf)
    points_of(case, leaf, points, alone=alone)
    _settled(case, leaf)
    if seal is None:
        return Decided(grant, [facts.LeafJudged(leaf, points, reason, alone)])
    return Decided(grant, [facts.JudgementSealed(leaf, seal.marking, seal.limit, seal.commitment, alone)])


def points_of(case: Case, leaf: str, points: str, *, alone: bool) -> int:
    """The hundredths of a judgement; refuses points that the leaf does not take."""
    face = case.face(leaf)
    try:
        given = parse(points)
    except BadPoints as bad:
        raise Refused("bad-points", bad.zh, bad.en, place="points") from None
    if alone:
        allowed, takes = 0 <= given <= face.points, f"0.00 … {show(face.points)}"
    elif isinstance(face.rule, Judged):
        allowed, takes = given in face.rule.steps, ", ".join(map(show, face.rule.steps))
    else:
        raise Refused("wrong-rule", leaf, leaf, place=leaf)
    if not allowed:
        raise Refused("bad-points", f"可给：{takes}", f"takes {takes}", place="points")
    return given


def _settled(case: Case, leaf: str) -> None:
    """Refuses to go past a round of double marking; it ends with its own acts, or with other figures of the unit."""
    if case.sheet.unsettled(leaf):
        raise Refused("second-awaited", leaf, leaf, place="leaf")


def confirm_not_applicable(case: Case, leaf: str, reason: str) -> Decided:
    """Confirms that a scored leaf does not apply; its points go to its siblings (rubric.md, "Zero denominator")."""
    grant = case.by_department("review", leaf)
    spelling.reason(reason)
    if case.face(leaf).bonus:
        raise Refused("wrong-rule", leaf, leaf, place=leaf)
    _settled(case, leaf)
    return Decided(grant, [facts.NotApplicableConfirmed(leaf, reason)])
