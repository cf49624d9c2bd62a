"""Files that are handed in during the demo year: the roster of the unions, and one unit's figures."""

from collections.abc import Mapping
from typing import Any

from domain.acts import importing
from domain.figure_rows import texts_of
from domain.rosters import COLUMNS
from domain.rubric.model import Rubric
from service.demo.cast import FIRST
from service.demo.papers import Paper, xlsx
from service.demo.places import CYCLE, PLACES, Place
from service.demo.stage import Stage

HANDED_IN = "finance"  # files its year as one table
REASON = "按模板整理后导入 from the template, as the books have it"


def roster(stage: Stage) -> None:
    """The industry unions come in as one file: seen first, then enrolled in one commit."""
    rows = [(place.unit, place.cohort, place.zh, place.en) for place in PLACES if place.cohort == "industry"]
    stage.hand_in(FIRST.key, "roster", Paper("产业工会名册.xlsx", xlsx([COLUMNS, *rows])), REASON)


def figures(stage: Stage, rubric: Rubric, place: Place, told: Mapping[str, Any], effective: str) -> dict[str, str]:
    """A unit's figures, by leaf, as one file; gives the submission on the sheet of each item."""
    rows = [
        (place.unit, rubric.item_of(leaf).id, leaf, figure, text)
        for leaf, given in told.items()
        for figure, text in texts_of(rubric.leaf(leaf).faces[place.cohort], given).items()
    ]
    paper = Paper(f"{place.zh}-{CYCLE}.xlsx", xlsx([importing.COLUMNS, *rows]))
    told_back = stage.hand_in(f"unit/{place.unit}", "figures", paper, REASON, effective)
    filed = next(event["data"] for event in told_back["events"] if event["type"] == "FiguresImported")
    return dict(filed["submissions"])
