"""`kaohe rubric` gives the body that drafts a check-list, so that a house without a demo can begin."""

import json
from pathlib import Path

from click.testing import CliRunner

from domain.rubric.identity import identity
from service.rubric_cli import rubric
from service.rubric_files import load
from tests.service.city import City

HARBOUR = str(Path(__file__).parents[1] / "domain" / "rubrics" / "harbour.toml")


def test_what_it_prints_is_drafted_as_it_is(city: City) -> None:
    printed = CliRunner().invoke(rubric, [HARBOUR])
    assert printed.exit_code == 0
    assert printed.stdout.isascii()
    told = city.done("administrator", "/rubrics", json.loads(printed.stdout))
    assert told["events"][0]["data"]["hash"] == identity(load(HARBOUR))


def test_the_federations_own_check_list_is_the_one_unless_another_is_named() -> None:
    assert json.loads(CliRunner().invoke(rubric).stdout)["rubric"]["id"] == "six-actions"


def test_what_is_no_check_list_is_refused_with_its_place() -> None:
    refused = CliRunner().invoke(rubric, ["nowhere.toml"])
    assert refused.exit_code == 2
    assert "nowhere.toml" in refused.stderr
    assert refused.stdout == ""
