"""The laws of scoring, against an oracle in exact fractions, and the cases the sheet itself gives."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain.figures import BadFigures
from domain.points import show
from domain.rubric.rules import (
    Award,
    Checklist,
    Count,
    Increment,
    Judged,
    OverTarget,
    Presence,
    Ratio,
    Rule,
    Tally,
    Task,
)
from domain.scoring import compile_cohort, compile_item, score
from service.rubric_files import load

SHEET = load("six-actions")
SMALL = st.integers(0, 400)


def _figures_of(rule: Rule) -> st.SearchStrategy[dict[str, Any]]:
    match rule:
        case Ratio():
            return st.tuples(SMALL, SMALL).map(lambda two: {"numerator": min(two), "denominator": max(two)})
        case Task(derived=derived):
            given_target = st.builds(lambda a, t: {"actual": a, "target": t}, SMALL, st.integers(1, 400))
            workers = st.builds(lambda a, w: {"actual": a, "workers": w}, SMALL, st.integers(1, 10**6))
            return given_target | workers if derived else given_target
        case Count():
            return SMALL.map(lambda count: {"count": count})
        case Checklist(entries=entries):
            ids = [entry.id for entry in entries]
            return st.lists(st.sampled_from(ids), unique=True).map(lambda yes: {"yes": yes})
        case Presence():
            return st.booleans().map(lambda yes: {"yes": yes})
        case Judged(steps=steps):
            return st.sampled_from(steps).map(lambda step: {"points": show(step)})
        case Increment():
            return st.builds(lambda s, t: {"stations": s, "total": t}, st.integers(1, 50), st.integers(0, 10**6))
        case Tally():
            return SMALL.map(lambda claims: {"claims": claims})
        case Award(levels=levels) if levels:
            return st.lists(st.sampled_from([level.id for level in levels])).map(lambda a: {"awards": a})
        case _:
            return SMALL.map(lambda awards: {"awards": awards})


@st.composite
def units(draw: st.DrawFn) -> tuple[str, dict[str, dict[str, Any]]]:
    cohort = draw(st.sampled_from(["district", "industry"]))
    leaves: dict[str, dict[str, Any]] = {}
    for leaf in SHEET.leaves:
        face = leaf.faces.get(cohort)
        if face is None or isinstance(face.rule, OverTarget) or draw(st.integers(0, 9)) == 0:
            continue
        absent = not face.bonus and draw(st.integers(0, 6)) == 0
        leaves[leaf.id] = {"not_applicable": True} if absent else draw(_figures_of(face.rule))
    return cohort, leaves


@given(units())
def test_every_score_stays_within_its_bounds(unit: tuple[str, dict[str, Any]]) -> None:
    result = score(SHEET, *unit)
    for leaf, points in result.leaves.items():
        most = result.maximum[leaf]
        assert points >= 0
        assert most is None or points <= most
    assert 0 <= result.base <= (10000 if unit[0] == "district" else 8000)
    assert result.bonus >= 0


@given(units())
def test_no_float_ever_comes_out(unit: tuple[str, dict[str, Any]]) -> None:
    result = score(SHEET, *unit)
    numbers = [*result.leaves.values(), *result.items.values(), *result.groups.values()]
    assert {type(number) for number in [*numbers, result.base, result.bonus, result.total]} == {int}


@given(units(), st.randoms())
def test_the_order_of_the_leaves_does_not_matter(unit: tuple[str, dict[str, Any]], chance: Any) -> None:
    cohort, leaves = unit
    turned = list(leaves.items())
    chance.shuffle(turned)
    assert score(SHEET, cohort, dict(turned)).leaves == score(SHEET, cohort, leaves).leaves


@given(units())
def test_the_compiled_scorers_and_the_whole_unit_agree(unit: tuple[str, dict[str, Any]]) -> None:
    cohort, leaves = unit
    apart: dict[str, int] = {}
    for item_id, scorer in compile_cohort(SHEET, cohort).items():
        own = {leaf.id: leaves[leaf.id] for leaf in SHEET.item(item_id).leaves if leaf.id in leaves}
        apart |= scorer.score(own)
    assert apart == score(SHEET, cohort, leaves).leaves


@given(st.data())
def test_a_better_figure_never_scores_less(data: st.DataObject) -> None:
    leaf = data.draw(st.sampled_from([each for each in SHEET.leaves if _good(each.faces["district"].rule)]))
    rule = leaf.faces["district"].rule
    worse = data.draw(_figures_of(rule))
    key = _good(rule)
    better = dict(worse)
    better[key] = data.draw(st.integers(worse[key], worse.get("denominator", worse[key] + 50)))
    assert _one(leaf.id, better) >= _one(leaf.id, worse)


def _good(rule: Rule) -> str:
    keys: Mapping[type, str] = {Ratio: "numerator", Task: "actual", Count: "count", Tally: "claims", Increment: "total"}
    return keys.get(type(rule), "")


def _one(leaf: str, figures: dict[str, Any], cohort: str = "district") -> int:
    return score(SHEET, cohort, {leaf: figures}).leaves[leaf]


@given(st.sampled_from([leaf for leaf in SHEET.leaves if isinstance(leaf.faces["district"].rule, Ratio)]), st.data())
def test_a_ratio_is_the_exact_share_rounded_half_up_once(leaf: Any, data: st.DataObject) -> None:
    face = leaf.faces["district"]
    figures = data.draw(_figures_of(face.rule).filter(lambda drawn: drawn["denominator"]))
    share = Fraction(figures["numerator"] * 100, figures["denominator"] * face.rule.threshold)
    exact = face.points * min(share, Fraction(1))
    assert _one(leaf.id, figures) == math.floor(exact + Fraction(1, 2))


@given(units())
def test_points_that_move_stay_in_their_item(unit: tuple[str, dict[str, Any]]) -> None:
    cohort, leaves = unit
    result = score(SHEET, cohort, leaves)
    for item in SHEET.items:
        scored = [leaf.id for leaf in item.leaves if cohort in leaf.faces and not leaf.bonus]
        assert sum(result.maximum[leaf] or 0 for leaf in scored) == item.points.get(cohort, 0)


def test_fifteen_percent_over_the_task_is_fifteen_steps_not_fourteen() -> None:
    result = score(SHEET, "district", {"1a": {"actual": 115, "target": 100}})
    assert (result.leaves["1a"], result.leaves["1f"]) == (160, 300)


@pytest.mark.parametrize(
    ("leaf", "figures", "points"),
    [
        ("1f", None, 0),
        ("1a", {"actual": 0, "target": 7}, 0),
        ("1c", {"numerator": 98, "denominator": 100}, 160),
        ("1c", {"numerator": 49, "denominator": 100}, 80),
        ("4a", {"count": 3}, 75),
        ("4a", {"count": 9}, 100),
        ("6b", {"points": "2.50"}, 250),
        ("7a", {"claims": 2}, 600),
        ("12a", {"count": 0}, 0),
        ("12a", {"count": 1}, 300),
        ("14a", {"yes": ["rules", "cases"]}, 200),
        ("16a", {"yes": False}, 0),
        ("16b", {"actual": 3, "workers": 10001}, 180),
        ("16b", {"actual": 3, "target": 3}, 300),
        ("23c", {"stations": 3, "total": 17999}, 20),
        ("23c", {"stations": 3, "total": 14999}, 0),
        ("23c", {"stations": 1, "total": 10**12}, 200),
        ("23c", {"stations": 0, "total": 0}, 0),
        ("24a", {"yes": ["plate"]}, 17),
        ("27a", {"awards": 2}, 600),
        ("27b", {"awards": ["city", "nation"]}, 400),
    ],
)
def test_the_sheet_s_own_cases(leaf: str, figures: dict[str, Any] | None, points: int) -> None:
    given_leaves = {leaf: figures} if figures else {}
    assert score(SHEET, "district", given_leaves).leaves[leaf] == points


def test_an_industry_union_wins_all_of_item_23_with_one_leaf() -> None:
    assert _one("23b", {"numerator": 5, "denominator": 5}, "industry") == 700


def test_a_leaf_with_nothing_to_count_waits_and_scores_nothing_yet() -> None:
    result = score(SHEET, "district", {"1b": {"numerator": 0, "denominator": 0}})
    assert result.waiting == ("1b",)
    assert result.leaves["1b"] == 0


def test_points_move_by_largest_remainder_ties_by_leaf_order() -> None:
    assert compile_item(SHEET, "8", "district").maximum({"8a"}) == {"8a": 0, "8b": 200, "8c": 200, "8d": 200}
    assert compile_item(SHEET, "9", "district").maximum({"9d"}) == {"9a": 100, "9b": 100, "9c": 100, "9d": 0}
    assert compile_item(SHEET, "17", "district").maximum({"17a"}) == {"17a": 0, "17b": 67, "17c": 133}
    assert compile_item(SHEET, "1", "district").maximum({"1a", "1b"}) == {
        "1a": 0, "1b": 0, "1c": 267, "1d": 267, "1e": 266, "1f": None
    }  # fmt: skip


def test_points_given_by_a_judge_scale_with_the_leaf_s_new_points() -> None:
    leaves = {"26a": {"points": "0.30"}, "26c": {"not_applicable": True}}
    result = score(SHEET, "district", leaves)
    assert (result.maximum["26a"], result.leaves["26a"]) == (75, 38)


def test_the_bonus_over_a_task_that_does_not_apply_is_nothing() -> None:
    assert score(SHEET, "district", {"1a": {"not_applicable": True}}).leaves["1f"] == 0


def test_a_single_leaf_that_does_not_apply_takes_a_judgement() -> None:
    waiting = score(SHEET, "district", {"18a": {"not_applicable": True}})
    assert (waiting.leaves["18a"], waiting.waiting) == (0, ("18a",))
    judged = score(SHEET, "district", {"18a": {"not_applicable": True, "points": "2.40"}})
    assert (judged.leaves["18a"], judged.waiting) == (240, ())


def test_an_item_of_which_nothing_applies_takes_a_judgement_for_each_leaf() -> None:
    leaves = {"13a": {"not_applicable": True, "points": "1.10"}, "13b": {"not_applicable": True}}
    result = score(SHEET, "district", leaves)
    assert (result.items["13"], result.waiting) == (110, ("13b",))


def test_an_empty_sheet_shows_every_item_of_the_cohort_at_nothing() -> None:
    result = score(SHEET, "industry", {})
    assert set(result.items) == {item.id for item in SHEET.items} - {"2", "4", "12", "14", "17", "24", "26"}
    assert (result.total, list(result.groups)) == (0, [f"G{number}" for number in range(1, 8)])


def test_an_item_that_does_not_apply_has_no_scorer() -> None:
    with pytest.raises(KeyError):
        compile_item(SHEET, "2", "industry")


@pytest.mark.parametrize(
    ("cohort", "leaves", "path"),
    [
        ("village", {}, "cohort"),
        ("district", {"99z": {}}, "leaves.99z"),
        ("industry", {"2a": {"points": "0.50"}}, "leaves.2a"),
        ("district", {"1f": {"actual": 1, "target": 1}}, "leaves.1f"),
        ("district", {"1b": {"not_applicable": True, "points": "1.00"}}, "leaves.1b.points"),
    ],
)
def test_strange_leaves_are_refused_by_name(cohort: str, leaves: dict[str, Any], path: str) -> None:
    with pytest.raises(BadFigures) as refused:
        score(SHEET, cohort, leaves)
    assert refused.value.path == path
