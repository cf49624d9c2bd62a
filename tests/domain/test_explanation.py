import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from domain.explained import Explanation, LeafNode
from domain.explanation import explain, explain_item
from domain.grounds import Adjustment, Grounds
from domain.points import half_up, parse
from domain.rubric.model import Rubric
from domain.scoring import score
from service.rubric_files import load

SHEET = load("six-actions")
HARBOUR = load(str(Path(__file__).parent / "rubrics" / "harbour.toml"))
LEAVES: dict[str, Any] = {
    "1a": {"actual": 115, "target": 100},
    "1b": {"not_applicable": True},
    "1c": {"numerator": 50, "denominator": 77},
    "1d": {"numerator": 0, "denominator": 0},
    "4a": {"count": 3},
    "6b": {"points": "2.50"},
    "7a": {"claims": 2},
    "12a": {"count": 0},
    "14a": {"yes": ["rules", "cases"]},
    "16a": {"yes": True},
    "16b": {"actual": 3, "workers": 10001},
    "18a": {"not_applicable": True, "points": "2.00"},
    "19a": {"not_applicable": True},
    "17a": {"yes": False},
    "23c": {"stations": 3, "total": 30000},
    "24a": {"yes": ["plate"]},
    "26a": {"points": "0.30"},
    "26c": {"not_applicable": True},
    "27a": {"awards": 1},
    "27b": {"awards": ["city", "nation"]},
}


def _explained(rubric: Rubric, cohort: str, leaves: dict[str, Any], **more: Any) -> Explanation:
    return explain(rubric, cohort, Grounds(leaves, more.get("sources", {}), more.get("adjustments", {})))


def _leaf(tree: Explanation, leaf_id: str) -> LeafNode:
    leaves = (leaf for group in tree.groups for item in group.items for leaf in item.leaves)
    return next(leaf for leaf in leaves if leaf.id == leaf_id)


def test_the_tree_shows_the_scores_of_the_calculator() -> None:
    tree, result = _explained(SHEET, "district", LEAVES), score(SHEET, "district", LEAVES)
    assert {leaf: parse(_leaf(tree, leaf).points) for leaf in result.leaves} == result.leaves
    assert [parse(group.points) for group in tree.groups] == list(result.groups.values())
    assert (parse(tree.base), parse(tree.bonus), parse(tree.points)) == (result.base, result.bonus, result.total)


@pytest.mark.parametrize(
    ("leaf", "formula", "points"),
    [
        ("1a", "115 ≥ 100, full points 2.00", "2.00"),
        ("1b", "not applicable, its points move to the item's other leaves", "0.00"),
        ("1c", "50 × 100 = 5000, 77 × 98 = 7546; 5000 < 7546, 2.00 × 5000 ÷ 7546", "1.33"),
        ("1d", "0 ÷ 0, waits until somebody confirms whether the leaf applies", "0.00"),
        ("1e", "no figures, 0.00", "0.00"),
        ("1f", "(115 − 100) × 100 = 1500; ⌊1500 ÷ 100⌋ = 15; 15 × 0.20", "3.00"),
        ("4a", "3 < 4, 1.00 × 3 ÷ 4", "0.75"),
        ("6b", "judged 2.50", "2.50"),
        ("7a", "2 × 3.00", "6.00"),
        ("12a", "0 < 1, nothing below it", "0.00"),
        ("14a", "5.00 × 2 ÷ 5", "2.00"),
        ("16a", "present, 3.00", "3.00"),
        ("16b", "target ⌈10001 × 4 ÷ 10000⌉ = 5; 3 < 5, 3.00 × 3 ÷ 5", "1.80"),
        ("17a", "absent, 0.00", "0.00"),
        ("18a", "not applicable, judged 2.00", "2.00"),
        ("19a", "not applicable, waits for a judgement", "0.00"),
        ("23c", "30000 − 4000 × 3 = 18000; ⌊18000 ÷ 3000⌋ = 6; 6 × 0.20, at most 2.00", "1.20"),
        ("24a", "1.00 × 1 ÷ 6", "0.17"),
        ("26a", "judged 0.30, 0.30 × 0.75 ÷ 0.60", "0.38"),
        ("27a", "1 × 3.00", "3.00"),
        ("27b", "1.00 + 3.00", "4.00"),
    ],
)
def test_a_leaf_s_formula_has_its_numbers_filled_in(leaf: str, formula: str, points: str) -> None:
    node = _leaf(_explained(SHEET, "district", LEAVES), leaf)
    assert (node.formula.en, node.points) == (formula, points)
    assert re.sub(r"[^0-9]", "", node.formula.zh) == re.sub(r"[^0-9]", "", formula)


@pytest.mark.parametrize(
    ("cohort", "leaf", "figures", "formula"),
    [
        ("yard", "A1.x", {"numerator": 81, "denominator": 100}, "8100 is at least 90% of 9000, 4.00 × 60 ÷ 100"),
        ("yard", "A1.x", {"numerator": 1, "denominator": 100}, "100 < 9000, below the lowest tier"),
        ("yard", "A2.gear", {"yes": ["axe"]}, "1 of 3 met, all or nothing"),
        ("yard", "B1.b", {"claims": 3}, "3 × 0.25, at most 0.50"),
    ],
)
def test_another_city_s_policies_are_explained_too(
    cohort: str, leaf: str, figures: dict[str, Any], formula: str
) -> None:
    node = _leaf(_explained(HARBOUR, cohort, {leaf: figures}), leaf)
    assert node.formula.en.endswith(formula)


def test_a_pro_rata_bonus_says_when_it_was_rounded() -> None:
    node = _leaf(_explained(HARBOUR, "yard", {"A2.drills": {"actual": 22, "target": 21}}), "A2.more")
    assert node.formula.en == "(22 − 21) × 100 = 100; 100 ÷ 210 × 0.30, at most 1.00"
    assert (node.points, node.rounding.en) == ("0.14", "rounded once, half up, to two decimals")


def test_rounding_is_named_only_where_something_was_rounded() -> None:
    tree = _explained(SHEET, "district", LEAVES)
    rounded = {"1c", "24a", "26a"}
    for leaf in LEAVES:
        assert ("half up" in _leaf(tree, leaf).rounding.en) == (leaf in rounded)
    assert _leaf(tree, "1c").points == "1.33"
    assert half_up(200 * 5000, 7546) == 133


def test_a_leaf_names_its_sources_and_a_derived_bonus_those_of_its_task() -> None:
    tree = _explained(SHEET, "district", LEAVES, sources={"1a": [5, 7], "1f": [9]})
    assert _leaf(tree, "1a").sources == (5, 7)
    assert _leaf(tree, "1f").sources == (5, 7, 9)
    assert _leaf(tree, "1f").inputs == LEAVES["1a"]


def test_adjustments_stand_beside_what_was_computed_and_stay_in_bounds() -> None:
    adjustments = {
        "1c": [Adjustment(-10, "late evidence", 33), Adjustment(5, "recount", 40)],
        "16a": [Adjustment(50, "above the points", 41)],
        "24a": [Adjustment(-50, "below zero", 42)],
    }
    tree = _explained(SHEET, "district", LEAVES, adjustments=adjustments)
    adjusted = _leaf(tree, "1c")
    assert (adjusted.computed, adjusted.points) == ("1.33", "1.28")
    assert [(each.delta, each.source) for each in adjusted.adjustments] == [("-0.10", 33), ("0.05", 40)]
    assert (_leaf(tree, "16a").points, _leaf(tree, "24a").points) == ("3.00", "0.00")


def test_moved_points_show_as_worth_and_maximum() -> None:
    tree = _explained(SHEET, "district", LEAVES)
    assert (_leaf(tree, "1a").worth, _leaf(tree, "1a").maximum) == ("1.60", "2.00")
    assert _leaf(tree, "7a").maximum is None


def test_one_item_alone_is_the_item_of_the_tree() -> None:
    grounds = Grounds(LEAVES, {}, {})
    node, points = explain_item(SHEET, "1", "district", grounds)
    assert node == explain(SHEET, "district", grounds).groups[0].items[0]
    assert sum(points.values()) == parse(node.points)


def test_the_tree_is_plain_json_without_a_float() -> None:
    text = json.dumps(asdict(_explained(SHEET, "industry", {})), ensure_ascii=False)
    floats: list[str] = []
    json.loads(text, parse_float=floats.append)
    assert floats == []
    assert '"points": "0.00"' in text
