"""A score always stands under the target in force: issued, revised, never the unit's own."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import facts, targets
from domain.acts import filing, review
from domain.columns import under_targets
from domain.phases import PHASES
from tests.domain.stage import CLERK, REVIEWER, RUBRIC, Stage, cycle, refused

REASON = "issued by the city"


def issued(target: int = 100, leaf: str = "1a", unit: str = "zhongshan", reason: str = REASON) -> facts.TargetIssued:
    return facts.TargetIssued(unit, leaf, target, reason)


def stage(target: int | None = 100) -> Stage:
    made = Stage("1")
    if target:
        made.record(targets.applied(issued(target)), "office")
    return made


def test_figures_of_a_task_need_no_target_of_their_own_once_one_is_issued() -> None:
    with refused("bad-figures", "figures.1a.target"):
        stage(None).do(CLERK, filing.submit, "s1", {"1a": {"actual": 80}})
    made = stage()
    [fact] = made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80}}).facts
    assert fact == facts.FiguresSubmitted("s1", {"1a": {"actual": 80}})
    made.do(REVIEWER, review.verify, "1a", "s1", None, "true")
    assert made.scores()["1a"][:3] == (128, 128, 128)


def test_a_target_the_unit_wrote_itself_counts_nothing_beside_the_one_issued() -> None:
    made = stage()
    made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80, "target": 80}})
    assert made.scores()["1a"].claimed == 128


def test_a_revised_target_moves_what_was_verified_before_and_leaves_it_verified() -> None:
    made = Stage("1")
    made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80, "target": 80}})
    made.do(REVIEWER, review.verify, "1a", "s1", None, "true")
    assert made.scores()["1a"].final == 160
    made.record(targets.applied(issued(100)), "office")
    assert made.scores()["1a"].final == 128
    assert made.scores()["1a"].status == "verified"
    made.record(targets.applied(issued(160)), "office")
    assert made.scores()["1a"].final == 80


def test_the_bonus_over_a_target_is_that_over_the_target_in_force() -> None:
    made = stage(100)
    made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 105}})
    before = made.scores()[over()].claimed
    made.record(targets.applied(issued(103)), "office")
    assert (before, made.scores()[over()].claimed) == (100, 20)


def over() -> str:
    return next(leaf.id for leaf in RUBRIC.item("1").leaves if leaf.bonus)


def test_an_issued_target_replaces_one_derived_from_the_workers() -> None:
    given = {"16b": {"actual": 4, "workers": 10_000}, "16a": {"yes": True}, "16c": {"not_applicable": True}}
    assert under_targets(given, {"16b": 8, "16c": 9}) == given | {"16b": {"actual": 4, "target": 8}}


@pytest.mark.parametrize("phase", PHASES)
def test_a_target_is_issued_and_revised_until_the_provisional_results(phase: str) -> None:
    if phase in targets.PHASES:
        assert targets.issue(cycle(phase), RUBRIC, issued()) == [issued()]
    else:
        with refused("wrong-phase"):
            targets.issue(cycle(phase), RUBRIC, issued())


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (issued(unit="atlantis"), "unknown-unit"),
        (issued(leaf="99"), "unknown-leaf"),
        (issued(leaf="1b"), "wrong-rule"),
        (issued(target=0), "bad-figures"),
        (issued(target=10**13), "bad-figures"),
        (issued(reason=" "), "no-reason"),
    ],
)
def test_a_target_is_a_whole_number_for_a_task_of_a_unit_with_a_reason(wanted: facts.TargetIssued, code: str) -> None:
    with refused(code):
        targets.issue(cycle(), RUBRIC, wanted)


def test_the_same_target_is_not_issued_twice_and_every_earlier_one_stays_known() -> None:
    state = cycle().evolve(issued(100))
    with refused("already-exists"):
        targets.issue(state, RUBRIC, issued(100))
    state = state.evolve(issued(120)).evolve(issued(100))
    assert [each.target for each in state.targets["zhongshan", "1a"]] == [100, 120, 100]


@given(st.integers(0, 200), st.integers(1, 200), st.integers(1, 200))
def test_a_higher_target_never_gives_more_points(actual: int, one: int, other: int) -> None:
    def points(target: int) -> Any:
        made = stage(target)
        made.do(CLERK, filing.submit, "s1", {"1a": {"actual": actual}})
        return made.scores()["1a"].claimed

    assert points(max(one, other)) <= points(min(one, other))
