"""Double marking on a sheet: nobody judges twice, nothing is seen too early, only what differs is moderated."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain import facts
from domain.acts import review
from domain.columns import columns, rescored
from domain.explanation import explain_item
from domain.grounds import Grounds
from domain.people import Grant, Person
from tests.domain.rounds import ADMINISTRATOR, OUTSIDER, THIRD, Rounds, reviewer
from tests.domain.stage import APPROVER, BOTH, CLERK, REVIEWER, RUBRIC, SECOND, person, refused


def sealed(points: str = "2.00", **more: Any) -> Rounds:
    stage = Rounds("6", **more)
    stage.file("s1", "6b")
    stage.seal(REVIEWER, "6b", points)
    return stage


def test_a_drawn_judgement_is_recorded_as_a_seal_and_counts_nothing_yet() -> None:
    stage = sealed()
    fact, by = stage.recorded[-1]
    assert isinstance(fact, facts.JudgementSealed)
    assert (fact.leaf, fact.marking, fact.limit, fact.alone, by) == ("6b", "m1", "0.50", False, "reviewer")
    assert "2.00" not in repr(fact)
    score = stage.scores()["6b"]
    assert (score.verified, score.final, score.status) == (0, 0, "pending")


def test_a_leaf_that_nobody_filed_is_pending_too_while_it_waits() -> None:
    stage = Rounds("6")
    stage.seal(REVIEWER, "6b", "2.00")
    assert stage.scores()["6b"].status == "pending"


@pytest.mark.parametrize("second", ["1.50", "2.00", "2.50"])
def test_within_the_limit_the_first_judgement_stands(second: str) -> None:
    stage = sealed()
    opened = stage.second(SECOND, "6b", second).facts
    assert opened == [
        facts.SecondJudgementGiven("6b", second, "second"),
        facts.JudgementOpened("6b", "2.00", "first", stage.vault["6b"].salt),
    ]
    assert stage.sheet.rounds["6b"].state == "agreed"
    assert (stage.scores()["6b"].verified, stage.scores()["6b"].status) == (200, "verified")


@pytest.mark.parametrize("second", ["1.00", "3.00", "0.00"])
def test_above_the_limit_a_third_person_decides(second: str) -> None:
    stage = sealed()
    stage.second(SECOND, "6b", second)
    assert stage.sheet.rounds["6b"].state == "differing"
    assert (stage.scores()["6b"].verified, stage.scores()["6b"].status) == (0, "pending")
    stage.moderate(THIRD, "6b", "1.50")
    assert (stage.scores()["6b"].verified, stage.scores()["6b"].status) == (150, "verified")


def test_nobody_judges_a_leaf_twice() -> None:
    stage = sealed()
    with refused("own-act"):
        stage.second(REVIEWER, "6b", "2.00")
    stage.second(BOTH, "6b", "4.00")
    with refused("own-act"):
        stage.moderate(BOTH, "6b", "3.00")
    with refused("own-act"):
        stage.moderate(replace(APPROVER, id="reviewer"), "6b", "3.00")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (person("stranger"), "not-permitted"),
        (APPROVER, "not-permitted"),
        (person("women", ("reviewer", "women")), "not-permitted"),
        (reviewer("torn", conflicts=("zhongshan",)), "conflict-of-interest"),
        (replace(reviewer("inside"), grants=SECOND.grants | {Grant("unit", "zhongshan")}), "conflict-of-interest"),
        (reviewer("clerk"), "own-act"),
    ],
)
def test_only_a_reviewer_who_may_judge_the_unit_gives_the_second(who: Person, code: str) -> None:
    with refused(code):
        sealed().second(who, "6b", "2.00")


def test_a_conflict_that_was_waived_does_not_keep_from_the_second() -> None:
    torn = reviewer("torn", conflicts=("zhongshan",))
    sealed(waivers=frozenset({("torn", "zhongshan", "democracy")})).second(torn, "6b", "2.00")


@pytest.mark.parametrize("points", ["0.25", "4.50", "2", ""])
def test_second_and_moderated_points_are_steps_of_the_leaf(points: str) -> None:
    stage = sealed()
    with refused("bad-points", "points"):
        stage.second(SECOND, "6b", points)
    stage.second(SECOND, "6b", "4.00")
    with refused("bad-points", "points"):
        stage.moderate(THIRD, "6b", points)


def test_every_judgement_has_its_reason() -> None:
    stage = sealed()
    with refused("no-reason"):
        stage.second(SECOND, "6b", "4.00", " ")
    stage.second(SECOND, "6b", "4.00")
    with refused("no-reason"):
        stage.moderate(THIRD, "6b", "3.00", "")


def test_what_waits_for_nobody_takes_neither_second_nor_moderation() -> None:
    stage = Rounds("6")
    with refused("no-second-awaited"):
        stage.second(SECOND, "6b", "2.00")
    stage.do(REVIEWER, review.judge, "6b", "2.00", "once")
    with refused("no-second-awaited"):
        stage.second(SECOND, "6b", "2.00")
    stage.seal(REVIEWER, "6b", "2.00")
    with refused("no-moderation-awaited"):
        stage.moderate(THIRD, "6b", "2.00")
    stage.second(SECOND, "6b", "2.00")
    with refused("no-second-awaited"):
        stage.second(reviewer("other"), "6b", "2.00")
    with refused("no-moderation-awaited"):
        stage.moderate(THIRD, "6b", "2.00")


def test_nobody_goes_past_a_round_that_is_open() -> None:
    stage = sealed()
    for state in ("sealed", "differing"):
        assert stage.sheet.rounds["6b"].state == state
        for who in (REVIEWER, SECOND, reviewer("other")):
            with refused("second-awaited"):
                stage.do(who, review.judge, "6b", "4.00", "once more")
            with refused("second-awaited"):
                stage.do(who, review.confirm_not_applicable, "6b", "none here")
        if state == "sealed":
            stage.second(SECOND, "6b", "4.00")


def test_other_figures_of_the_unit_end_the_round_and_the_leaf_is_judged_anew() -> None:
    for differing in (False, True):
        stage = sealed()
        if differing:
            stage.second(SECOND, "6b", "4.00")
        stage.file("s2", "6b", "3.00")
        assert stage.sheet.rounds["6b"].state == "overtaken"
        with refused("no-second-awaited"):
            stage.second(reviewer("other"), "6b", "2.00")
        stage.seal(REVIEWER, "6b", "3.00")
        stage.second(SECOND, "6b", "3.50")
        assert stage.scores()["6b"].verified == 300


def test_a_leaf_judged_again_keeps_its_points_until_the_new_round_is_over() -> None:
    stage = sealed()
    stage.second(SECOND, "6b", "2.00")
    stage.seal(REVIEWER, "6b", "4.00")
    assert (stage.scores()["6b"].verified, stage.scores()["6b"].status) == (200, "pending")
    stage.second(SECOND, "6b", "4.00")
    assert (stage.scores()["6b"].verified, stage.scores()["6b"].status) == (400, "verified")


def test_what_was_sealed_is_opened_as_it_was_or_not_at_all() -> None:
    stage = sealed()
    for forged in (None, replace(stage.vault["6b"], points="2.50"), replace(stage.vault["6b"], salt="00" * 32)):
        stage.vault["6b"] = forged  # type: ignore[assignment]
        with refused("seal-broken"):
            stage.second(SECOND, "6b", "2.00")


def test_a_leaf_that_stands_alone_and_does_not_apply_is_judged_twice_like_any_other() -> None:
    stage = Rounds("10")
    stage.do(REVIEWER, review.confirm_not_applicable, "10a", "no women")
    stage.seal(REVIEWER, "10a", "0.33")
    assert stage.scores()["10a"].status == "pending"
    with refused("bad-points"):
        stage.second(SECOND, "10a", "1.01")
    stage.second(SECOND, "10a", "0.95")
    stage.moderate(THIRD, "10a", "0.66")
    assert (stage.scores()["10a"].verified, stage.scores()["10a"].status) == (66, "verified")


@pytest.mark.parametrize("phase", ["draft", "provisional", "appeal", "final"])
def test_second_judgements_belong_to_the_review(phase: str) -> None:
    stage = sealed()
    stage.phase = phase
    with refused("wrong-phase"):
        stage.second(SECOND, "6b", "2.00")
    stage.phase, stage.now = "review", datetime(2026, 6, 1, tzinfo=UTC)
    with refused("too-late"):
        stage.second(SECOND, "6b", "2.00")


def test_a_moderation_may_still_be_given_on_provisional_results_and_not_on_final_ones() -> None:
    stage = sealed()
    stage.second(SECOND, "6b", "4.00")
    stage.phase = "final"
    with refused("wrong-phase"):
        stage.moderate(THIRD, "6b", "3.00")
    stage.phase = "provisional"
    stage.moderate(THIRD, "6b", "3.00")


def test_a_department_without_a_second_reviewer_is_helped_from_outside_on_the_record() -> None:
    stage = sealed()
    torn, inside = reviewer("torn", conflicts=("zhongshan",)), reviewer("clerk")
    for helper in (OUTSIDER, ADMINISTRATOR, THIRD):
        assert stage.case(helper)
    decided = stage.waive(OUTSIDER, "6b", REVIEWER, torn, inside, APPROVER)
    assert decided.facts[0] == facts.SecondJudgementWaived("6b", "nobody else")
    assert decided.grant == Grant("approver", "women")
    assert stage.sheet.rounds["6b"].state == "waived"
    assert (stage.scores()["6b"].verified, stage.scores()["6b"].status) == (200, "verified")


@pytest.mark.parametrize(
    ("who", "people", "code"),
    [
        (OUTSIDER, (REVIEWER, SECOND), "not-sole"),
        (REVIEWER, (REVIEWER,), "not-permitted"),
        (person("reviewer", ("approver", "women")), (REVIEWER,), "own-act"),
        (person("clerk", ("approver", "women")), (REVIEWER,), "own-act"),
        (person("head", ("approver", "democracy")), (REVIEWER,), "own-act"),
        (person("kin", ("approver", "women"), conflicts=("zhongshan",)), (REVIEWER,), "conflict-of-interest"),
        (CLERK, (REVIEWER,), "not-permitted"),
    ],
)
def test_a_second_judgement_is_not_waived_by_the_back_door(who: Person, people: tuple[Person, ...], code: str) -> None:
    with refused(code):
        sealed().waive(who, "6b", *people)


def test_a_reviewer_whose_conflict_was_waived_could_judge_so_he_has_to() -> None:
    torn = reviewer("torn", conflicts=("zhongshan",))
    stage = sealed(waivers=frozenset({("torn", "zhongshan", "democracy")}))
    with refused("not-sole"):
        stage.waive(OUTSIDER, "6b", REVIEWER, torn)


def explained(stage: Rounds) -> Any:
    grounds = Grounds(stage.sheet.verified, {}, {}, {}, stage.sheet.rounds)
    return explain_item(RUBRIC, "6", "district", grounds)[0].leaves[1].round


def test_an_explanation_tells_nothing_of_a_sealed_judgement_and_everything_of_an_opened_one() -> None:
    stage = sealed()
    before = explained(stage)
    assert (before.first, before.first_reason, before.second) == (None, None, None)
    assert before.outcome.en == "the first judgement is sealed until the second is given"
    stage.second(SECOND, "6b", "4.00")
    assert explained(stage).outcome.en == "|2.00 − 4.00| = 2.00 > 0.50: waits for moderation"
    stage.moderate(THIRD, "6b", "3.00")
    after = explained(stage)
    assert (after.first, after.first_reason, after.second, after.second_reason) == ("2.00", "first", "4.00", "second")
    assert (after.moderated, after.reason, after.limit) == ("3.00", "between the two", "0.50")
    assert after.outcome.en == "|2.00 − 4.00| = 2.00 > 0.50: the moderator's points stand"
    assert explained(Rounds("6")) is None


def test_every_act_of_a_round_scores_the_sheet_as_scoring_it_anew_does() -> None:
    stage = sealed("3.00")
    stage.second(SECOND, "6b", "1.00")
    stage.moderate(THIRD, "6b", "2.00")
    sheet, scores = stage.empty(), columns(stage.empty(), stage.scorer, stage.rules)
    for fact, by in stage.recorded:
        sheet.evolve(fact, by)
        scores = rescored(sheet, stage.scorer, stage.rules, scores, fact)
        assert scores == columns(sheet, stage.scorer, stage.rules)
