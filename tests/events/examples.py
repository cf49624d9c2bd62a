"""One fact of every type, and how its golden entry is written: fixed ids, times and actor.

A new type or version gets its golden file by ``python -m tests.events.examples``, which never touches one that is
there: what was once written must be read for ever.
"""

import json
from pathlib import Path

from domain import facts
from events.codec import to_event
from events.entry import Actor, Context, Head, build, leaf_of

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
LEAVES = GOLDEN / "leaves.txt"
DIGEST = "6f1ed002ab5595859014ebf0951522d9a7dbb7a1c1f1f2f8f2e5d1c3b4a59687"
ONE, TWO, THREE = (f"01976f2a-0000-7000-8000-00000000000{number}" for number in (1, 2, 3))
ID = "01976f2a-7d00-7abc-8def-0123456789ab"
CONTEXT = Context("example.org/kaohe", Actor(ONE, "reviewer", "democracy"), "2026-06-15T08:30:00.123456Z", TWO, THREE)
HEAD = Head(6, bytes.fromhex(DIGEST))
EFFECTIVE = "2026-06-01T00:00:00.000000Z"
LAST = "2026-07-01T15:59:59.000000Z"
SHEET = "sheet/2026/zhongshan/7"
SHARES = {"xigang": "1.50", "zhongshan": "1.50"}

EXAMPLES: dict[str, tuple[str, facts.Fact]] = {
    type(fact).__name__: (stream, fact)
    for stream, fact in (
        (
            SHEET,
            facts.FiguresSubmitted(
                ONE,
                {
                    "6a": {"numerator": 412, "denominator": 500},
                    "6b": {"points": "2.50"},
                    "14a": {"yes": ["document", "rules"]},
                    "16a": {"yes": True},
                    "27b": {"awards": ["city", "nation"]},
                },
            ),
        ),
        (SHEET, facts.SubmissionWithdrawn(ONE, "填报有误")),
        (SHEET, facts.EvidenceAttached(ONE, "6a", DIGEST, "application/pdf", 52_428_800, DIGEST, TWO)),
        (SHEET, facts.EvidenceWithdrawn(ONE, "页码有误")),
        (SHEET, facts.EvidenceReviewed(ONE, "6a", "returned", "字迹不清")),
        (SHEET, facts.FiguresVerified("6a", ONE, {"numerator": 402, "denominator": 500}, True, "十份合同无效")),
        (SHEET, facts.LeafJudged("10a", "0.33", "合同已起草", alone=True)),
        (SHEET, facts.JudgementSealed("10a", ONE, "0.50", DIGEST, alone=True)),
        (SHEET, facts.SecondJudgementGiven("6b", "2.00", "四项做到两项")),
        (SHEET, facts.SecondJudgementWaived("6b", "部门仅此一名审核人")),
        (SHEET, facts.JudgementOpened("6b", "3.00", "四项做到三项", DIGEST)),
        (SHEET, facts.JudgementModerated("6b", "2.50", "第三项部分做到")),
        (SHEET, facts.NotApplicableConfirmed("10a", "没有女职工")),
        (SHEET, facts.AdjustmentProposed(ONE, "6a", "-1.05", "late-evidence", "证据逾期")),
        (SHEET, facts.AdjustmentApproved(ONE, "6a", "属实")),
        (SHEET, facts.AdjustmentDeclined(ONE, "6a", "依据不足")),
        (SHEET, facts.AdjustmentRevoked(ONE, "6a", "复核有误")),
        (SHEET, facts.BonusClaimed(ONE, "7a", "ＤＬ－１２", "行业集体合同")),
        (SHEET, facts.BonusProposed(ONE, "27b", "大连经验", "典型经验", "nation", "全总推广，文件在案", [TWO, THREE])),
        (SHEET, facts.BonusGranted(ONE, "27b", "已核对文件")),
        (SHEET, facts.BonusDeclined(ONE, "27b", "未见文件")),
        (SHEET, facts.BonusRevoked(ONE, "27b", "文件已撤销")),
        ("sheet/2026/zhongshan/1", facts.TargetApplied("1a", 120, "市总下达")),
        ("sheet/2026/zhongshan/1", facts.RubricApplied(DIGEST, "口径已定，从严掌握", ["1b"])),
        ("sheet/2026/zhongshan/1", facts.WithdrawalApplied("名册有误")),
        (SHEET, facts.AppealFiled(ONE, "6a", "合同数少计十份", [TWO], THREE)),
        (SHEET, facts.AppealAssigned(ONE, "6a", TWO, "未曾办理本表")),
        (SHEET, facts.AppealDecided(ONE, "6a", "partly", "0.50", THREE, "其中五份有效")),
        (
            SHEET,
            facts.JointClaimed(ONE, "27b", "大连经验", "典型经验", "nation", "zhongshan", "27", SHARES, "两区共创"),
        ),
        (SHEET, facts.JointClaimAgreed(ONE, "27b", "大连经验", "典型经验", "nation", "xigang", SHARES)),
        (SHEET, facts.JointClaimDisputed(ONE, "27b", "大连经验", "典型经验", "nation", "xigang", SHARES, "我方牵头")),
        (SHEET, facts.JointSplitProposed(ONE, "7a", "ＤＬ－１２", SHARES, "双方各半")),
        (
            SHEET,
            facts.JointSplitDecided(
                ONE, "27b", "大连经验", "典型经验", "nation", "zhongshan", SHARES, "双方各半，同意"
            ),
        ),
        ("claim/2026/7a/e3d99c1d0e2f10d11df288ed9476fc3e", facts.KeyReserved("zhongshan", "7", ONE)),
        ("claim/2026/7a/e3d99c1d0e2f10d11df288ed9476fc3e", facts.KeyReleased(ONE)),
        ("rubric/six-actions", facts.RubricDrafted(DIGEST, "“六个专项行动”检查项目表")),
        ("rubric/six-actions", facts.RubricPublished(DIGEST)),
        ("rubric/six-actions", facts.RubricDraftWithdrawn(DIGEST, "口径另行研究")),
        (
            "cycle/2026",
            facts.CycleCreated(
                "2026年度考核", "Assessment of 2026", "six-actions", DIGEST, {"open": LAST, "closed": LAST}
            ),
        ),
        ("cycle/2026", facts.PeriodBegun("2025-12-31T16:00:00.000000Z")),
        ("cycle/2026", facts.UnitEnrolled("zhongshan", "district", "中山区总工会", "Zhongshan District")),
        ("cycle/2026", facts.UnitWithdrawn("zhongshan", "名册有误")),
        ("cycle/2026", facts.PhaseAdvanced("open", "closed", "填报结束")),
        ("cycle/2026", facts.DeadlineMoved("open", "", LAST, "台风")),
        (
            "cycle/2026",
            facts.ResultsProposed(
                1, "provisional", DIGEST, DIGEST, {"Q6": "on-top"}, "kaohe 0.1.0 3f2a9c0d1e4b5a67", 30_000, "复核完毕"
            ),
        ),
        (
            "cycle/2026",
            facts.ResultsPublished(
                1, DIGEST, DIGEST, {"Q6": "on-top"}, "kaohe 0.1.0 3f2a9c0d1e4b5a67", 30_002, "同意公示"
            ),
        ),
        (
            "cycle/2026",
            facts.CycleFinalised(
                2, DIGEST, DIGEST, {"Q6": "on-top"}, "kaohe 0.1.0 3f2a9c0d1e4b5a67", 31_000, "同意公布"
            ),
        ),
        ("cycle/2026", facts.ExtensionProposed(ONE, "zhongshan", "open", LAST, "台风停工")),
        ("cycle/2026", facts.ExtensionGranted(ONE, "zhongshan", "open", LAST, "情况属实")),
        ("cycle/2026", facts.ReopeningProposed(ONE, {"review": LAST, "appeal": LAST}, "发现重大差错")),
        ("cycle/2026", facts.CycleReopened(ONE, 2, {"review": LAST, "appeal": LAST}, "同意重启")),
        ("cycle/2026", facts.WaiverSigned(ONE, "zhongshan", "legal", "部门仅此一名审核人")),
        ("cycle/2026", facts.MarkingProposed(ONE, 20, {"legal": 50}, "0.50", "本年起双评")),
        ("cycle/2026", facts.MarkingSet(ONE, 20, {"legal": 50}, "0.50", DIGEST, "同意")),
        ("cycle/2026", facts.MarkingRevealed(ONE, DIGEST, DIGEST)),
        ("cycle/2026", facts.TargetIssued("zhongshan", "1a", 120, "市总下达")),
        (
            "cycle/2026",
            facts.RubricChangeProposed(
                ONE, DIGEST, DIGEST, DIGEST, 12, 6, "kaohe 0.1.0 3f2a9c0d1e4b5a67", 30_000, "口径已定，从严掌握"
            ),
        ),
        (
            "cycle/2026",
            facts.RubricAdopted(ONE, DIGEST, DIGEST, DIGEST, "kaohe 0.1.0 3f2a9c0d1e4b5a67", "影响已核对"),
        ),
        (
            "cycle/2026",
            facts.TargetChangeProposed(
                ONE,
                "zhongshan",
                "1a",
                120,
                150,
                EFFECTIVE,
                DIGEST,
                12,
                6,
                "kaohe 0.1.0 3f2a9c0d1e4b5a67",
                30_000,
                "市总调整年度任务",
            ),
        ),
        (
            "cycle/2026",
            facts.TargetChangeConfirmed(ONE, DIGEST, "kaohe 0.1.0 3f2a9c0d1e4b5a67", "影响已核对"),
        ),
        ("cycle/2026", facts.TargetChangeWithdrawn(ONE, "影响过大，另行研究")),
        ("cycle/2026", facts.RubricChangeWithdrawn(ONE, "影响过大，另行研究")),
        ("cycle/2026", facts.ObjectionFiled(ONE, 1, "xigang", "zhongshan", "第六项数据与公开材料不符")),
        (
            "cycle/2026",
            facts.ObjectionAnswered(ONE, "xigang", "zhongshan", "referred", "须由未办理该表的人裁决", "6", "6a", TWO),
        ),
        (f"person/{ONE}", facts.PersonRegistered(DIGEST)),
        (f"person/{ONE}", facts.RoleGranted("approver", "*", "任命")),
        (f"person/{ONE}", facts.RoleRevoked("approver", "*", "调离")),
        (f"person/{ONE}", facts.ConflictDeclared("zhongshan", "亲属任职")),
        (f"person/{ONE}", facts.CredentialIssued(TWO, DIGEST, LAST)),
        (f"person/{ONE}", facts.CredentialRevoked(TWO, "遗失")),
        (f"person/{ONE}", facts.CredentialRotated(ONE, TWO, DIGEST, LAST, EFFECTIVE)),
        (f"person/{ONE}", facts.InvitationIssued(TWO, DIGEST, LAST)),
        (f"person/{ONE}", facts.InvitationAccepted(TWO, THREE)),
        (f"person/{ONE}", facts.IdentityLinked(TWO, DIGEST)),
        (f"person/{ONE}", facts.ReadmissionProposed(TWO, "令牌遗失")),
        (f"person/{ONE}", facts.IdentityUnlinked(TWO, "调离")),
        (f"person/{ONE}", facts.SignedIn(THREE, DIGEST, LAST, TWO)),
        (f"person/{ONE}", facts.NoticeChannelSet("webhook", DIGEST, "zh", ["returned", "results"])),
        (f"person/{ONE}", facts.NoticeSecretSet(DIGEST)),
        (f"person/{ONE}", facts.NoticeChannelClosed("email")),
        (f"person/{ONE}", facts.NoticeCheckRequested("email")),
        (f"person/{ONE}", facts.NoticeCodeIssued(DIGEST, DIGEST, LAST)),
        (f"person/{ONE}", facts.NoticeCodeMissed(DIGEST)),
        (f"person/{ONE}", facts.NoticeAddressConfirmed("email", DIGEST, DIGEST)),
        (f"notice/{DIGEST[:32]}", facts.NoticeResendingOrdered(DIGEST[:32], 1, "邮件服务已恢复")),
        ("refusals/2026-06-15", facts.ActRefused("approve-adjustment", "own-act", SHEET, "")),
        (f"access/{ONE}", facts.EvidenceDownloaded(ONE, SHEET, DIGEST)),
        (f"access/{ONE}", facts.ImportDownloaded(ONE, f"import/2026/{ONE}", DIGEST)),
        (f"recomputation/{ONE}", facts.RecomputationRequested(ONE, "年度复核")),
        (f"recomputation/{ONE}", facts.RecomputationFinished(ONE, 30_000, DIGEST, 1_120, 2, "0.1.0", '{"leaves":[]}')),
        (f"recomputation/{ONE}", facts.RecomputationApproved(ONE, "差异属实")),
        (f"recomputation/{ONE}", facts.RecomputationApplied(ONE, 30_000, DIGEST)),
        ("rubric/six-actions", facts.InterpretationDecided("Q3", "zero", DIGEST, DIGEST, ONE, "从严掌握")),
        (
            f"simulation/{ONE}",
            facts.SimulationRequested(
                ONE,
                "2026",
                "",
                {"Q3": "zero"},
                {"zhongshan": {"16a": {"yes": True}}},
                "看看影响",
                {"xigang": {"1a": 120}},
            ),
        ),
        (
            f"simulation/{ONE}",
            facts.SimulationFinished(ONE, 30_000, DIGEST, DIGEST, 12, 6, "kaohe 0.1.0 3f2a9c0d1e4b5a67", DIGEST),
        ),
        (
            f"import/2026/{ONE}",
            facts.ImportConfirmed(ONE, "figures", DIGEST, "xlsx", DIGEST, 75, 40, 3, 11, 5, "按填报模板导入", 18_432),
        ),
        (f"import/2026/{ONE}", facts.RosterImported(ONE, ["zhongshan", "xigang"])),
        (f"import/2026/{ONE}", facts.FiguresImported(ONE, "zhongshan", {"1": TWO, "6": THREE})),
        (f"import/2026/{ONE}", facts.ImportReversed(ONE, "填报口径有误")),
        (
            f"export/{ONE}",
            facts.ExportMade(
                ONE, "results", "xlsx", DIGEST, 48_213, 40, 30_000, {"cycle": "2026", "units": "40"}, DIGEST
            ),
        ),
        (f"erasure/{TWO}", facts.ErasureRequested(TWO, "《个人信息保护法》第四十七条")),
        (f"erasure/{TWO}", facts.ErasureApproved(TWO, "已核实本人申请", [DIGEST], [DIGEST])),
        (f"erasure/{TWO}", facts.ErasureCarriedOut(TWO, [DIGEST], [DIGEST])),
    )
}


def golden(name: str, version: int) -> Path:
    return GOLDEN / f"{name}.v{version}.json"


def written(name: str) -> bytes:
    """The entry today's program writes for an example; only its fresh id is replaced by a fixed one."""
    stream, fact = EXAMPLES[name]
    entry = build(stream, HEAD, to_event(fact, EFFECTIVE), CONTEXT)
    return entry.replace(json.loads(entry)["id"].encode(), ID.encode())


def main() -> None:
    for name, (_, fact) in EXAMPLES.items():
        place = golden(name, to_event(fact).version)
        if not place.exists():
            place.write_bytes(written(name))
            with LEAVES.open("a", encoding="ascii") as leaves:
                leaves.write(f"{place.stem} {leaf_of(written(name)).hex()}\n")


if __name__ == "__main__":
    main()
