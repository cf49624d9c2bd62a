"""One unit's sheet as the federation prints it: group, number, verbatim text, points, objects, and three columns."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.columns import LeafScore
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.points import show
from domain.rubric.identity import identity
from domain.rubric.model import Item, Rubric
from domain.rubric.texts import Text
from service.files.book import Book, Column, Omission, Row, Table

THREE = (
    Column("claimed", Text("申报分", "claimed"), "points", 10),
    Column("verified", Text("核实分", "verified"), "points", 10),
    Column("final", Text("最终分", "final"), "points", 10),
)
_ITEMS = (
    Column("area", Text("考核内容", "area"), width=7),
    Column("group", Text("专项行动", "group"), width=18),
    Column("item", Text("项目", "item"), width=6),
    Column("text", Text("具体项目", "what is assessed"), width=58),
    Column("points", Text("分值", "points"), "points", 10),
    Column("objects", Text("考核对象", "objects"), width=22),
    *THREE,
)
STATES = {
    "empty": Text("未填报", "nothing was filed"),
    "pending": Text("已申报，待审核", "filed, and waits for review"),
    "verified": Text("已核实", "reviewed"),
    "not-applicable": Text("不适用", "does not apply"),
}
LEAVES = (
    Column("item", Text("项目", "item"), width=6),
    Column("leaf", Text("小项", "leaf"), width=8),
    Column("title", Text("小项内容", "leaf title"), width=56),
    Column("department", Text("负责部门", "department"), width=18),
    Column("maximum", Text("满分", "maximum"), "points", 10),
    *THREE,
    Column("status", Text("状态", "status"), width=16, words=STATES),
)
_SUMS = ((Text("基础分合计", "base"), "base"), (Text("加分合计", "bonus"), "bonus"), (Text("总分", "total"), "total"))
_BONUS = Text("加分项目", "bonus item")
_BEYOND = Omission(
    "beyond-this-layout",
    "此表只含分数：填报数据、证据文件、理由与历史见各项考核表",
    "points alone: figures, evidence, reasons and history stand on the sheets",
    ("figures", "evidence", "history"),
)


def sheet_book(
    rubric: Rubric, cycle: Cycle, unit: Unit, scores: Mapping[str, LeafScore], sums: Mapping[str, Any],
    scope: Mapping[str, str], position: int,
) -> Book:  # fmt: skip
    """The sheet of a unit from its leaves' scores and their sums, as ``sum_up`` gives them."""
    title = Text(f"{cycle.title.zh} {unit.name_zh} 检查项目表", f"{cycle.title.en} {unit.name_en}: check-list")
    lang = scope["language"]
    heading = "　".join((rubric.title.in_(lang), cycle.title.in_(lang), unit.name.in_(lang)))
    items = _items(rubric, unit.cohort, sums, heading, lang)
    leaves = Table("leaves", Text("评分点", "leaves"), LEAVES, leaf_rows(rubric, unit.cohort, scores, lang))
    apart = [item.id for item in rubric.items if unit.cohort not in item.points]
    omissions = [pending([leaf for leaf, score in scores.items() if score.status == "pending"]), _BEYOND]
    if apart:
        omissions.append(Omission("not-of-this-cohort", "不适用于本组别的项目，只列原文不计分",
                                  "items that are not this cohort's: their text without points", apart))  # fmt: skip
    about = {"rank": sums["rank"], "cohort": unit.cohort, "rubric": identity(rubric)}
    return Book("sheet", title, position, scope, [items, leaves], omissions, about)


def name_column(lang: str) -> Column:
    """The column of a unit's name in a language."""
    return Column(f"name_{lang}", Text("单位名称", "unit name"), width=30)


def pending(leaves: Sequence[str]) -> Omission:
    """What was filed and nobody has reviewed: it counts nothing yet."""
    return Omission("pending", "已申报、尚未审核，核实分计0", "filed and not yet reviewed: it counts 0 here", leaves)


def leaf_rows(rubric: Rubric, cohort: str, scores: Mapping[str, LeafScore], lang: str) -> list[Row]:
    """A row a leaf of the cohort's, in sheet order."""
    names = {each.id: each.name.in_(lang) for each in rubric.departments}
    return [
        [item.id, leaf.id, leaf.faces[cohort].title.in_(lang), names[leaf.department],
         None if score.maximum is None else show(score.maximum), *map(show, score[:3]), score.status]
        for item in rubric.items for leaf in item.leaves if (score := scores.get(leaf.id)) is not None
    ]  # fmt: skip


def _items(rubric: Rubric, cohort: str, sums: Mapping[str, Any], heading: str, lang: str) -> Table:
    rows: list[Row] = []
    spans: list[tuple[int, int, int, int]] = []
    area = re.search("“(.+?)”", rubric.title.in_(lang))
    for group in rubric.groups:
        named, points = group.name.in_(lang), group.points.get(cohort, 0)
        if points:
            named += Text(f"（{_short(points)}分）", f" ({_short(points)} points)").in_(lang)
        spans.append((len(rows), 1, len(rows) + len(group.items) - 1, 1))
        first = area[1] if area else rubric.title.in_(lang)
        rows += [[first, named, *_item(item, cohort, sums, lang)] for item in group.items]
    spans.append((0, 0, len(rows) - 1, 0))
    of = rubric.cohort(cohort)
    for name, part in _SUMS:
        most = show(of.points) if part == "base" else None
        ranked = Text(f"{of.name.zh}，名次 {sums['rank']}", f"{of.name.en}, rank {sums['rank']}").in_(lang)
        place = ranked if part == "total" else None
        rows.append([None, name.in_(lang), None, place, most, None, *(sums[part][column.id] for column in THREE)])
    kept = [span for span in spans if span[2] > span[0]]
    return Table("items", Text("检查项目表", "check-list"), _ITEMS, rows, heading, kept)


def _item(item: Item, cohort: str, sums: Mapping[str, Any], lang: str) -> Row:
    scored = sums["items"].get(item.id)
    points = item.points.get(cohort)
    worth = "—" if points is None else show(points) if points else _BONUS.in_(lang)
    three = [scored[column.id] if scored else None for column in THREE]
    return [item.id, item.text.in_(lang), worth, "\n".join(item.assessed(lang)), *three]


def _short(points: int) -> str:
    """Points as the sheet prints them: 17, not 17.00."""
    return show(points).removesuffix(".00")
