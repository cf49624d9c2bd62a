"""What would raise a score, checked by scoring the sheet again with the figures changed."""

from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings, strategies as st

from domain.columns import clamp
from domain.figure_checks import check
from domain.improvement import Change, improvements
from domain.interpretations import apply
from domain.item_readings import Assessed
from domain.rubric.model import Rubric
from domain.rubric.rules import Award, OverTarget
from domain.scoring import score
from service.rubric_files import load
from tests.domain.guesses import figures_for

SHEET = load("six-actions")


@st.composite
def units(draw: st.DrawFn) -> Assessed:
    cohort = draw(st.sampled_from(["district", "industry"]))
    figures: dict[str, dict[str, Any]] = {}
    adjustments: dict[str, int] = {}
    for leaf in SHEET.leaves:
        rule = leaf.faces[cohort].rule if cohort in leaf.faces else None
        if rule is None or isinstance(rule, OverTarget) or draw(st.integers(0, 3)) == 0:
            continue
        figures[leaf.id] = {"awards": draw(st.integers(0, 3))} if leaf.id == "27a" else draw(figures_for(rule))
        if not isinstance(rule, Award) and draw(st.integers(0, 5)) == 0:
            adjustments[leaf.id] = draw(st.sampled_from([-50, -20, 30]))
    return Assessed(cohort, figures, adjustments)


def _leaves(rubric: Rubric, unit: Assessed, changed: dict[str, Any] | None = None) -> tuple[dict[str, int], int]:
    """Final points by leaf and the total, by the public scorer."""
    result = score(rubric, unit.cohort, {**unit.figures, **(changed or {})})
    points = {
        leaf: clamp(own + unit.adjustments.get(leaf, 0), result.maximum[leaf]) for leaf, own in result.leaves.items()
    }
    bonus = sum(own for leaf, own in points.items() if rubric.leaf(leaf).bonus)
    base = sum(points.values()) - bonus
    if rubric.conventions.bonus == "limited":
        bonus = min(bonus, rubric.cohort(unit.cohort).points - base)
    return points, base + bonus


@settings(max_examples=25)
@given(units(), st.sampled_from([{}, {"Q3": "zero"}, {"Q3": "tiers", "Q5": "capped"}, {"Q4": "pro-rata"}]))
def test_every_change_gains_exactly_what_it_says(unit: Assessed, answers: dict[str, str]) -> None:
    rubric = apply(SHEET, answers)
    found = improvements(rubric, unit)
    assert found.total == _leaves(rubric, unit)[1]
    for change in found.changes:
        assert check(rubric.leaf(change.leaf), unit.cohort, change.figures, "leaves") == change.figures
        after, total = _leaves(rubric, unit, {change.leaf: change.figures})
        assert total - found.total == change.gain > 0
        assert after[change.of] > _leaves(rubric, unit)[0][change.of]


@settings(max_examples=25)
@given(units())
def test_a_smaller_change_of_a_whole_number_does_not_reach_the_goal(unit: Assessed) -> None:
    now, _ = _leaves(SHEET, unit)
    for change in improvements(SHEET, unit).changes:
        if change.figure in {"numerator", "actual", "count", "total", "claims"} and change.after > change.before + 1:
            less = {**change.figures, change.figure: change.after - 1}
            almost = _leaves(SHEET, unit, {change.leaf: less})[0][change.of]
            reached = _leaves(SHEET, unit, {change.leaf: change.figures})[0][change.of]
            assert almost < reached if change.goal == "full" else almost == now[change.of]


@settings(max_examples=15)
@given(units(), st.integers(1, 400))
def test_a_plan_gains_what_was_asked_by_the_unit_s_own_doing(unit: Assessed, points: int) -> None:
    found = improvements(SHEET, unit, points)
    assert found.plan is not None  # item 7 has no cap: enough contracts reach anything
    _, total = _leaves(SHEET, unit, {change.leaf: change.figures for change in found.plan.changes})
    assert total - found.total == found.plan.gain >= points
    assert all(change.own for change in found.plan.changes)
    own = [change.effort for change in found.alone if change.own]
    assert found.plan.effort <= min(own)
    assert own == sorted(own)


@settings(max_examples=8)
@given(st.data(), st.integers(1, 300))
def test_no_other_set_of_changes_takes_less_effort(data: st.DataObject, points: int) -> None:
    rubric = apply(SHEET, {"Q6": "limited", "Q5": "capped"})
    figures: dict[str, dict[str, Any]] = {
        "2b": {"yes": data.draw(st.booleans())},
        "4a": {"count": data.draw(st.integers(0, 5))},
        "25a": {"yes": data.draw(st.sampled_from([[], ["exists"], ["updated", "exists"]]))},
        "3a": {"numerator": data.draw(st.integers(0, 8)), "denominator": 8},
    }
    others = {leaf.id: {"not_applicable": True} for leaf in rubric.leaves if leaf.id not in figures and not leaf.bonus}
    bonus = {"7a": {"claims": 2}, "7b": {"claims": 4}, "7c": {"claims": 4}, "23c": {"stations": 0, "total": 0}}
    unit = Assessed("district", {**others, **figures, **bonus}, {})
    found = improvements(rubric, unit, points)
    efforts = [effort for effort, total in _everything(rubric, unit, figures) if total - found.total >= points]
    assert (None if found.plan is None else found.plan.effort) == min(efforts, default=None)


def _everything(rubric: Rubric, unit: Assessed, figures: dict[str, dict[str, Any]]) -> list[tuple[int, int]]:
    """(effort, total) of every combination of better figures of the small sheet."""
    entries = ["exists", "real-name", "updated"]
    met = figures["25a"]["yes"]
    more = [[*met, *[entry for entry in entries if entry not in met][:n]] for n in range(4 - len(met))]
    ways: list[list[tuple[int, dict[str, Any]]]] = [
        [(int(yes) - figures["2b"]["yes"], {"2b": {"yes": bool(yes)}}) for yes in range(figures["2b"]["yes"], 2)],
        [(n - figures["4a"]["count"], {"4a": {"count": n}}) for n in range(figures["4a"]["count"], 6)],
        [(len(yes) - len(met), {"25a": {"yes": yes}}) for yes in more],
        [
            (n - figures["3a"]["numerator"], {"3a": {"numerator": n, "denominator": 8}})
            for n in range(figures["3a"]["numerator"], 9)
        ],
    ]
    return [
        (
            sum(effort for effort, _ in chosen),
            _leaves(rubric, unit, {leaf: given_ for _, changed in chosen for leaf, given_ in changed.items()})[1],
        )
        for chosen in product(*ways)
    ]


def _one(leaf: str, figures: dict[str, Any], goal: str, cohort: str = "district") -> Change:
    found = improvements(SHEET, Assessed(cohort, {leaf: figures}, {}))
    return next(change for change in found.changes if change.of == leaf and change.goal == goal)


@pytest.mark.parametrize(
    ("leaf", "figures", "goal", "after", "gain", "en"),
    [
        (
            "6a",
            {"numerator": 180, "denominator": 239},
            "next",
            181,
            4,
            "1 more comply (180 → 181 of 239) → +0.04 in 6a",
        ),
        ("6a", {"numerator": 180, "denominator": 239}, "full", 204, 91, "24 more comply (180 → 204 of 239) → +0.91"),
        ("1a", {"actual": 90, "target": 100}, "full", 100, 16, "10 more done (90 → 100, target 100) → +0.16 in 1a"),
        ("4a", {"count": 1}, "next", 2, 25, "1 more (1 → 2) → +0.25 in 4a"),
        ("12a", {"count": 0}, "full", 1, 300, "1 more (0 → 1) → +3.00 in 12a"),
        ("24a", {"yes": ["plate", "rules"]}, "full", 6, 67, "4 more met: staff, a place, funds, activities → +0.67"),
        ("24b", {"yes": False}, "full", 1, 100, "have it in place → +1.00 in 24b"),
        ("21a", {"points": "1.50"}, "next", 3, 50, "judged higher by 1 (1.50 → 2.00) → +0.50 in 21a"),
        ("7b", {"claims": 2}, "next", 3, 100, "1 more accepted (2 → 3) → +1.00 in 7b"),
        ("23c", {"stations": 3, "total": 14000}, "next", 15000, 20, "1000 more in total (14000 → 15000) → +0.20"),
        ("27a", {"awards": 0}, "next", 1, 300, "1 more recognised → +3.00 in 27a"),
        ("27b", {"awards": ["city"]}, "next", 2, 100, "1 more: promoted by the city federation → +1.00 in 27b"),
    ],
)
def test_each_rule_kind_tells_its_least_change(
    leaf: str, figures: dict[str, Any], goal: str, after: int, gain: int, en: str
) -> None:
    change = _one(leaf, figures, goal)
    assert (change.after, change.gain) == (after, gain)
    assert en in change.sentence.en
    assert f"加{gain // 100}.{gain % 100:02d}分" in change.sentence.zh


def test_a_task_raises_its_bonus_too() -> None:
    found = improvements(SHEET, Assessed("district", {"1a": {"actual": 100, "target": 150}}, {}))
    told = {(change.of, change.goal): (change.after, change.gain) for change in found.changes if change.leaf == "1a"}
    assert told == {("1a", "next"): (101, 1), ("1a", "full"): (150, 53), ("1f", "next"): (152, 73)}


def test_what_nobody_filed_is_named_and_not_guessed() -> None:
    unknown = improvements(SHEET, Assessed("industry", {"5a": {"numerator": 0, "denominator": 0}}, {})).unknown
    assert "5a" in unknown
    assert "6a" in unknown
    assert "7a" not in unknown


def test_a_total_at_its_limit_cannot_be_raised() -> None:
    limited = apply(SHEET, {"Q6": "limited"})
    found = improvements(limited, Assessed("district", {"7a": {"claims": 40}}, {}), 100)
    assert (found.total, found.changes, found.plan, found.alone) == (10000, (), None, ())


def test_nothing_is_told_of_a_unit_that_has_everything_it_can_do() -> None:
    unit = Assessed("district", {"18a": {"numerator": 9, "denominator": 10}}, {})
    assert not [change for change in improvements(SHEET, unit).changes if change.leaf == "18a"]


@given(units())
@settings(max_examples=10)
def test_every_sentence_is_in_both_languages(unit: Assessed) -> None:
    changes = improvements(SHEET, unit).changes
    assume(changes)
    for change in changes:
        assert f"+{change.gain // 100}.{change.gain % 100:02d}" in change.sentence.en
        assert "分" in change.sentence.zh
