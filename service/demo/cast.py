"""Who acts in the demo: all six kinds of people; every name is invented."""

from dataclasses import dataclass

from service.demo.places import PLACES


@dataclass(frozen=True, slots=True)
class Player:
    """A person: how the script calls him, his name, his roles within scopes, his declared conflicts."""

    key: str
    name: str
    grants: tuple[tuple[str, str], ...]
    conflicts: tuple[str, ...] = ()


FIRST = Player("administrator", "程望舒", (("administrator", "*"),))
SECOND = Player("administrator-2", "顾南乔", (("administrator", "*"),))

# fmt: off
_CLERKS = (
    "于海宁", "姜晓岚", "宋知远", "曲文静", "迟建业", "孙北辰",
    "毕春生", "丛立夏", "邵志新", "邹渔舟", "林书言", "苏可欣",
    "卢行舟", "石砌成", "杨远帆", "钱守信", "秦广汇", "铁成钢",
)
# fmt: on

CLERKS = tuple(
    Player(f"unit/{place.unit}", name, (("unit", place.unit),)) for place, name in zip(PLACES, _CLERKS, strict=True)
)

DEPARTMENTS = (
    Player("reviewer/organisation", "梁组安", (("reviewer", "organisation"),)),
    Player("reviewer/women", "白若兰", (("reviewer", "women"),)),
    Player("reviewer/audit-office", "严正清", (("reviewer", "audit-office"),)),
    Player("reviewer/democracy", "方商量", (("reviewer", "democracy"),)),
    Player("reviewer/economy", "荆劳谦", (("reviewer", "economy"),)),
    # Her sister works for the union of Lüshunkou: she said so, and a colleague reviews that unit.
    Player("reviewer/legal", "纪明法", (("reviewer", "legal"),), ("lushunkou",)),
    Player("deputy/legal", "洪公允", (("reviewer", "legal"),)),
    Player("reviewer/publicity", "华文采", (("reviewer", "publicity"),)),
    Player("reviewer/livelihood", "温暖阳", (("reviewer", "livelihood"),)),
    Player("reviewer/relevant", "康庄衡", (("reviewer", "relevant"),)),
    # A head who may propose as well as approve, though never the same thing.
    Player("head/democracy", "丁一统", (("reviewer", "democracy"), ("approver", "democracy"))),
)

OTHERS = (
    Player("approver", "沈定夺", (("approver", "*"),)),
    Player("auditor", "郑察微", (("auditor", "*"),)),
    Player("viewer", "江望远", (("viewer", "*"),)),
    Player("viewer/legal", "陆旁观", (("viewer", "legal"),)),
)

CAST = (*CLERKS, *DEPARTMENTS, *OTHERS)

# One of each kind, whose tokens are printed; together they can walk through what the README shows.
SHOWN = {
    "unit": "unit/zhongshan",
    "reviewer": "reviewer/democracy",
    "approver": "approver",
    "auditor": "auditor",
    "administrator": "administrator",
    "viewer": "viewer",
}
