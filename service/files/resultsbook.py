"""The book of results: every unit's board, items and leaves, and the departments, as they stand at one moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.columns import LeafScore
from domain.cycle import Cycle
from domain.cycle_contents import Unit
from domain.rubric.identity import identity
from domain.rubric.model import Rubric
from domain.rubric.texts import Text
from service.files.book import Book, Column, Omission, Table
from service.files.sheetbook import LEAVES, THREE, leaf_rows, name_column, pending

_UNIT = Column("unit", Text("单位编号", "unit"), width=16)
_RANK = Column("rank", Text("名次", "rank"), "whole", 8)
_SUMS = (
    *THREE[:2], Column("base", Text("基础分", "base"), "points", 10),
    Column("bonus", Text("加分", "bonus"), "points", 10), Column("total", Text("总分", "total"), "points", 10),
)  # fmt: skip
_WON = (
    Column("won", Text("得分", "won"), "points", 12), Column("possible", Text("应得分", "possible"), "points", 12),
    Column("bonus", Text("加分", "bonus"), "points", 12),
)  # fmt: skip
Rows = Sequence[Mapping[str, Any]]


def results_book(
    rubric: Rubric, cycle: Cycle, scores: Mapping[str, Mapping[str, LeafScore]], sums: Mapping[str, Mapping[str, Any]],
    board: Rows, departments: Rows, scope: Mapping[str, str], position: int,
) -> Book:  # fmt: skip
    """All units of a cycle; ``sums`` by unit as ``sum_up`` gives them, ``board`` and ``departments`` in rank order."""
    lang, order = scope["language"], [str(row["unit"]) for row in board]
    units = {unit: found for unit in order if (found := cycle.ever(unit))}
    named = (_UNIT, name_column(lang))
    items = [[unit, units[unit].name.in_(lang), item, *(of[column.id] for column in THREE)]
             for unit in order for item, of in sums[unit]["items"].items()]  # fmt: skip
    leaves = [[unit, units[unit].name.in_(lang), *row] for unit in order
              for row in leaf_rows(rubric, units[unit].cohort, scores[unit], lang)]  # fmt: skip
    cohorts = {each.id: each.name for each in rubric.cohorts}
    tables = [
        _board(cycle, units, board, cohorts, lang),
        Table(
            "items", Text("分项成绩", "items"), (*named, Column("item", Text("项目", "item"), width=8), *THREE), items
        ),
        Table("leaves", Text("评分点成绩", "leaves"), (*named, *LEAVES), leaves),
        _departments(rubric, departments, lang),
    ]
    title = Text(f"{cycle.title.zh} 成绩册", f"{cycle.title.en}: results")
    return Book("results", title, position, scope, tables, _omitted(cycle, scores), {"rubric": identity(rubric)})


def _board(
    cycle: Cycle, units: Mapping[str, Unit], board: Rows, cohorts: Mapping[str, Text], lang: str
) -> Table:  # fmt: skip
    # In Chinese a unit has its English name beside it; who reads English is told no other.
    english = (Column("name_en", Text("英文名称", "name in English"), width=34),) if lang == "zh" else ()
    cohort = Column("cohort", Text("组别", "cohort"), width=12, words=cohorts)
    columns = (cohort, _RANK, _UNIT, name_column(lang), *english, *_SUMS)
    rows = [
        [row["cohort"], row["rank"], unit.id, unit.name.in_(lang), *([unit.name_en] if english else []),
         *(row[column.id] for column in _SUMS)]
        for row, unit in zip(board, units.values(), strict=True)
    ]  # fmt: skip
    heading = Text(f"{cycle.title.zh} 成绩总表 board", f"{cycle.title.en}: board").in_(lang)
    return Table("board", Text("成绩总表", "board"), columns, rows, heading)


def _departments(rubric: Rubric, departments: Rows, lang: str) -> Table:
    names = {each.id: each.name.in_(lang) for each in rubric.departments}
    name = Column(f"name_{lang}", Text("部门名称", "department name"), width=26)
    columns = (_RANK, Column("department", Text("部门编号", "department"), width=18), name, *_WON)
    rows = [[row["rank"], row["department"], names[row["department"]], *(row[column.id] for column in _WON)]
            for row in departments]  # fmt: skip
    return Table("departments", Text("部门成绩", "departments"), columns, rows)


def _omitted(cycle: Cycle, scores: Mapping[str, Mapping[str, LeafScore]]) -> list[Omission]:
    waiting = [f"{unit}/{leaf}" for unit, of in scores.items() for leaf, each in of.items() if each.status == "pending"]
    absent = sorted(cycle.withdrawn.keys() - scores.keys())
    later = sorted(cycle.units.keys() - scores.keys())
    return [
        pending(waiting),
        Omission("withdrawn-units", "登记已撤回的单位", "units whose enrolment was taken back", absent),
        Omission("not-yet-enrolled", "此时尚未登记的单位", "units not enrolled at that moment", later),
        Omission("beyond-this-book", "只含分数：填报数据、证据文件与理由见各单位考核表",
                 "points alone: figures, evidence and reasons stand on the sheets", ("figures", "evidence", "reasons")),
    ]  # fmt: skip
