"""What a department's reviewer may do, and that what he looked at is what he decides on."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain import facts
from domain.acts import filing, review
from tests.domain.stage import APPROVER, CLERK, REVIEWER, SECOND, Stage, file, person, refused

HALF = {"numerator": 50, "denominator": 100}
NONE = {"numerator": 0, "denominator": 0}


def filed(item: str = "6", leaf: str = "6a", figures: Any = None) -> Stage:
    stage = Stage(item)
    stage.do(CLERK, filing.submit, "s1", {leaf: figures or HALF})
    stage.do(CLERK, filing.attach, file("e1", leaf))
    return stage


def acts(leaf: str) -> list[tuple[Any, tuple[Any, ...]]]:
    return [
        (review.review_evidence, ("e1", "accepted", "fits")),
        (review.verify, (leaf, "s1", None, "fits")),
        (review.judge, (leaf, "1.00", "fits")),
        (review.confirm_not_applicable, (leaf, "none here")),
    ]


WRONG_PEOPLE = {
    "the unit itself": CLERK,
    "an approver": APPROVER,
    "an auditor": person("auditor", ("auditor", "*")),
    "an administrator": person("administrator", ("administrator", "*")),
    "a reviewer of another department": person("women", ("reviewer", "women")),
}


@pytest.mark.parametrize("who", WRONG_PEOPLE)
def test_only_a_reviewer_of_the_leafs_department_reviews(who: str) -> None:
    stage = filed()
    for act, details in acts("6a"):
        with refused("not-permitted"):
            stage.do(WRONG_PEOPLE[who], act, *details)


def test_responsibility_attaches_to_the_leaf_and_not_to_the_item() -> None:
    stage = Stage("1")
    organisation = person("o", ("reviewer", "organisation"))
    stage.do(CLERK, filing.submit, "s1", {"1c": HALF, "1d": HALF})
    stage.do(organisation, review.verify, "1c", "s1", None, "")
    with refused("not-permitted"):
        stage.do(organisation, review.verify, "1d", "s1", None, "")
    stage.do(person("w", ("reviewer", "women")), review.verify, "1d", "s1", None, "")


def test_a_declared_conflict_blocks_every_act_of_review() -> None:
    stage = filed()
    for act, details in acts("6a"):
        with refused("conflict-of-interest"):
            stage.do(person("torn", ("reviewer", "democracy"), conflicts=("zhongshan",)), act, *details)


def test_whoever_acts_for_the_unit_reviews_nothing_of_it() -> None:
    stage = filed()
    for act, details in acts("6a"):
        with refused("conflict-of-interest"):
            stage.do(person("insider", ("unit", "zhongshan"), ("reviewer", "democracy")), act, *details)


def test_whoever_filed_here_reviews_nothing_here_after_he_changed_sides() -> None:
    stage = filed()
    for act, details in acts("6a"):
        with refused("own-act"):
            stage.do(person("clerk", ("reviewer", "democracy")), act, *details)


@pytest.mark.parametrize("phase", ["draft", "provisional", "notice", "appeal", "final", "archived"])
def test_reviewing_has_its_phases(phase: str) -> None:
    stage = filed()
    stage.phase = phase
    for act, details in acts("6a"):
        with refused("wrong-phase"):
            stage.do(REVIEWER, act, *details)


def test_reviewing_ends_with_its_deadline() -> None:
    stage = filed()
    stage.phase, stage.now = "review", datetime(2026, 6, 1, tzinfo=UTC)
    for act, details in acts("6a"):
        with refused("too-late"):
            stage.do(REVIEWER, act, *details)


def test_figures_verified_as_filed_are_not_called_corrected() -> None:
    for corrected in (None, dict(HALF)):
        [fact] = filed().do(REVIEWER, review.verify, "6a", "s1", corrected, "").facts
        assert fact == facts.FiguresVerified("6a", "s1", HALF, corrected=False, reason="")


def test_corrected_figures_stand_beside_what_was_filed() -> None:
    stage = filed()
    stage.do(REVIEWER, review.verify, "6a", "s1", {"numerator": 40, "denominator": 100}, "ten contracts are void")
    assert stage.sheet.claimed["6a"] == ("s1", HALF)
    assert stage.sheet.verified["6a"] == {"numerator": 40, "denominator": 100}


def test_a_correction_needs_a_reason() -> None:
    with refused("no-reason", "reason"):
        filed().do(REVIEWER, review.verify, "6a", "s1", {"numerator": 40, "denominator": 100}, " \n")


@pytest.mark.parametrize("corrected", [{}, {"numerator": 3, "denominator": 2}, {"points": "1.00"}, [], "x", {"x": 1}])
def test_a_correction_the_leaf_cannot_read_is_refused(corrected: Any) -> None:
    with refused("bad-figures"):
        filed().do(REVIEWER, review.verify, "6a", "s1", corrected, "because")


def test_a_reviewer_who_saw_an_older_submission_is_told_it_is_stale() -> None:
    stage = filed()
    stage.do(CLERK, filing.submit, "s2", {"6a": {"numerator": 90, "denominator": 100}})
    with refused("stale", "submission"):
        stage.do(REVIEWER, review.verify, "6a", "s1", None, "")


def test_nothing_is_verified_that_was_not_filed() -> None:
    with refused("nothing-waiting"):
        Stage("6").do(REVIEWER, review.verify, "6a", "s1", None, "")


def test_a_judged_leaf_is_judged_and_not_verified() -> None:
    stage = filed("6", "6b", {"points": "4.00"})
    with refused("wrong-rule"):
        stage.do(REVIEWER, review.verify, "6b", "s1", None, "")
    stage.do(REVIEWER, review.judge, "6b", "2.50", "half a team")
    assert stage.scores()["6b"].verified == 250


@pytest.mark.parametrize("points", ["0.25", "4.50", "-0.50", "1", "1.0", "１.00", "", "-0.00", "9999999999999.00"])
def test_a_judgement_is_one_of_the_steps(points: str) -> None:
    with refused("bad-points", "points"):
        Stage("6").do(REVIEWER, review.judge, "6b", points, "because")


def test_a_leaf_with_figures_is_not_judged() -> None:
    with refused("wrong-rule"):
        filed().do(REVIEWER, review.judge, "6a", "8.00", "because")


def test_a_judgement_and_not_applicable_need_a_reason() -> None:
    with refused("no-reason"):
        Stage("6").do(REVIEWER, review.judge, "6b", "1.00", "")
    with refused("no-reason"):
        Stage("6").do(REVIEWER, review.confirm_not_applicable, "6a", "")


def test_what_does_not_apply_is_confirmed_and_not_verified() -> None:
    stage = filed("10", "10a", {"not_applicable": True})
    with refused("wrong-rule"):
        stage.do(REVIEWER, review.verify, "10a", "s1", None, "")
    with refused("wrong-rule"):
        stage.do(REVIEWER, review.verify, "10a", "s1", {"not_applicable": True}, "none here")
    stage.do(REVIEWER, review.confirm_not_applicable, "10a", "none here")


@pytest.mark.parametrize(("item", "leaf"), [("1", "1f"), ("7", "7a"), ("23", "23c"), ("27", "27a")])
def test_a_bonus_is_never_confirmed_not_applicable(item: str, leaf: str) -> None:
    with refused("wrong-rule"):
        Stage(item).do(REVIEWER, review.confirm_not_applicable, leaf, "none here")


def test_a_leaf_alone_that_does_not_apply_takes_any_points_up_to_its_own() -> None:
    stage = filed("10", "10a", NONE)
    with refused("wrong-rule"):
        stage.do(REVIEWER, review.judge, "10a", "0.33", "no women yet")
    stage.do(REVIEWER, review.confirm_not_applicable, "10a", "no women yet")
    with refused("bad-points"):
        stage.do(REVIEWER, review.judge, "10a", "1.01", "more than all")
    stage.do(REVIEWER, review.judge, "10a", "0.33", "a contract is drafted")
    assert stage.scores()["10a"].final == 33


def test_siblings_that_all_do_not_apply_stand_alone_each() -> None:
    stage = Stage("6")
    stage.do(REVIEWER, review.confirm_not_applicable, "6a", "none here")
    with refused("wrong-rule"):
        stage.do(REVIEWER, review.judge, "6a", "3.33", "its points went to 6b")
    stage.do(REVIEWER, review.confirm_not_applicable, "6b", "nor here")
    stage.do(REVIEWER, review.judge, "6a", "3.33", "nobody else takes them")
    assert {leaf: score.final for leaf, score in stage.scores().items()} == {"6a": 333, "6b": 0}


def test_a_judged_leaf_that_did_not_apply_applies_again_once_it_is_judged() -> None:
    stage = Stage("6")
    stage.do(REVIEWER, review.confirm_not_applicable, "6b", "no team")
    assert stage.scores()["6b"].maximum == 0
    stage.do(REVIEWER, review.judge, "6b", "2.00", "there is one after all")
    score = stage.scores()["6b"]
    assert (score.final, score.maximum, score.status) == (200, 400, "verified")


def test_a_second_reviewer_may_verify_anew_and_both_are_remembered() -> None:
    stage = filed()
    stage.do(REVIEWER, review.verify, "6a", "s1", None, "")
    stage.do(SECOND, review.verify, "6a", "s1", {"numerator": 40, "denominator": 100}, "ten are void")
    assert stage.sheet.people() == {"clerk", "reviewer", "second reviewer"}


@pytest.mark.parametrize("outcome", review.OUTCOMES)
def test_a_file_is_accepted_returned_or_rejected_once(outcome: str) -> None:
    stage = filed()
    stage.do(REVIEWER, review.review_evidence, "e1", outcome, "as it is")
    assert stage.sheet.evidence["e1"].state == outcome
    for again in review.OUTCOMES:
        with refused("already-decided"):
            stage.do(SECOND, review.review_evidence, "e1", again, "otherwise")


def test_no_other_outcome_is_known() -> None:
    with refused("bad-outcome", "outcome"):
        filed().do(REVIEWER, review.review_evidence, "e1", "withdrawn", "why")


@pytest.mark.parametrize("outcome", ["returned", "rejected"])
def test_a_file_is_not_turned_down_without_a_reason(outcome: str) -> None:
    with refused("no-reason"):
        filed().do(REVIEWER, review.review_evidence, "e1", outcome, "")
    filed().do(REVIEWER, review.review_evidence, "e1", "accepted", "")


def test_a_withdrawn_or_superseded_file_is_not_reviewed() -> None:
    stage = filed()
    stage.do(CLERK, filing.withdraw_evidence, "e1", "wrong page")
    with refused("evidence-not-open"):
        stage.do(REVIEWER, review.review_evidence, "e1", "accepted", "")
    stage.do(CLERK, filing.attach, file("e2", "6a"))
    stage.do(REVIEWER, review.review_evidence, "e2", "returned", "illegible")
    stage.do(CLERK, filing.attach, file("e3", "6a"))
    with refused("evidence-not-open"):
        stage.do(REVIEWER, review.review_evidence, "e2", "accepted", "")
    with refused("unknown-evidence"):
        stage.do(REVIEWER, review.review_evidence, "e9", "accepted", "")


def test_an_unknown_leaf_is_named() -> None:
    for act, details in acts("1a")[1:]:
        with refused("unknown-leaf", "1a"):
            filed().do(REVIEWER, act, *details)
