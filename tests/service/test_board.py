"""The printed score board says where it stands, and what is missing from it."""

import pytest
from sqlalchemy import create_engine

from service.board import behind, show_board
from tests.service.city import CYCLE, City, sheet

FIGURES = {"figures": {"1a": {"actual": 90, "target": 100}}}


def test_the_board_shows_every_unit_of_each_cohort(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    city.settle()
    show_board(city.office, CYCLE)
    shown = capsys.readouterr().out
    assert shown.count("0.00") == 3 * 3
    assert "各区市县总工会" in shown
    assert "Industry unions" in shown


def test_what_is_not_scored_yet_is_counted(city: City) -> None:
    city.settle()
    assert behind(city.office) == 0
    city.done("unit", sheet() + "/submissions", FIGURES)
    assert behind(city.office) == 1
    city.settle()
    assert behind(city.office) == 0


def test_sheets_that_could_not_be_scored_are_told(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    city.done("unit", sheet() + "/submissions", FIGURES)
    engine = create_engine(city.database.owner.sqlalchemy)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO scores.parked VALUES ('scores', 'sheet/2026/zhongshan/1', 1, 'broken')")
    engine.dispose()
    city.settle()
    show_board(city.office, CYCLE)
    assert "sheets that could not be scored: 1" in capsys.readouterr().out
