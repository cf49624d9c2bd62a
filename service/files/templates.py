"""Templates to fill in: a roster, and a unit's figures with one row a value, each saying what it takes."""

from collections.abc import Sequence

from domain import rosters
from domain.acts import importing
from domain.figure_rows import asks
from domain.rubric.model import Cohort, Rubric
from domain.rubric.texts import Text
from service.files.book import Book, Column, Omission, Table
from service.files.reading import Columns

ROSTER = Columns(rosters.COLUMNS)
FIGURES = Columns(importing.COLUMNS, ("title", "takes", "department"))
_NAMES = (
    Column("name_zh", Text("中文名称", "name in Chinese"), width=36),
    Column("name_en", Text("英文名称", "name in English"), width=36),
)
_FIGURES = (
    Column("unit", Text("单位编号", "unit id"), width=18), Column("item", Text("项目", "item"), width=8),
    Column("leaf", Text("小项", "leaf"), width=8), Column("figure", Text("数据项", "figure"), width=18),
    Column("value", Text("填报值", "value"), width=16, choices=("text",)),
    Column("title", Text("考核内容", "what is assessed"), width=52),
    Column("takes", Text("填写说明", "what to write"), width=34),
    Column("department", Text("负责部门", "department"), width=18),
)  # fmt: skip


def roster(lang: str, cohorts: Sequence[Cohort]) -> Book:
    """An empty roster, with the cohorts that the rubric has."""
    known = {each.id: each.name for each in cohorts}
    columns = (
        Column("unit", Text("单位编号", "unit id"), width=24),
        Column("cohort", Text("组别", "cohort"), width=16, words=known),
        *_NAMES,
    )
    table = Table("roster", Text("单位名册", "roster"), columns, [])
    return Book("roster-template", Text("单位名册模板", "template of a roster"), 0, {"language": lang}, [table])


def figures(rubric: Rubric, cohort: str, cycle: str, unit: str, lang: str) -> Book:
    """A unit's figures: every value its leaves take, empty."""
    rows: list[list[str | int | None]] = []
    choices: list[tuple[int, tuple[str, ...]]] = []
    without: list[str] = []
    names = {each.id: each.name.in_(lang) for each in rubric.departments}
    for item in rubric.items:
        for leaf in item.leaves:
            if cohort not in leaf.faces:
                continue
            face = leaf.faces[cohort]
            asked = asks(face)
            if not asked:
                without.append(leaf.id)
            for ask in asked:
                if taken := ask.taken(lang):
                    choices.append((len(rows), taken))
                rows.append([unit, item.id, leaf.id, ask.figure, None, face.title.in_(lang),
                             ask.name.in_(lang), names[leaf.department]])  # fmt: skip
    table = Table("figures", Text("填报数据", "figures"), _FIGURES, rows, choices=choices)
    claimed = Omission("claimed-one-by-one", "逐项申请或自动计算的加分点，不在此填报",
                       "bonuses that are claimed one by one or computed take no figures here", without)  # fmt: skip
    title = Text(f"{unit} 填报模板", f"figures of {unit}")
    return Book("figures-template", title, 0, {"cycle": cycle, "unit": unit, "language": lang}, [table], [claimed])
