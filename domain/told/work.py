"""Notices of what calls for somebody's act: it waits, it needs a second person, it was laid before one, it differs."""

from domain import facts
from domain.told.row import EVERYBODY, ONESELF, Row

ADDRESS = "address"  # asks whether an address is the person's: the one thing that goes there before that is known
_UNIT, _REVIEWER, _APPROVER, _ADMINISTRATOR = ("file",), ("review",), ("approve",), ("administer",)

WORK: dict[type, Row] = {
    facts.FiguresSubmitted: Row("waiting", _REVIEWER, "有数据待复核", "figures wait for review"),
    facts.EvidenceAttached: Row("waiting", _REVIEWER, "有证据待审核", "evidence waits for review"),
    facts.BonusClaimed: Row("waiting", _REVIEWER, "有加分申请待审核", "a claim waits for review"),
    facts.JudgementSealed: Row("waiting", _REVIEWER, "有小项待第二人评分", "a leaf waits for its second judgement"),
    facts.RubricChangeProposed: Row(
        "second", _ADMINISTRATOR, "有考核表变更待第二人确认", "a change of the rubric awaits a second person"
    ),
    facts.TargetChangeProposed: Row(
        "second", _ADMINISTRATOR, "有目标变更待第二人确认", "a change of a target awaits a second person"
    ),
    facts.MarkingProposed: Row("second", _ADMINISTRATOR, "有双评方案待第二人确认", "a marking awaits a second person"),
    facts.JointClaimed: Row("second", _UNIT, "有联合申报待贵单位确认", "a joint claim awaits your unit"),
    facts.AdjustmentProposed: Row("second", _APPROVER, "有分数调整待批准", "an adjustment awaits a second person"),
    facts.BonusProposed: Row("second", _APPROVER, "有加分待批准", "a bonus awaits a second person"),
    facts.AppealFiled: Row("second", _ADMINISTRATOR, "有申诉待指派", "an appeal waits to be assigned"),
    facts.ObjectionFiled: Row("second", _ADMINISTRATOR, "有异议待答复", "an objection waits for an answer"),
    facts.ExtensionProposed: Row("second", _ADMINISTRATOR, "有延期待第二人确认", "an extension awaits a second person"),
    facts.ReopeningProposed: Row("second", _ADMINISTRATOR, "有重启待第二人确认", "a reopening awaits a second person"),
    facts.ResultsProposed: Row("second", _ADMINISTRATOR, "有成绩待第二人公布", "results await a second person"),
    facts.RubricDrafted: Row("second", _ADMINISTRATOR, "有考核表待第二人公布", "a rubric awaits a second person"),
    facts.InterpretationDecided: Row(
        "second", _ADMINISTRATOR, "有口径待第二人公布", "an interpretation awaits a second person"
    ),
    facts.ReadmissionProposed: Row(
        "second", _ADMINISTRATOR, "有人员再次放行待第二位管理员办理", "letting somebody in anew awaits a second person"
    ),
    facts.ErasureRequested: Row("second", ("erase",), "有删除申请待第二人批准", "an erasure awaits a second person"),
    facts.NoticeChannelSet: Row(ADDRESS, (ONESELF,), "请确认通知地址", "confirm where notices reach you", own=True),
    facts.NoticeCheckRequested: Row(
        ADDRESS, (ONESELF,), "请确认通知地址", "confirm where notices reach you", own=True
    ),
    facts.AppealAssigned: Row(
        "assigned", ("decide-appeal",), "有申诉交由您裁决", "an appeal was laid before you", person=lambda f: f.person
    ),
    facts.WaiverSigned: Row(
        "assigned", (EVERYBODY,), "您的利益冲突已获豁免", "a conflict of yours was waived", person=lambda f: f.person
    ),
    facts.RecomputationFinished: Row(
        "incident",
        ("administer", "audit"),
        "重算与现行成绩不符",
        "a recomputation differs",
        lambda f: f.differences > 0,
    ),
}  # fmt: skip
