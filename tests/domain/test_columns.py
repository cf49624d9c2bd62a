"""Three columns, always all three: claimed, verified, final."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import facts
from domain.acts import bonuses, filing, review
from domain.columns import clamp
from tests.domain.stage import APPROVER, CLERK, REVIEWER, Stage, bonus, refused

HALF = {"numerator": 50, "denominator": 100}
FULL = {"numerator": 100, "denominator": 100}


def filed(item: str, **figures: Any) -> Stage:
    stage = Stage(item)
    stage.do(CLERK, filing.submit, "s1", {f"{item}{leaf}": each for leaf, each in figures.items()})
    return stage


def verify(stage: Stage, leaf: str, corrected: Any = None, submission: str = "s1") -> None:
    stage.do(REVIEWER, review.verify, leaf, submission, corrected, "counted again")


def row(stage: Stage, leaf: str) -> tuple[int, int, int, int | None, str]:
    score = stage.scores()[leaf]
    return score.claimed, score.verified, score.final, score.maximum, score.status


def test_a_leaf_nobody_filed_is_empty_and_counts_nothing() -> None:
    assert row(Stage("6"), "6a") == (0, 0, 0, 800, "empty")


def test_an_unreviewed_leaf_counts_0_in_verified_and_says_pending() -> None:
    assert row(filed("6", a=FULL), "6a") == (800, 0, 0, 800, "pending")


def test_verified_comes_from_what_the_reviewer_stands_for_and_claimed_stays_as_filed() -> None:
    stage = filed("6", a=FULL)
    verify(stage, "6a", HALF)
    assert row(stage, "6a") == (800, 471, 471, 800, "verified")


def test_a_leaf_filed_again_after_its_review_is_pending_and_keeps_what_was_verified() -> None:
    stage = filed("6", a=HALF)
    verify(stage, "6a")
    stage.do(CLERK, filing.submit, "s2", {"6a": FULL})
    assert row(stage, "6a") == (800, 471, 471, 800, "pending")
    verify(stage, "6a", submission="s2")
    assert row(stage, "6a") == (800, 800, 800, 800, "verified")


def test_a_judged_leaf_filed_again_is_pending_until_it_is_judged_again() -> None:
    stage = Stage("6")
    stage.do(REVIEWER, review.judge, "6b", "2.00", "half")
    assert row(stage, "6b")[4] == "verified"
    stage.do(CLERK, filing.submit, "s1", {"6b": {"points": "4.00"}})
    assert row(stage, "6b") == (400, 200, 200, 400, "pending")
    stage.do(REVIEWER, review.judge, "6b", "2.00", "still half")
    assert row(stage, "6b")[4] == "verified"


def test_the_original_stands_beside_the_adjusted() -> None:
    stage = filed("6", a=HALF)
    verify(stage, "6a")
    stage.record(facts.AdjustmentProposed("a1", "6a", "-1.00", "other", "late"), "reviewer")
    stage.record(facts.AdjustmentApproved("a1", "6a", "yes"), "approver")
    assert row(stage, "6a") == (471, 471, 371, 800, "verified")


@pytest.mark.parametrize(("delta", "final"), [("9.00", 800), ("-9.00", 0), ("3.29", 800), ("-4.71", 0)])
def test_final_stays_inside_the_leafs_bounds_whatever_was_approved(delta: str, final: int) -> None:
    stage = filed("6", a=HALF)
    verify(stage, "6a")
    stage.record(facts.AdjustmentProposed("a1", "6a", delta, "other", "text"), "reviewer")
    stage.record(facts.AdjustmentApproved("a1", "6a", "yes"), "approver")
    assert row(stage, "6a")[:3] == (471, 471, final)


@given(st.integers(-(10**9), 10**9), st.none() | st.integers(0, 10**6))
def test_a_clamped_score_is_the_nearest_inside_its_bounds(points: int, maximum: int | None) -> None:
    inside = clamp(points, maximum)
    assert inside >= 0
    assert maximum is None or inside <= maximum
    assert inside == points or (points < 0 and inside == 0) or (maximum is not None and inside == maximum < points)


def test_the_points_of_a_leaf_that_does_not_apply_go_to_its_siblings() -> None:
    stage = filed("6", a=FULL)
    stage.do(REVIEWER, review.judge, "6b", "2.00", "half")
    stage.do(REVIEWER, review.confirm_not_applicable, "6a", "no firms with a union")
    assert row(stage, "6a") == (800, 0, 0, 0, "not-applicable")
    assert row(stage, "6b") == (0, 600, 600, 1200, "verified")  # half of the grown leaf
    verify(stage, "6a")
    assert row(stage, "6b") == (0, 200, 200, 400, "verified")


def test_a_leaf_alone_that_does_not_apply_waits_for_a_judgement() -> None:
    stage = filed("10", a=FULL)
    stage.do(REVIEWER, review.confirm_not_applicable, "10a", "no women")
    assert row(stage, "10a") == (100, 0, 0, 100, "pending")
    stage.do(REVIEWER, review.judge, "10a", "0.70", "a contract is ready")
    assert row(stage, "10a") == (100, 70, 70, 100, "verified")


def test_points_given_to_a_leaf_alone_are_lost_to_a_sibling_that_applies_again() -> None:
    stage = filed("6", a=FULL)
    for leaf in ("6a", "6b"):
        stage.do(REVIEWER, review.confirm_not_applicable, leaf, "none here")
    stage.do(REVIEWER, review.judge, "6b", "3.33", "nobody else takes them")
    verify(stage, "6a")
    assert row(stage, "6a") == (800, 1200, 1200, 1200, "verified")
    assert row(stage, "6b")[1:] == (0, 0, 0, "not-applicable")


def test_a_zero_denominator_waits() -> None:
    stage = filed("6", a={"numerator": 0, "denominator": 0})
    verify(stage, "6a")
    assert row(stage, "6a") == (0, 0, 0, 800, "pending")


def test_a_bonus_over_target_stands_as_its_task_stands() -> None:
    stage = Stage("1")
    assert row(stage, "1f") == (0, 0, 0, None, "empty")
    stage.do(CLERK, filing.submit, "s1", {"1a": {"actual": 115, "target": 100}})
    assert row(stage, "1f") == (300, 0, 0, None, "pending")
    verify(stage, "1a", {"actual": 110, "target": 100})
    assert row(stage, "1f") == (300, 200, 200, None, "verified")
    stage.do(REVIEWER, review.confirm_not_applicable, "1a", "no task was issued")
    assert row(stage, "1f") == (300, 0, 0, None, "not-applicable")


def test_a_bonus_is_claimed_pending_then_verified() -> None:
    stage = Stage("7")
    assert row(stage, "7a") == (0, 0, 0, None, "empty")
    stage.do(CLERK, filing.claim, "b1", "7a", "DL-12", "contract")
    assert row(stage, "7a") == (300, 0, 0, None, "pending")
    stage.do(REVIEWER, bonuses.propose, bonus("b1", "7a", "DL-12"))
    assert row(stage, "7a") == (300, 0, 0, None, "pending")
    stage.do(APPROVER, bonuses.grant, "b1", "checked")
    assert row(stage, "7a") == (300, 300, 300, None, "verified")
    stage.do(APPROVER, bonuses.revoke, "b1", "void")
    assert row(stage, "7a") == (300, 0, 0, None, "verified")


def grant(stage: Stage, key: str, leaf: str, number: str, level: str = "") -> None:
    """Records a grant without asking the rules, as an older program might have."""
    stage.record(bonus(key, leaf, number, level), "reviewer")
    stage.record(facts.BonusGranted(key, leaf, "checked"), "approver")


def test_an_experience_counts_once_at_its_highest_level() -> None:
    for levels in (("city", "nation", "province"), ("nation", "city", "province")):
        stage = Stage("27")
        for number, level in enumerate(levels):
            grant(stage, f"b{number}", "27b", "The Dalian Way", level)
        assert stage.scores()["27b"].final == 300
        grant(stage, "b9", "27b", "another way", "city")
        assert stage.scores()["27b"].final == 400


def test_a_register_number_counts_once_though_it_was_recorded_twice() -> None:
    stage = Stage("7")
    grant(stage, "b1", "7a", "DL-12")
    grant(stage, "b2", "7a", "ＤＬ－１２")
    assert stage.scores()["7a"].final == 300


def test_a_number_declined_and_claimed_again_is_claimed_once() -> None:
    stage = Stage("7")
    for key in ("b1", "b2"):
        stage.do(CLERK, filing.claim, key, "7a", "DL-12", "contract")
        assert stage.scores()["7a"].claimed == 300
        if key == "b1":
            stage.do(APPROVER, bonuses.decline, "b1", "not registered yet")


def test_bonuses_of_one_leaf_do_not_count_in_another() -> None:
    stage = Stage("7")
    grant(stage, "b1", "7a", "DL-12")
    grant(stage, "b2", "7c", "DL-12")
    assert [stage.scores()[leaf].final for leaf in ("7a", "7b", "7c")] == [300, 0, 50]


def test_a_claim_without_a_level_is_worth_nothing_until_a_reviewer_gives_one() -> None:
    stage = Stage("27")
    stage.do(CLERK, filing.claim, "b1", "27b", "The Dalian Way", "experience")
    assert row(stage, "27b") == (0, 0, 0, None, "pending")


def test_the_columns_come_in_the_rubrics_order() -> None:
    assert list(filed("6", b={"points": "1.00"}).scores()) == ["6a", "6b"]


def test_an_industry_union_meets_its_own_points() -> None:
    assert Stage("23", "industry").scores()["23b"].maximum == 700
    assert "23a" not in Stage("23", "industry").scores()
    with refused("unknown-leaf"):
        Stage("23", "industry").do(CLERK, filing.submit, "s1", {"23a": FULL})
