import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.score_cli import score

HARBOUR = Path(__file__).parents[1] / "domain" / "rubrics" / "harbour.toml"
LEAVES: dict[str, Any] = {
    "1a": {"actual": 115, "target": 100},
    "6a": {"numerator": 85, "denominator": 100},
    "27b": {"awards": ["city", "nation"]},
    "1b": {"numerator": 0, "denominator": 0},
}
SHEET = {"rubric": "six-actions", "cohort": "district", "leaves": LEAVES}


def _run(content: bytes | str, *options: str) -> Result:
    return CliRunner().invoke(score, ["-", *options], input=content)


def _refusal(content: bytes | str) -> str:
    result = _run(content, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def test_json_gives_every_part_as_text_with_two_decimals() -> None:
    result = _run(json.dumps(SHEET), "--json")
    assert result.exit_code == 0
    scores = json.loads(result.stdout)
    assert list(scores) == ["leaves", "items", "groups", "base", "bonus", "total"]
    assert (scores["leaves"]["1a"], scores["leaves"]["1f"], scores["items"]["1"]) == ("1.60", "3.00", "4.60")
    assert list(scores["items"]) == [str(number) for number in range(1, 28)]
    assert scores["groups"] == {
        "G1": "4.60", "G2": "8.00", "G3": "0.00", "G4": "0.00", "G5": "0.00", "G6": "0.00", "G7": "4.00"
    }  # fmt: skip
    assert (scores["base"], scores["bonus"], scores["total"]) == ("9.60", "7.00", "16.60")
    assert len(scores["leaves"]) == 61


def test_an_industry_union_sees_only_the_items_that_apply_to_it() -> None:
    scores = json.loads(_run(json.dumps({**SHEET, "cohort": "industry"}), "--json").stdout)
    assert len(scores["items"]) == 20
    assert "2" not in scores["items"]


def test_a_file_and_standard_input_score_alike(tmp_path: Path) -> None:
    file = tmp_path / "sheet.json"
    file.write_text(json.dumps(SHEET), "utf-8-sig")
    by_name = CliRunner().invoke(score, [str(file), "--json"])
    assert (by_name.exit_code, by_name.stdout) == (0, _run(json.dumps(SHEET), "--json").stdout)


def test_another_rubric_is_scored_by_its_path() -> None:
    sheet = {"rubric": str(HARBOUR), "cohort": "ship", "leaves": {"A1.x": {"numerator": 2, "denominator": 2}}}
    scores = json.loads(_run(json.dumps(sheet), "--json").stdout)
    assert scores["total"] == "4.00"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["基层工会组建专项行动", "库内企业建会率达到98%", "总分", "待确认"]),
        ("en", ["Building basic unions", "Total", "waiting"]),
    ],
)
def test_the_table_is_readable_in_both_languages(lang: str, words: list[str]) -> None:
    table = _run(json.dumps(SHEET), "--lang", lang).stdout
    assert all(word in table for word in [*words, "16.60", "100.00"])


@pytest.mark.parametrize(
    ("leaves", "place"),
    [
        ('{"99z": {}}', "leaves.99z:"),
        ('{"6a": {"numerator": 3, "denominator": 2}}', "leaves.6a.numerator:"),
        ('{"6a": {"numerator": 1.0, "denominator": 2}}', "leaves.6a.numerator:"),
        ('{"6a": {"numerator": 1, "denominator": 1e3}}', "leaves.6a.denominator:"),
        ('{"6a": {"numerator": NaN, "denominator": 2}}', "leaves.6a.numerator:"),
        ('{"6a": {"numerator": -Infinity, "denominator": 2}}', "leaves.6a.numerator:"),
        (f'{{"6a": {{"numerator": 1, "denominator": {"9" * 100_000}}}}}', "leaves.6a.denominator:"),
        ('{"6a": {"numerator": true, "denominator": 2}}', "leaves.6a.numerator:"),
        ('{"2a": {"points": "0.70"}}', "leaves.2a.points:"),
        ('{"2a": {"points": 0.5}}', "leaves.2a.points:"),
        ('{"6a": {"numerator": 1, "numerator": 2, "denominator": 2}}', "leaves.6a.numerator:"),
        ('{"7a": {"claims": 0, "joint": [{"own": 0, "own": 1}]}}', "leaves.7a.joint[0].own:"),
        ('{"6a": {"numerator": 1, "denominator": 2}, "6a": {}}', "leaves.6a:"),
        ('{"": {}}', "leaves.'':"),
        ('{"6a": 5}', "leaves.6a:"),
        ('{"1f": {}}', "leaves.1f:"),
        ('{"\\ud800": {}}', "leaves.'\\ud800':"),
        ('{"\\u001b[31m": {}}', "leaves.'\\x1b[31m':"),
        ("[]", "leaves:"),
    ],
)
def test_figures_that_cannot_be_used_are_named(leaves: str, place: str) -> None:
    refusal = _refusal(f'{{"rubric": "six-actions", "cohort": "district", "leaves": {leaves}}}')
    assert refusal.startswith(place)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "-:"),
        (b"{", "-:"),
        (b"\xff\xfe{}", "-:"),
        (b"[" * 200_000, "-:"),
        (b'{"a":' * 100_000, "-:"),
        (b"[1]", "-:"),
        (b"x" * 1_100_000, "-:"),
        (b'{"rubric": "six-actions", "rubric": "x"}', "rubric:"),
        (b'{"rubric": "six-actions", "cohort": "district", "leaves": {}, "x": 1}', "x:"),
        (b'{"rubric": "six-actions", "leaves": {}}', "cohort:"),
        (b'{"rubric": 1.5, "cohort": "district", "leaves": {}}', "rubric:"),
        (b'{"rubric": "six-actions", "cohort": "village", "leaves": {}}', "cohort:"),
        (b'{"rubric": "seven-actions", "cohort": "district", "leaves": {}}', "'seven-actions':"),
        (b'{"rubric": "no/such.toml", "cohort": "district", "leaves": {}}', "'no/such.toml':"),
        (b'{"rubric": "a\\u0000.toml", "cohort": "district", "leaves": {}}', "'a\\x00.toml':"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(content: bytes, place: str) -> None:
    assert _refusal(content).startswith(place)


def test_the_place_of_broken_json_is_told_in_both_languages() -> None:
    chinese, english = _refusal(b'{"rubric": 1,\n "cohort" 2}').split(" / ")
    assert "第2行第11列" in chinese
    assert "line 2, column 11" in english


def test_a_stream_that_cannot_show_chinese_still_gets_the_table() -> None:
    result = CliRunner(charset="latin-1").invoke(score, ["-", "--lang", "en"], input=json.dumps(SHEET))
    assert result.exit_code == 0
    assert "16.60" in result.stdout


def test_a_missing_file_is_named_in_both_languages(tmp_path: Path) -> None:
    result = CliRunner().invoke(score, [str(tmp_path / "none.json")])
    assert result.exit_code == 2
    assert "无法读取文件" in result.stderr
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"id = ", "'{}':"), (b"\xff", "'{}':"), (b'id = "x"\nweight = 1.5', "rubric:"), (b'id = "x"', "rubric.title:")],
)
def test_a_rubric_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes, place: str) -> None:
    file = tmp_path / "odd.toml"
    file.write_bytes(content)
    sheet = {"rubric": str(file), "cohort": "district", "leaves": {}}
    assert _refusal(json.dumps(sheet)).startswith(place.format(file))
