"""``kaohe score``: the calculator anyone can use, without a server."""

import json
import sys
from io import TextIOWrapper
from typing import NoReturn

import click
from rich.console import Console

from domain.figures import BadFigures
from domain.points import show
from domain.rubric.refused import RubricRefused
from domain.scoring import Result, score as score_unit
from service import rubric_files, sheet_files
from service.score_table import table

UNUSABLE = 2


@click.command("score")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print the points as JSON. 以JSON输出。")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", help="Language of the table. 表格语言。")
def score(file: str, *, as_json: bool, lang: str) -> None:
    """按评分表计算FILE中的数据。 Score the figures in FILE ("-" is standard input).

    FILE is {"rubric": "six-actions" or a .toml file, "cohort": "district" or "industry", "leaves": {leaf:
    figures}}; a leaf left out scores 0. Exit code 2 when anything in it cannot be used.
    """
    try:
        sheet = sheet_files.read(file)
        rubric = rubric_files.load(sheet.rubric)
        result = score_unit(rubric, sheet.cohort, sheet.leaves)
    except BadFigures as bad:
        _refuse(bad.path, bad.zh, bad.en)
    except RubricRefused as bad:
        _refuse(bad.place, bad.zh, bad.en)
    if as_json:
        click.echo(json.dumps(_document(result), indent=2))
    else:
        if isinstance(sys.stdout, TextIOWrapper):
            # Not every terminal or pipe can show Chinese; the points it can.
            sys.stdout.reconfigure(errors="replace")
        Console().print(table(rubric, sheet.cohort, result, lang))


def _document(result: Result) -> dict[str, object]:
    parts = {"leaves": result.leaves, "items": result.items, "groups": result.groups}
    shown: dict[str, object] = {
        name: {each: show(points) for each, points in part.items()} for name, part in parts.items()
    }
    sums = {"base": result.base, "bonus": result.bonus, "total": result.total}
    return shown | {name: show(points) for name, points in sums.items()}


def _refuse(place: str, zh: str, en: str) -> NoReturn:
    click.echo(f"{place}: {zh} / {en}", err=True)
    sys.exit(UNUSABLE)
