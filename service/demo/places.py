"""Who is assessed in the demo: Dalian's ten districts and counties, and eight industry unions that are invented."""

from dataclasses import dataclass

CYCLE = "2026"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit; ``strength`` (percent) is how much of what is asked it tends to reach."""

    unit: str
    cohort: str
    zh: str
    en: str
    strength: int


PLACES = (
    Place("zhongshan", "district", "中山区", "Zhongshan District", 99),
    Place("xigang", "district", "西岗区", "Xigang District", 96),
    Place("shahekou", "district", "沙河口区", "Shahekou District", 98),
    Place("ganjingzi", "district", "甘井子区", "Ganjingzi District", 97),
    Place("lushunkou", "district", "旅顺口区", "Lüshunkou District", 93),
    Place("jinzhou", "district", "金州区（金普新区）", "Jinzhou (Jinpu)", 100),
    Place("pulandian", "district", "普兰店区", "Pulandian District", 90),
    Place("wafangdian", "district", "瓦房店市", "Wafangdian City", 94),
    Place("zhuanghe", "district", "庄河市", "Zhuanghe City", 91),
    Place("changhai", "district", "长海县", "Changhai County", 86),
    Place("education", "industry", "市教育工会", "Education workers", 97),
    Place("health", "industry", "市卫生健康工会", "Health workers", 95),
    Place("transport", "industry", "市交通运输工会", "Transport workers", 92),
    Place("construction", "industry", "市建设工会", "Construction workers", 88),
    Place("port", "industry", "市港口工会", "Port workers", 99),
    Place("finance", "industry", "市金融工会", "Finance workers", 96),
    Place("commerce", "industry", "市商贸工会", "Commerce workers", 89),
    Place("machinery", "industry", "市机械冶金工会", "Machinery workers", 94),
)
