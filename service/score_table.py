"""A unit's score as a table a person likes to read: groups, items, leaves, points of the most possible."""

from rich.table import Table
from rich.text import Text as Styled

from domain.points import show
from domain.rubric.model import Group, Item, Rubric
from domain.scoring import Result

_WORDS = {
    "zh": {
        "number": "序号",
        "what": "检查项目",
        "points": "得分",
        "most": "分值",
        "bonus": "加分",
        "waiting": "待确认",
        "base": "基本分",
        "total": "总分",
        "no-cap": "不限",
    },
    "en": {
        "number": "No.",
        "what": "Checked",
        "points": "Points",
        "most": "Of",
        "bonus": "Bonus",
        "waiting": "waiting",
        "base": "Base",
        "total": "Total",
        "no-cap": "no cap",
    },
}


def table(rubric: Rubric, cohort: str, result: Result, lang: str) -> Table:
    """The whole sheet of one unit in the language "zh" or "en"."""
    words = _WORDS[lang]
    name = next(each.name.in_(lang) for each in rubric.cohorts if each.id == cohort)
    drawn = Table(title=Styled(f"{rubric.title.in_(lang)} · {name}"), title_style="bold")
    drawn.add_column(words["number"], no_wrap=True)
    drawn.add_column(words["what"], ratio=1, overflow="fold")
    drawn.add_column(words["points"], justify="right", no_wrap=True)
    drawn.add_column(words["most"], justify="right", no_wrap=True)
    for group in rubric.groups:
        _group(drawn, group, cohort, result, lang)
    _sums(drawn, rubric, cohort, result, lang)
    return drawn


def _group(drawn: Table, group: Group, cohort: str, result: Result, lang: str) -> None:
    most = group.points[cohort]
    drawn.add_row(
        group.id,
        Styled(group.name.in_(lang)),
        show(result.groups[group.id]),
        show(most) if most else _WORDS[lang]["bonus"],
        style="bold",
    )
    for item in group.items:
        if item.id in result.items:
            _item(drawn, item, cohort, result, lang)
    drawn.add_section()


def _item(drawn: Table, item: Item, cohort: str, result: Result, lang: str) -> None:
    most = item.points[cohort]
    drawn.add_row(
        f" {item.id}",
        Styled(item.text.in_(lang)),
        show(result.items[item.id]),
        show(most) if most else _WORDS[lang]["bonus"],
        style="cyan",
    )
    for leaf in item.leaves:
        if cohort in leaf.faces:
            waits = f"（{_WORDS[lang]['waiting']}）" if leaf.id in result.waiting else ""
            title = Styled(f"{leaf.faces[cohort].title.in_(lang)}{waits}")
            points = show(result.leaves[leaf.id])
            drawn.add_row(f"  {leaf.id}", title, points, _most(result.maximum[leaf.id], lang))


def _most(most: int | None, lang: str) -> str:
    return _WORDS[lang]["no-cap"] if most is None else show(most)


def _sums(drawn: Table, rubric: Rubric, cohort: str, result: Result, lang: str) -> None:
    words = _WORDS[lang]
    most = next(each.points for each in rubric.cohorts if each.id == cohort)
    drawn.add_row("", words["base"], show(result.base), show(most))
    drawn.add_row("", words["bonus"], show(result.bonus), "")
    drawn.add_row("", words["total"], show(result.total), "", style="bold")
