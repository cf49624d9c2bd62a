"""Robustness, improvements and the register, as people ask for them."""

from decimal import Decimal

import pytest

from tests.service.city import CYCLE, City, sheet

REASON = "按规定办理 as the rules say"
ROBUST = f"/cycles/{CYCLE}/robustness"
BETTER = f"/cycles/{CYCLE}/units/zhongshan/improvements"


@pytest.fixture(scope="module")
def ranked(shared_city: City) -> City:
    """Two districts that one word of the sheet puts in one order or the other."""
    for who, reached in (("unit", (90, 97)), ("other-unit", (50, 98))):
        unit = {"unit": "zhongshan", "other-unit": "xigang"}[who]
        figures = {leaf: {"numerator": n, "denominator": 100} for leaf, n in zip(("1b", "1c"), reached, strict=True)}
        filed = shared_city.done(who, sheet(unit) + "/submissions", {"figures": figures})
        submission = filed["events"][0]["data"]["submission"]
        for leaf in figures:
            version = shared_city.seen("auditor", sheet(unit))["version"]
            body = {"leaf": leaf, "submission": submission, "reason": REASON}
            shared_city.done("reviewer", sheet(unit) + "/verifications", body, If_Match=f'"{version}"')
    shared_city.settle()
    return shared_city


def test_the_ranking_says_how_fragile_it_is(ranked: City) -> None:
    found = ranked.seen("auditor", ROBUST)
    assert found["sets"] == 1152
    assert found["lag"] == 0
    units = {row["unit"]: row for row in found["units"]}
    assert set(units) == {"zhongshan", "xigang", "transport"}
    assert units["zhongshan"]["rank"] == 1
    assert units["zhongshan"]["answers"] == units["zhongshan"]["both"] == {"best": 1, "worst": 2}
    assert units["zhongshan"]["judgements"] == {"best": 1, "worst": 1}
    assert found["questions"][0]["options"][0] == {"option": "zero", "ranks": 2, "units": 2}
    moves = [question["options"][0]["ranks"] for question in found["questions"]]
    assert moves == sorted(moves, reverse=True)


def test_questions_that_are_held_are_not_varied(ranked: City) -> None:
    found = ranked.seen("viewer", f"{ROBUST}?held=Q2,Q3,Q5,Q7")
    assert found["sets"] == 32
    assert {question["question"] for question in found["questions"]} == {"Q4", "Q6", "Q13", "Q15", "Q16"}
    strange = ranked.get("viewer", f"{ROBUST}?held=Q99")
    assert (strange.status_code, strange.get_json()["detail_en"]) == (422, "Q99")


def test_the_robustness_of_the_beginning_knows_no_unit(ranked: City) -> None:
    assert ranked.seen("auditor", f"{ROBUST}?as_of_position=1")["units"] == []


def test_a_unit_is_told_what_would_raise_its_score(ranked: City) -> None:
    found = ranked.seen("unit", f"{BETTER}?points=0.30")
    by_goal = {(change["leaf"], change["goal"]): change for change in found["changes"]}
    full = by_goal["1b", "full"]
    assert (full["before"], full["after"], full["gain"]) == (90, 100, "0.16")
    assert full["sentence"]["en"].endswith("10 more comply (90 → 100 of 100) → +0.16 in 1b")
    assert "加0.16分" in full["sentence"]["zh"]
    assert found["total"] == "3.02"
    assert (found["plan"]["gain"] >= "0.30", found["plan"]["effort"]) == (True, 1)
    assert found["plan"]["effort"] == sum(change["effort"] for change in found["plan"]["changes"])
    assert "6a" in found["unfiled"]


def test_without_points_only_the_least_changes_are_told(ranked: City) -> None:
    found = ranked.seen("unit", BETTER)
    assert (found["plan"], found["alone"]) == (None, [])
    assert found["changes"]


def test_nonsense_points_are_refused_in_both_languages(ranked: City) -> None:
    for points in ("0", "0.00", "-1.00", "30.01", "1", "x", "007.00"):
        answer = ranked.get("unit", f"{BETTER}?points={points}")
        assert answer.status_code == 422, points
        assert {error["place"] for error in answer.get_json()["errors"]} == {"points"}


def test_how_to_gain_many_points_may_be_asked_too(ranked: City) -> None:
    for points in ("9.99", "10.00", "29.99", "30.00"):
        plan = ranked.seen("unit", f"{BETTER}?points={points}")["plan"]
        assert Decimal(plan["gain"]) >= Decimal(points)


def test_the_register_says_what_each_answer_does(ranked: City) -> None:
    found = ranked.seen("nobody", "/rubrics/six-actions/interpretations")
    questions = {question["id"]: question for question in found["questions"]}
    assert len(questions) == 18
    assert (questions["Q3"]["answer"], questions["Q3"]["computable"]) == (
        "proportional",
        ["proportional", "zero", "tiers"],
    )
    each = next(option for option in questions["Q13"]["options"] if option["id"] == "each")
    assert each["needs"]["en"] == "the yearly funds of each station"
    assert ranked.get("nobody", "/rubrics/atlantis/interpretations").status_code == 404
