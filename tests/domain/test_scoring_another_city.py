"""Another city's sheet, other items, departments, cohorts and policies, scored by the same engine."""

from pathlib import Path
from typing import Any

import pytest

from domain.scoring import score
from service.rubric_files import load

HARBOUR = load(str(Path(__file__).parent / "rubrics" / "harbour.toml"))


@pytest.mark.parametrize(
    ("cohort", "leaf", "figures", "points"),
    [
        ("yard", "A1.x", {"numerator": 90, "denominator": 100}, 400),
        ("yard", "A1.x", {"numerator": 81, "denominator": 100}, 240),
        ("yard", "A1.x", {"numerator": 80, "denominator": 100}, 100),
        ("yard", "A1.x", {"numerator": 44, "denominator": 100}, 0),
        ("ship", "A1.x", {"numerator": 99, "denominator": 100}, 0),
        ("ship", "A1.x", {"numerator": 100, "denominator": 100}, 400),
        ("yard", "A2.gear", {"yes": ["hose", "axe"]}, 0),
        ("yard", "A2.gear", {"yes": ["hose", "axe", "mask"]}, 200),
        ("office", "B1.a", {"count": 1}, 150),
        ("office", "B1.b", {"claims": 1}, 25),
        ("office", "B1.b", {"claims": 3}, 50),
    ],
)
def test_each_policy_is_data(cohort: str, leaf: str, figures: dict[str, Any], points: int) -> None:
    assert score(HARBOUR, cohort, {leaf: figures}).leaves[leaf] == points


@pytest.mark.parametrize(("actual", "bonus"), [(20, 0), (21, 15), (19, 0), (200, 100)])
def test_a_bonus_may_be_pro_rata_and_capped(actual: int, bonus: int) -> None:
    result = score(HARBOUR, "yard", {"A2.drills": {"actual": actual, "target": 20}})
    assert result.leaves["A2.more"] == bonus


def test_the_base_of_each_cohort_is_its_own() -> None:
    full: dict[str, dict[str, Any]] = {
        "A1.x": {"numerator": 1, "denominator": 1},
        "A2.drills": {"actual": 1, "target": 1},
        "A2.gear": {"yes": ["hose", "axe", "mask"]},
        "B1.a": {"count": 2},
    }
    for cohort in HARBOUR.cohorts:
        own = {leaf: figures for leaf, figures in full.items() if cohort.id in HARBOUR.leaf(leaf).faces}
        assert score(HARBOUR, cohort.id, own).base == cohort.points
