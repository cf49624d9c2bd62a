"""What happens in the demo year beside the everyday: tables that the year reads from. All of it is invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bonus:
    """A bonus of item 7 or 27. ``end``: claimed, proposed, granted, declined, revoked or taken (by another unit)."""

    unit: str
    leaf: str
    key: str
    title: str
    end: str
    level: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An adjustment. ``end``: proposed, approved, declined or revoked."""

    unit: str
    leaf: str
    delta: str
    code: str
    text: str
    end: str


# Evidence that was not good enough at first: returned while the year was open, or after it was closed.
RETURNED_EARLY = {("xigang", "1c"), ("jinzhou", "8c"), ("wafangdian", "15b"), ("education", "3a"), ("commerce", "8d")}
RETURNED_LATE = {("ganjingzi", "11a"), ("zhuanghe", "18a"), ("transport", "22a")}
REJECTED = {("shahekou", "16a"), ("pulandian", "24a"), ("construction", "25a"), ("finance", "1e")}

# What still waits when the doors open, so that a visitor finds work: nobody has verified these.
ANSWER_AWAITED = ("zhongshan", "6a")
WAITING = {ANSWER_AWAITED, ("xigang", "11a"), ("ganjingzi", "21b"), ("lushunkou", "23c"), ("port", "18a")}

# What a unit has none of: the points go to the other leaves of the item, or a reviewer gives them.
ABSENT = {
    ("changhai", "9a"): "县内无国有公司 the county has no state-owned company",
    ("changhai", "9b"): "县内无国有公司 the county has no state-owned company",
    ("education", "8c"): "所属均为公办学校 all members are public schools",
    ("education", "8d"): "所属均为公办学校 all members are public schools",
    ("finance", "15a"): "无下属行业工会 there is no subordinate sector union",
    ("health", "11a"): "所属无规模以上工业企业 no member is an industrial enterprise above scale",
}
# An item of one leaf has nobody to take its points.
ALONE = {("health", "11a"): "3.60"}

BONUSES = (
    Bonus("jinzhou", "7a", "DL-SC-2026-001", "全市软件和信息服务业行业集体合同", "granted"),
    Bonus("jinzhou", "7b", "DL-QX-2026-011", "装备制造行业工资专项集体合同", "granted"),
    Bonus("jinzhou", "7b", "DL-QX-2026-012", "汽车零部件行业工资专项集体合同", "granted"),
    Bonus("zhongshan", "7b", "DL-QX-2026-013", "住宿餐饮行业工资专项集体合同", "granted"),
    Bonus("zhongshan", "7c", "DL-XQ-2026-101", "人民路街道商务楼宇小行业工资专项集体合同", "granted"),
    Bonus("zhongshan", "7c", "DL-XQ-2026-102", "桃源街道养老服务小行业工资专项集体合同", "proposed"),
    Bonus("shahekou", "7b", "DL-QX-2026-014", "家政服务行业工资专项集体合同", "revoked"),
    Bonus("shahekou", "7c", "DL-XQ-2026-103", "星海湾街道餐饮小行业工资专项集体合同", "granted"),
    Bonus("ganjingzi", "7b", "DL-QX-2026-015", "物流行业工资专项集体合同", "granted"),
    Bonus("ganjingzi", "7c", "DL-XQ-2026-103", "餐饮小行业工资专项集体合同", "taken"),
    Bonus("wafangdian", "7b", "DL-QX-2026-016", "轴承行业工资专项集体合同", "granted"),
    Bonus("zhuanghe", "7c", "DL-XQ-2026-104", "海产品加工小行业工资专项集体合同", "declined"),
    Bonus("lushunkou", "7c", "DL-XQ-2026-105", "樱桃种植小行业工资专项集体合同", "claimed"),
    Bonus("port", "7b", "DL-QX-2026-017", "引航和拖轮行业工资专项集体合同", "granted"),
    Bonus("construction", "7b", "DL-QX-2026-018", "装饰装修行业工资专项集体合同", "declined"),
    Bonus("jinzhou", "27a", "DL-CX-2026-1", "“云上职工之家”", "granted"),
    Bonus("education", "27a", "DL-CX-2026-2", "青年教师教学竞赛联盟", "granted"),
    Bonus("pulandian", "27a", "DL-CX-2026-3", "流动工会服务车", "declined"),
    Bonus("shahekou", "27b", "新业态入会一码通", "新就业形态劳动者“一码入会”", "granted", "province"),
    Bonus("port", "27b", "班组安全微讲堂", "港口班组安全微讲堂", "granted", "nation"),
    Bonus("zhuanghe", "27b", "渔民工匠学院", "渔民工匠学院", "revoked", "city"),
    Bonus("machinery", "27b", "师带徒积分银行", "师带徒积分银行", "granted", "city"),
)

CHANGES = (
    Change("pulandian", "23b", "0.20", "data-error", "统计口径有误，两家企业已迁出本区，核减后应予加回。", "approved"),
    Change("changhai", "15b", "0.15", "late-evidence", "受台风停航影响，三家企业的材料迟到，经核实有效。", "approved"),
    Change("wafangdian", "6a", "-0.50", "inspection", "实地抽查发现五份合同已过期未续签。", "approved"),
    Change("commerce", "20a", "0.10", "rule-reading", "电子书屋是否计入存在不同理解，拟予加分。", "declined"),
    Change("transport", "8a", "-0.30", "inspection", "抽查时厂务公开栏内容陈旧，复查后已更新。", "revoked"),
    Change("shahekou", "8d", "-0.20", "inspection", "抽查一家企业职代会记录不完整。", "approved"),
    Change("zhongshan", "3b", "-0.10", "data-error", "两家工会的AAA等级已到期，拟予核减。", "proposed"),
)
