"""Two times: what stands at a moment of knowledge and of the world, and that it always stands on its feet."""

from hypothesis import given, strategies as st

from domain import facts
from domain.moments import ALWAYS, Effects, Moment
from tests.domain.histories import History, histories, minute

MINUTES = st.integers(0, 40).map(minute)
LATER = minute(600)


@given(histories(), st.integers(0, 15), MINUTES)
def test_whatever_stands_at_a_moment_stands_with_all_it_rests_on(history: History, position: int, when: str) -> None:
    history.sheet(history.standing(Moment(position, when)))


@given(histories())
def test_as_of_an_effective_time_behind_all_others_the_score_is_the_present_one(history: History) -> None:
    end, everything = len(history.told), list(range(len(history.told)))
    assert history.standing(Moment(end, LATER)) == everything == history.standing(Moment(end))
    assert history.points(history.standing(Moment(end, LATER))) == history.points(everything)


@given(histories(effective=False), MINUTES)
def test_without_effective_times_how_it_was_is_what_was_known(history: History, when: str) -> None:
    known = sum(each.recorded <= when for each in history.told)
    assert history.standing(Moment(len(history.told), when)) == history.standing(Moment(known))


@given(histories(), st.integers(0, 14), st.integers(0, 14), MINUTES)
def test_what_is_learnt_later_never_takes_away_what_stood(history: History, one: int, two: int, when: str) -> None:
    less, more = sorted((one, two))
    seen = history.standing(Moment(less, when))
    assert [place for place in history.standing(Moment(more, when)) if place < less] == seen


@given(histories(), MINUTES, MINUTES)
def test_what_holds_at_a_time_holds_at_every_later_one(history: History, one: str, two: str) -> None:
    end = len(history.told)
    early, late = (history.standing(Moment(end, when)) for when in sorted((one, two)))
    assert set(early) <= set(late)


@given(
    histories(), st.tuples(st.integers(0, 15), st.none() | MINUTES), st.tuples(st.integers(0, 15), st.none() | MINUTES)
)
def test_where_two_moments_meet_stands_what_stands_at_both(
    history: History, one: tuple[int, str | None], two: tuple[int, str | None]
) -> None:
    first, second = Moment(*one), Moment(*two)
    both = set(history.standing(first)) & set(history.standing(second))
    assert set(history.standing(first.meet(second))) == both


@given(histories())
def test_nothing_holds_before_what_it_speaks_of(history: History) -> None:
    made: dict[str, str] = {}
    for told in history.told:
        for name in ("submission", "evidence", "supersedes", "adjustment", "bonus", "appeal"):
            key = getattr(told.fact, name, "")
            if isinstance(key, str) and key in made:
                assert told.holds >= made[key]
            elif isinstance(key, str) and key:
                made[key] = told.holds


def test_a_correction_holds_from_when_the_figures_it_corrects_held() -> None:
    effects = Effects()
    filed = facts.FiguresSubmitted("one", {"1c": {"numerator": 9, "denominator": 10}})
    corrected = facts.FiguresVerified("1c", "one", {"numerator": 8, "denominator": 10}, True, "two were double")
    assert effects.take(filed, minute(10), minute(3)) == minute(3)
    assert effects.take(corrected, minute(20), None) == minute(3)


def test_a_correction_with_a_time_of_its_own_holds_from_then_and_leaves_the_other_leaves_alone() -> None:
    effects = Effects()
    effects.take(facts.FiguresSubmitted("one", {"1c": {}, "1d": {}}), minute(10), minute(3))
    assert effects.take(facts.FiguresVerified("1c", "one", {}, True, "since then"), minute(20), minute(7)) == minute(7)
    assert effects.take(facts.FiguresVerified("1d", "one", {}, False, ""), minute(21), None) == minute(3)


def test_figures_without_an_effective_time_are_verified_when_somebody_verified_them() -> None:
    effects = Effects()
    effects.take(facts.FiguresSubmitted("one", {"1c": {}}), minute(10), None)
    assert effects.take(facts.FiguresVerified("1c", "one", {}, False, ""), minute(20), None) == minute(20)


def test_an_approved_adjustment_holds_from_the_time_that_was_proposed_and_its_revocation_from_its_own() -> None:
    effects = Effects()
    effects.take(facts.AdjustmentProposed("a", "1c", "-0.50", "other", "late files"), minute(10), minute(4))
    assert effects.take(facts.AdjustmentApproved("a", "1c", "seen"), minute(12), None) == minute(4)
    assert effects.take(facts.AdjustmentRevoked("a", "1c", "found"), minute(30), None) == minute(30)


def test_a_bonus_holds_from_the_time_its_claim_gave() -> None:
    effects = Effects()
    effects.take(facts.BonusClaimed("b", "7a", "K-1", "contract"), minute(10), minute(2))
    effects.take(facts.BonusProposed("b", "7a", "K-1", "contract", "", "registered"), minute(11), None)
    assert effects.take(facts.BonusGranted("b", "7a", "yes"), minute(12), None) == minute(2)


def test_a_submission_taken_back_was_never_so() -> None:
    effects = Effects()
    effects.take(facts.FiguresSubmitted("one", {"1c": {}}), minute(10), minute(3))
    assert effects.take(facts.SubmissionWithdrawn("one", "an error"), minute(15), None) == minute(3)


def test_what_frames_the_year_holds_for_all_of_it() -> None:
    enrolled = facts.UnitEnrolled("zhongshan", "district", "中山", "Zhongshan")
    assert Effects().take(enrolled, minute(10), None) == ALWAYS


def test_a_leaf_judged_twice_holds_from_the_time_the_first_judgement_gave() -> None:
    effects = Effects()
    assert effects.take(facts.JudgementSealed("6b", "m1", "0.50", "0" * 64), minute(10), minute(3)) == minute(3)
    for told, fact in (
        (20, facts.SecondJudgementGiven("6b", "2.00", "seen")),
        (20, facts.JudgementOpened("6b", "4.00", "seen", "0" * 64)),
        (30, facts.JudgementModerated("6b", "3.00", "between")),
    ):
        assert effects.take(fact, minute(told), None) == minute(3)


def test_another_round_on_the_leaf_owes_nothing_to_the_one_before() -> None:
    effects = Effects()
    effects.take(facts.JudgementSealed("6b", "m1", "0.50", "0" * 64), minute(10), minute(9))
    assert effects.take(facts.JudgementSealed("6b", "m1", "0.50", "1" * 64), minute(20), minute(4)) == minute(4)
    assert effects.take(facts.SecondJudgementGiven("6b", "2.00", "seen"), minute(30), None) == minute(4)
    effects.take(facts.JudgementSealed("6b", "m1", "0.50", "2" * 64), minute(40), None)
    assert effects.take(facts.SecondJudgementGiven("6b", "2.00", "seen"), minute(50), None) == minute(50)
