"""Why an act may be refused: one closed table of codes with a sentence in Chinese and English.

``kind`` says what sort of no it is; the API maps kinds to statuses. ``traced`` refusals leave an ActRefused event:
a blocked act is evidence too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Kind(Enum):
    """What sort of no: unknown thing, no right, broken content, or the rules or the record say no."""

    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the table."""

    kind: Kind
    zh: str
    en: str
    traced: bool = False


REASONS = {
    "unknown-cycle": Reason(Kind.UNKNOWN, "没有这个考核周期", "there is no such cycle"),
    "unknown-unit": Reason(Kind.UNKNOWN, "该周期没有这个单位", "there is no such unit in this cycle"),
    "unknown-item": Reason(Kind.UNKNOWN, "考核表没有这一项", "the rubric has no such item for this unit"),
    "unknown-leaf": Reason(Kind.UNKNOWN, "该项没有这一小项", "the item has no such leaf for this unit"),
    "unknown-person": Reason(Kind.UNKNOWN, "没有这个人", "there is no such person"),
    "unknown-rubric": Reason(Kind.UNKNOWN, "没有这份考核表", "there is no such published rubric"),
    "unknown-submission": Reason(Kind.UNKNOWN, "没有这份有效申报", "there is no such submission in force"),
    "unknown-evidence": Reason(Kind.UNKNOWN, "没有这份证据", "there is no such evidence"),
    "unknown-adjustment": Reason(Kind.UNKNOWN, "没有这项调整", "there is no such adjustment"),
    "unknown-bonus": Reason(Kind.UNKNOWN, "没有这项加分", "there is no such bonus"),
    "unknown-credential": Reason(Kind.UNKNOWN, "没有这个有效凭证", "there is no such credential in force"),
    "unknown-identity": Reason(Kind.UNKNOWN, "没有这个已关联的登录身份", "there is no such linked identity"),
    "unknown-year": Reason(Kind.UNKNOWN, "该年度的节假日安排尚未录入", "the holidays of this year are not known yet"),
    "unknown-extension": Reason(Kind.UNKNOWN, "没有这项延期", "there is no such extension"),
    "unknown-reopening": Reason(Kind.UNKNOWN, "没有这项待确认的重启", "there is no such reopening to confirm"),
    "unknown-marking": Reason(Kind.UNKNOWN, "没有这项双评规则", "there is no such rule of double marking"),
    "unknown-appeal": Reason(Kind.UNKNOWN, "没有这项申诉", "there is no such appeal"),
    "unknown-objection": Reason(Kind.UNKNOWN, "没有这项异议", "there is no such objection"),
    "unknown-publication": Reason(Kind.UNKNOWN, "没有这次公布", "there is no such publication"),
    "unknown-rubric-change": Reason(Kind.UNKNOWN, "没有这项考核表变更", "there is no such change of the rubric"),
    "unknown-target-change": Reason(Kind.UNKNOWN, "没有这项目标变更", "there is no such change of a target"),
    "unknown-recomputation": Reason(Kind.UNKNOWN, "没有这次重算", "there is no such recomputation"),
    "unknown-simulation": Reason(Kind.UNKNOWN, "没有这次模拟", "there is no such simulation"),
    "unknown-erasure": Reason(Kind.UNKNOWN, "没有这项删除申请", "there is no such erasure"),
    "unknown-channel": Reason(Kind.UNKNOWN, "没有开通这个通知渠道", "this channel of notices is not open"),
    "unknown-delivery": Reason(Kind.UNKNOWN, "没有这份未送达的通知", "there is no such dead letter"),
    "unknown-subject": Reason(
        Kind.INVALID, "该主体没有可删除的内容", "there is nothing of this subject that could be erased"
    ),
    "unknown-export": Reason(Kind.UNKNOWN, "没有这次导出", "there is no such export"),
    "unknown-import": Reason(Kind.UNKNOWN, "没有这次导入", "there is no such import"),
    "unknown-file": Reason(Kind.UNKNOWN, "此次导入的文件未保存", "the file of this import was not kept"),
    "not-permitted": Reason(Kind.FORBIDDEN, "您的角色不允许此操作", "your roles do not permit this"),
    "conflict-of-interest": Reason(
        Kind.FORBIDDEN, "您与该单位有利益冲突", "you have a conflict of interest with this unit", traced=True
    ),
    "own-act": Reason(
        Kind.FORBIDDEN,
        "不得处理本人提出的事项，须由第二人办理",
        "a second person must decide what you began",
        traced=True,
    ),
    "not-impartial": Reason(
        Kind.FORBIDDEN,
        "曾在该表上办理事项，或与所涉异议有关的人，不得裁决其申诉",
        "whoever acted on the sheet, or has to do with the objection behind it, may not decide its appeal",
        traced=True,
    ),
    "not-assigned": Reason(
        Kind.FORBIDDEN, "该申诉未交由您裁决", "the appeal is not laid before you", traced=True
    ),
    "bad-assignee": Reason(
        Kind.INVALID, "此人无权裁决该申诉", "this person could not decide the appeal"
    ),
    "bad-figures": Reason(Kind.INVALID, "数据不合规则", "the figures do not fit the leaf's rule"),
    "wrong-rule": Reason(Kind.INVALID, "该小项的计分方式不适用此操作", "the leaf's rule kind does not take this act"),
    "bad-points": Reason(Kind.INVALID, "分值不在允许的范围内", "the points are not among those allowed here"),
    "bad-percent": Reason(Kind.INVALID, "比例须为0至100的整数", "a percentage is a whole number from 0 to 100"),
    "bad-key": Reason(Kind.INVALID, "登记号或经验名称无效", "the register number or experience key is no key"),
    "bad-outcome": Reason(Kind.INVALID, "结论不在允许范围内", "the outcome is not one of those allowed here"),
    "bad-id": Reason(
        Kind.INVALID, "编号须为1至40个字母、数字、点或横线", "an id is 1 to 40 ASCII letters, digits, '.', '_' or '-'"
    ),
    "moment-over": Reason(
        Kind.INVALID,
        "该时刻已过；要立即结束本阶段，请进入下一阶段",
        "this moment has passed: to end a phase at once, go to the next one",
    ),
    "bad-moment": Reason(Kind.INVALID, "时间须带时区", "a moment is an RFC 3339 time with its zone"),
    "bad-recorded-time": Reason(
        Kind.INVALID,
        "所问的记录时间尚未到来，到时记录可能已不同",
        "that time has not come yet, and the record may still grow before it",
    ),
    "bad-effective": Reason(
        Kind.INVALID,
        "生效时间不得晚于现在，也不得早于考核期开始",
        "nothing is effective in the future or before the assessed period begins",
    ),
    "no-reason": Reason(Kind.INVALID, "须写明理由", "a reason must be written"),
    "bad-shares": Reason(
        Kind.INVALID,
        "份额须覆盖各申报单位且合计等于该项分值",
        "the shares must be those of the partners and add up to the points",
    ),
    "bad-level": Reason(Kind.INVALID, "加分等级不在允许范围内", "the bonus level is not one the leaf allows"),
    "bad-address": Reason(Kind.INVALID, "不是该渠道可用的地址", "this is no address of the channel"),
    "bad-calendar": Reason(Kind.INVALID, "时间表不完整或次序有误", "the calendar is incomplete or out of order"),
    "bad-scope": Reason(Kind.INVALID, "该角色不能有此范围", "the role cannot have this scope"),
    "roles-exclude": Reason(
        Kind.RULE, "该人员已有的角色与此角色不得兼任", "this role and one already held exclude each other", traced=True
    ),
    "bad-interpretation": Reason(Kind.INVALID, "口径问题或选项无效", "the question or the option cannot be taken"),
    "bad-cohort": Reason(Kind.INVALID, "考核表没有这一组别", "the rubric has no such cohort"),
    "wrong-phase": Reason(Kind.RULE, "当前阶段不允许此操作", "the cycle's phase does not allow this", traced=True),
    "too-late": Reason(Kind.RULE, "已过截止时间", "the deadline has passed", traced=True),
    "stale": Reason(Kind.RULE, "内容已被更新，请刷新后重试", "the sheet has moved on since you read it", traced=True),
    "over-cap": Reason(
        Kind.RULE, "超过该小项的分值上限或下限", "the leaf's bounds leave no room for this", traced=True
    ),
    "already-decided": Reason(Kind.RULE, "该事项已有结论", "this has been decided already"),
    "not-proposed": Reason(
        Kind.RULE, "尚无审核人提出，不能授予", "no reviewer has proposed it yet: there is nothing to grant"
    ),
    "not-approved": Reason(Kind.RULE, "只能撤销已生效的事项", "only what is in force can be revoked"),
    "key-taken": Reason(
        Kind.RULE, "该登记号或经验已在本周期使用", "this number or experience is taken in this cycle", traced=True
    ),
    "joint-held": Reason(
        Kind.RULE, "联合申报尚未获各方同意，也未裁定分配", "not every partner has agreed, and no split was decided"
    ),
    "already-exists": Reason(Kind.RULE, "已经存在", "it exists already"),
    "evidence-not-open": Reason(Kind.RULE, "该证据已撤回、不予采信或已替换", "the evidence counts no longer"),
    "not-granted": Reason(Kind.RULE, "该角色未授予", "the role was not granted"),
    "phase-order": Reason(Kind.RULE, "阶段只能依次推进", "phases follow one another in order"),
    "not-published": Reason(Kind.RULE, "须先公布本阶段的结果", "the results of this stage must be published first"),
    "results-changed": Reason(
        Kind.RULE, "成绩与提请公布时不同，须重新提请", "the results are no longer those proposed: propose them anew"
    ),
    "results-moved": Reason(
        Kind.RULE,
        "公布之后成绩又有变动，须重新公布（两人）后方可公示",
        "scores have moved since these results were published: publish them anew, by two people, before the notice",
    ),
    "rubric-in-force": Reason(Kind.RULE, "本周期已按这份考核表计分", "the cycle stands under this rubric already"),
    "rubric-unfit": Reason(
        Kind.RULE,
        "考核表的评分点不同，或不能读取已有数据，本周期不能采用",
        "the rubric has other leaves, or cannot take what was filed: this cycle cannot go on under it",
        traced=True,
    ),
    "target-takes-two": Reason(
        Kind.RULE,
        "该目标可能影响成绩，须两人办理：请在 target-changes 提请，由另一人确认",
        "this target could move a score and takes two people: propose it under target-changes",
        traced=True,
    ),
    "difference-changed": Reason(
        Kind.RULE,
        "影响与提请时所示不同，须重新提请",
        "what would move is no longer what was shown: propose it anew",
        traced=True,
    ),
    "results-replaced": Reason(
        Kind.RULE,
        "本周期已重启，异议须针对正在公示的成绩",
        "the cycle was reopened since: object to the results that are laid open now",
    ),
    "results-final": Reason(
        Kind.RULE, "最终结果已公布，须先重启本周期", "the results are final: reopen the cycle first", traced=True
    ),
    "not-sole": Reason(Kind.RULE, "该部门另有可办理的审核人", "the department has another reviewer who can act"),
    "nothing-to-waive": Reason(
        Kind.RULE, "此人没有可豁免的利益冲突", "this reviewer has no conflict that could be waived"
    ),
    "second-awaited": Reason(
        Kind.RULE, "该小项正在双评，须先完成第二评或仲裁", "the leaf waits for its second judgement or for moderation"
    ),
    "no-second-awaited": Reason(Kind.RULE, "该小项不等待第二评", "the leaf waits for no second judgement"),
    "no-moderation-awaited": Reason(Kind.RULE, "该小项不等待仲裁", "the leaf waits for no moderation"),
    "seal-broken": Reason(Kind.RULE, "封存内容缺失或与记录不符", "what was sealed is missing or not what was recorded"),
    "rounds-open": Reason(
        Kind.RULE, "尚有小项正在双评，须先完成第二评或仲裁", "leaves are being judged twice: finish that first"
    ),
    "appeals-open": Reason(Kind.RULE, "尚有申诉未决定", "there are appeals to decide first"),
    "objections-open": Reason(Kind.RULE, "尚有异议未答复", "there are objections to answer first"),
    "already-confirmed": Reason(Kind.RULE, "该地址已经确认", "this address is confirmed already"),
    "no-code": Reason(
        Kind.RULE, "没有有效的确认码，请重新获取", "no code is in force for this address: have it checked once more"
    ),
    "wrong-code": Reason(Kind.RULE, "确认码不正确", "this is not the code"),
    "too-many-checks": Reason(
        Kind.RULE, "今天确认地址的次数过多，请过后再试", "addresses were checked too often today: try again later"
    ),
    "erased-person": Reason(Kind.RULE, "此人的个人信息已依法删除", "the texts about this person were lawfully erased"),
    "bad-simulation": Reason(
        Kind.INVALID, "须给出口径、目标、数据或考核表之一", "name other answers, targets, figures or another rubric"
    ),
    "not-simulated": Reason(
        Kind.RULE, "须先模拟该选项对各单位的影响", "simulate first what exactly this answer would move"
    ),
    "asked-by-program": Reason(
        Kind.RULE,
        "此次重算由程序提请，须先由一人自行提请重算，再由第二人同意",
        "a program asked for this one: ask for a recomputation yourself, then a second person approves it",
    ),
    "other-program": Reason(
        Kind.RULE,
        "此次重算由另一程序比对，须由现行程序重新重算",
        "another program compared this one: ask for a recomputation by the one that is at work now",
    ),
    "program-waiting": Reason(
        Kind.RULE,
        "程序已变更，现行成绩仍由前一程序算得，须先重算",
        "the program has changed and the scores in force are still the former's: a recomputation comes first",
    ),
    "not-by-event": Reason(
        Kind.RULE,
        "口径由事件确定，草案不得自行写入、改动或删去决定",
        "questions are decided by events: a draft adds, alters and drops no decision",
    ),
    "draft-waiting": Reason(Kind.RULE, "已有草案待第二人公布", "a draft is waiting for a second person already"),
    "rubric-changed": Reason(Kind.RULE, "草案与所给哈希不符", "the draft is not the one you name"),
    "identity-taken": Reason(
        Kind.RULE, "该登录身份已与一名人员关联", "the identity is linked to somebody already", traced=True
    ),
    "signs-in-himself": Reason(
        Kind.RULE, "此人自行登录，不得代发凭证", "this person signs in himself: nobody issues for him", traced=True
    ),
    "second-administrator": Reason(
        Kind.RULE,
        "此人有决定权且曾获放行，再次放行须先由另一名管理员提请",
        "who decides something and was let in before is let in anew only as another administrator proposed",
        traced=True,
    ),
    "bad-lifetime": Reason(Kind.INVALID, "有效期超过上限", "it would be in force for longer than allowed"),
    "already-rotated": Reason(Kind.RULE, "该令牌已轮换", "this token was rotated already"),
    "not-rotated": Reason(Kind.RULE, "登录会话不轮换，请重新登录", "a session is not rotated: sign in again"),
    "needs-sign-in": Reason(
        Kind.FORBIDDEN, "领取令牌须登录或出示邀请", "to take a token, sign in or show an invitation"
    ),
    "nothing-waiting": Reason(Kind.RULE, "没有待审的申报数据", "there are no figures to act on"),
    "missing-value": Reason(Kind.INVALID, "缺少必填的值", "a value is missing"),
    "bad-value": Reason(Kind.INVALID, "值过长或含有控制字符", "the value is too long or holds control characters"),
    "wrong-figure": Reason(Kind.INVALID, "该小项没有这个数据", "the leaf takes no such figure"),
    "duplicate-row": Reason(Kind.INVALID, "同一项在文件中出现多次", "the file names this more than once"),
    "enrolled-otherwise": Reason(
        Kind.RULE, "该单位已登记，且内容与此行不同", "the unit is enrolled already, and otherwise than this row says"
    ),
    "rows-refused": Reason(Kind.RULE, "有不能导入的行，整个文件未导入", "rows are refused, so nothing was imported"),
    "nothing-to-import": Reason(Kind.RULE, "与记录一致，没有可导入的内容", "the record says all of this already"),
    "import-changed": Reason(
        Kind.RULE, "文件或记录已与所确认的差异不同，须重新预览",
        "the file or the record no longer gives the difference you confirm: preview it again",
    ),
    "unit-in-use": Reason(Kind.RULE, "该单位已有办理事项，不能撤回登记", "something was done for the unit: it stays"),
    "not-comparable": Reason(Kind.RULE, "重算尚未完成或无差异可采纳", "the recomputation has nothing to apply"),
}  # fmt: skip


class Refused(Exception):
    """An act the rules do not allow. ``code`` is a key of REASONS; ``detail`` names the place in both languages.

    ``named``: each thing that stands in the way, for programs.
    """

    def __init__(
        self,
        code: str,
        detail_zh: str = "",
        detail_en: str = "",
        place: str = "",
        named: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.code = code
        self.reason = REASONS[code]
        self.detail_zh = detail_zh
        self.detail_en = detail_en
        self.place = place
        self.named = named
        super().__init__(f"{code}: {self.reason.en} {detail_en}".strip())
