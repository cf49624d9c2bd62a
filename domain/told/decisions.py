"""Notices of what happened: to a unit's sheet, to the calendar, and to what somebody began and another decided."""

from typing import Any

from domain import facts
from domain.told.rounds import agreed
from domain.told.row import Row

_UNIT, _YEAR = ("file",), ("file", "review", "approve")
_ADJUSTMENT: dict[str, Any] = {"key": "adjustment", "began": (facts.AdjustmentProposed, facts.AppealDecided)}
_BONUS: dict[str, Any] = {"key": "bonus", "began": (facts.BonusProposed,)}
_RESULTS: dict[str, Any] = {"key": "publication", "began": (facts.ResultsProposed,)}
_FIRST: dict[str, Any] = {"key": "leaf", "began": (facts.JudgementSealed,)}
_CHANGE: dict[str, Any] = {"key": "change", "began": (facts.RubricChangeProposed,)}
_TARGET: dict[str, Any] = {"key": "change", "began": (facts.TargetChangeProposed,)}

DECISIONS: dict[type, Row] = {
    facts.EvidenceReviewed: Row(
        "returned",
        _UNIT,
        "证据被退回或不予采信",
        "evidence was returned or rejected",
        lambda f: f.outcome != "accepted",
    ),
    facts.FiguresVerified: Row("returned", _UNIT, "数据被更正", "figures were corrected", lambda f: f.corrected),
    facts.LeafJudged: Row("decided", _UNIT, "已评分", "a leaf was judged"),
    facts.NotApplicableConfirmed: Row("decided", _UNIT, "已确认不适用", "a leaf was confirmed not to apply"),
    facts.JudgementOpened: Row("decided", _UNIT, "已评分", "a leaf was judged", look=agreed),
    facts.SecondJudgementGiven: Row("decided", (), "第二人已评分", "the second judgement was given", **_FIRST),
    facts.SecondJudgementWaived: Row("decided", (), "已免去第二人评分", "a second judgement was waived", **_FIRST),
    facts.JudgementModerated: Row(
        "decided", _UNIT, "评分经仲裁确定", "a judgement was moderated",
        key="leaf", began=(facts.JudgementSealed, facts.SecondJudgementGiven),
    ),
    facts.AdjustmentApproved: Row("decided", _UNIT, "分数已调整", "points were adjusted", **_ADJUSTMENT),
    facts.AdjustmentDeclined: Row("decided", _UNIT, "分数调整未获批准", "an adjustment was declined", **_ADJUSTMENT),
    facts.AdjustmentRevoked: Row("decided", _UNIT, "分数调整已撤销", "an adjustment was revoked", **_ADJUSTMENT),
    facts.BonusGranted: Row("decided", _UNIT, "加分已批准", "a bonus was granted", **_BONUS),
    facts.BonusDeclined: Row("decided", _UNIT, "加分未获批准", "a bonus was declined", **_BONUS),
    facts.BonusRevoked: Row("decided", _UNIT, "加分已撤销", "a bonus was revoked", **_BONUS),
    facts.AppealDecided: Row("decided", _UNIT, "申诉已裁决", "an appeal was decided"),
    facts.ObjectionAnswered: Row("decided", _UNIT, "异议已答复", "an objection was answered"),
    facts.JointClaimAgreed: Row("decided", _UNIT, "联合申报的一方已同意", "a partner agreed to a joint claim"),
    facts.JointClaimDisputed: Row(
        "decided", ("file", "review"), "联合申报的一方有异议", "a partner disputes a joint claim"
    ),
    facts.JointSplitDecided: Row("decided", _UNIT, "联合申报的分配已确定", "the split of a joint claim was decided"),
    facts.TargetIssued: Row("calendar", _UNIT, "已下达目标", "a target was issued"),
    facts.ExtensionGranted: Row(
        "calendar", _UNIT, "已延期", "more time was granted", key="extension", began=(facts.ExtensionProposed,)
    ),
    facts.UnitEnrolled: Row("calendar", _UNIT, "贵单位已登记参加考核", "your unit was enrolled"),
    facts.UnitWithdrawn: Row("calendar", _UNIT, "贵单位的登记已撤回", "your unit's enrolment was taken back"),
    facts.PhaseAdvanced: Row("calendar", _YEAR, "考核进入下一阶段", "the cycle went to its next phase"),
    facts.DeadlineMoved: Row("calendar", _YEAR, "截止时间已变更", "a deadline was moved"),
    facts.ResultsPublished: Row("results", _YEAR, "暂定成绩已公布", "provisional results were published", **_RESULTS),
    facts.CycleFinalised: Row("results", _YEAR, "最终成绩已公布", "final results were published", **_RESULTS),
    facts.CycleReopened: Row(
        "results", _YEAR, "考核已重启", "the cycle was reopened", key="reopening", began=(facts.ReopeningProposed,)
    ),
    facts.RubricAdopted: Row(
        "results", _YEAR, "考核表已变更", "the cycle goes on under another rubric", **_CHANGE
    ),
    facts.RubricChangeWithdrawn: Row("decided", (), "考核表变更未获确认", "a rubric change was declined", **_CHANGE),
    facts.TargetChangeConfirmed: Row("decided", (), "目标变更已确认", "a change of a target was confirmed", **_TARGET),
    facts.TargetChangeWithdrawn: Row("decided", (), "目标变更未获确认", "a change of a target was declined", **_TARGET),
    facts.MarkingSet: Row(
        "decided", (), "双评方案已确认", "a marking was confirmed", key="marking", began=(facts.MarkingProposed,)
    ),
    facts.RubricPublished: Row(
        "decided", (), "考核表已公布", "a rubric was published",
        key="hash", began=(facts.RubricDrafted, facts.InterpretationDecided),
    ),
    facts.RubricDraftWithdrawn: Row(
        "decided", (), "考核表草案未予公布", "a draft of a rubric was declined",
        key="hash", began=(facts.RubricDrafted, facts.InterpretationDecided),
    ),
    facts.RecomputationApproved: Row(
        "decided", (), "重算已获批准", "a recomputation was approved",
        key="recomputation", began=(facts.RecomputationRequested,),
    ),
    facts.ErasureApproved: Row(
        "decided", (), "删除申请已获批准", "an erasure was approved", key="subject", began=(facts.ErasureRequested,)
    ),
}  # fmt: skip
