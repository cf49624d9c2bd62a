"""An adjustment takes two people, stays inside the leaf's bounds, and is never undone by who proposed it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.acts import adjustments, filing, review
from tests.domain.stage import APPROVER, BOTH, CLERK, REVIEWER, SECOND, Stage, person, refused


def verified(percent: int = 50) -> Stage:
    """6a: 8.00 points from 85 %, verified at ``percent``."""
    stage = Stage("6")
    stage.do(CLERK, filing.submit, "s1", {"6a": {"numerator": percent, "denominator": 100}})
    stage.do(REVIEWER, review.verify, "6a", "s1", None, "")
    return stage


def propose(stage: Stage, delta: str, key: str = "a1", who: Any = REVIEWER, text: str = "late evidence") -> None:
    stage.do(who, adjustments.propose, key, "6a", delta, "late-evidence", text, stage.room("6a"))


def approve(stage: Stage, key: str = "a1", who: Any = APPROVER) -> None:
    stage.do(who, adjustments.approve, key, "checked", stage.room("6a"))


def proposed(delta: str = "1.00", who: Any = REVIEWER) -> Stage:
    stage = verified()
    propose(stage, delta, who=who)
    return stage


def test_an_adjustment_counts_only_once_a_second_person_approved_it() -> None:
    stage = proposed()
    before = stage.scores()["6a"]
    assert before.final == before.verified
    approve(stage)
    after = stage.scores()["6a"]
    assert (after.claimed, after.verified, after.final) == (before.claimed, before.verified, before.final + 100)


def test_a_reviewer_may_not_approve_his_own_adjustment_though_he_is_an_approver_too() -> None:
    stage = proposed(who=BOTH)
    with refused("own-act"):
        approve(stage, who=BOTH)
    with refused("own-act"):
        stage.do(BOTH, adjustments.decline, "a1", "never mind")
    approve(stage)
    with refused("own-act"):
        stage.do(BOTH, adjustments.revoke, "a1", "never mind")


def test_somebody_with_both_roles_approves_what_another_proposed() -> None:
    approve(proposed(), who=BOTH)


@pytest.mark.parametrize(
    "who", [CLERK, APPROVER, person("women", ("reviewer", "women")), person("administrator", ("administrator", "*"))]
)
def test_only_a_reviewer_of_the_department_proposes(who: Any) -> None:
    with refused("not-permitted"):
        propose(verified(), "1.00", who=who)


@pytest.mark.parametrize(
    "who", [CLERK, SECOND, person("women", ("approver", "women")), person("administrator", ("administrator", "*"))]
)
def test_only_an_approver_of_the_department_decides(who: Any) -> None:
    stage = proposed()
    for act, details in (
        (adjustments.approve, ("a1", "ok", stage.room("6a"))),
        (adjustments.decline, ("a1", "no")),
        (adjustments.revoke, ("a1", "no")),
    ):
        with refused("not-permitted"):
            stage.do(who, act, *details)


def test_an_approver_of_the_leafs_department_decides() -> None:
    approve(proposed(), who=person("democrat", ("approver", "democracy")))


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (person("torn", ("approver", "*"), conflicts=("zhongshan",)), "conflict-of-interest"),
        (person("insider", ("approver", "*"), ("unit", "zhongshan")), "conflict-of-interest"),
        (person("clerk", ("approver", "*")), "own-act"),
    ],
)
def test_nobody_with_an_interest_in_the_unit_decides(who: Any, code: str) -> None:
    stage = proposed()
    with refused(code):
        approve(stage, who=who)
    with refused(code):
        stage.do(who, adjustments.decline, "a1", "no")
    approve(stage)
    with refused(code):
        stage.do(who, adjustments.revoke, "a1", "no")


def test_no_proposal_leaves_the_leafs_bounds() -> None:
    score = verified().scores()["6a"]
    assert (score.final, score.maximum) == (471, 800)
    propose(verified(), "3.29")
    propose(verified(), "-4.71")
    for delta in ("3.30", "-4.72", "9999999999999.99"):
        with refused("over-cap", "delta"):
            propose(verified(), delta)


def test_two_proposals_that_fit_alone_are_not_both_approved_when_they_do_not_fit_together() -> None:
    stage = verified()
    propose(stage, "3.00", "a1")
    propose(stage, "3.00", "a2")
    approve(stage, "a1")
    with refused("over-cap"):
        approve(stage, "a2")


def test_a_final_score_stays_inside_its_bounds_when_what_was_verified_changes_under_an_adjustment() -> None:
    stage = verified()
    propose(stage, "-4.00")
    approve(stage)
    stage.do(SECOND, review.verify, "6a", "s1", {"numerator": 0, "denominator": 100}, "all void")
    assert stage.scores()["6a"].final == 0
    stage.do(SECOND, review.confirm_not_applicable, "6a", "no firms")
    assert (stage.scores()["6a"].final, stage.scores()["6a"].maximum) == (0, 0)


@pytest.mark.parametrize("delta", ["0.00", "-0.00", "1", "1.005", "+1.00", "one", "", "1.00\n", "１.00"])
def test_an_adjustment_is_a_sum_with_two_decimals_and_not_zero(delta: str) -> None:
    with refused("bad-points", "delta"):
        propose(verified(), delta)


def test_an_adjustment_needs_its_reason_in_writing() -> None:
    with refused("no-reason", "text"):
        propose(verified(), "1.00", text="  ")
    stage = proposed()
    with refused("no-reason", "reason"):
        stage.do(APPROVER, adjustments.decline, "a1", "")
    approve(stage)
    with refused("no-reason", "reason"):
        stage.do(APPROVER, adjustments.revoke, "a1", "")


def test_an_adjustment_is_decided_once() -> None:
    for decide in (approve, lambda stage: stage.do(APPROVER, adjustments.decline, "a1", "no")):
        stage = proposed()
        decide(stage)
        with refused("already-decided"):
            approve(stage, who=BOTH)
        with refused("already-decided"):
            stage.do(BOTH, adjustments.decline, "a1", "no")


def test_only_what_was_approved_is_revoked_and_then_counts_no_longer() -> None:
    stage = proposed()
    with refused("not-approved"):
        stage.do(APPROVER, adjustments.revoke, "a1", "wrong")
    approve(stage)
    stage.do(APPROVER, adjustments.revoke, "a1", "wrong")
    score = stage.scores()["6a"]
    assert score.final == score.verified
    with refused("not-approved"):
        stage.do(APPROVER, adjustments.revoke, "a1", "again")
    with refused("already-decided"):
        approve(stage)


def test_an_id_is_not_used_again_to_reopen_what_was_decided() -> None:
    stage = proposed()
    approve(stage)
    with refused("already-exists"):
        propose(stage, "2.00", "a1")


def test_an_adjustment_nobody_proposed_is_unknown() -> None:
    stage = verified()
    for act, details in (
        (adjustments.approve, ("a9", "ok", (0, None))),
        (adjustments.decline, ("a9", "no")),
        (adjustments.revoke, ("a9", "no")),
    ):
        with refused("unknown-adjustment"):
            stage.do(APPROVER, act, *details)


@pytest.mark.parametrize("phase", ["draft", "notice", "final", "archived"])
def test_nothing_is_approved_while_results_stand(phase: str) -> None:
    stage = proposed()
    stage.phase = phase
    with refused("wrong-phase"):
        approve(stage)


def test_nothing_is_approved_after_the_deadline() -> None:
    stage = proposed()
    stage.phase, stage.now = "appeal", datetime(2026, 9, 1, tzinfo=UTC)
    with refused("too-late"):
        approve(stage)
