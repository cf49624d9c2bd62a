"""A score always stands under the target in force: issued by one, changed by two, never the unit's own."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import facts, targets
from domain.acts import filing, review
from domain.changes import Effect
from domain.columns import under_targets
from domain.cycle import Cycle
from domain.cycle_contents import Publication
from domain.people import Person
from domain.phases import PHASES
from domain.sheet import Sheet
from tests.domain.stage import CLERK, REVIEWER, RUBRIC, Stage, cycle, refused

REASON = "issued by the city"


FIRST, OTHER = Person("first"), Person("other")


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


def untouched() -> Sheet:
    return Stage("1").sheet


def filed(*, withdrawn: bool = False) -> Sheet:
    made = Stage("1")
    made.do(CLERK, filing.submit, "s1", {"1a": {"actual": 80, "target": 100}})
    if withdrawn:
        made.do(CLERK, filing.withdraw, "s1", "a mistake")
    return made.sheet


def reviewed() -> Sheet:
    sheet = untouched()
    sheet.evolve(facts.NotApplicableConfirmed("1a", "none"), "reviewer")
    return sheet


@pytest.mark.parametrize("phase", PHASES)
def test_one_person_issues_the_first_target_of_an_untouched_leaf_until_the_provisional_results(phase: str) -> None:
    if phase in targets.PHASES:
        assert targets.issue(cycle(phase), untouched(), issued(), OTHER) == [issued()]
    else:
        with refused("target-takes-two"):
            targets.issue(cycle(phase), untouched(), issued(), OTHER)


@pytest.mark.parametrize("sheet", [filed(), filed(withdrawn=True), reviewed()], ids=["filed", "withdrawn", "reviewed"])
def test_a_leaf_that_was_ever_filed_for_or_reviewed_takes_two_people_once_the_year_is_open(sheet: Sheet) -> None:
    with refused("target-takes-two"):
        targets.issue(cycle("open"), sheet, issued(), OTHER)
    assert targets.alone(cycle("open"), sheet, "16b")


def test_a_target_is_revised_by_one_person_in_a_draft_alone() -> None:
    assert targets.issue(cycle("draft").evolve(issued()), untouched(), issued(120), OTHER) == [issued(120)]
    with refused("target-takes-two"):
        targets.issue(cycle("open").evolve(issued()), untouched(), issued(120), OTHER)


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
        targets.allowed(cycle(), RUBRIC, wanted)


def test_the_same_target_is_not_issued_twice_and_every_earlier_one_stays_known() -> None:
    state = cycle().evolve(issued(100))
    with refused("already-exists"):
        targets.allowed(state, RUBRIC, issued(100))
    state = state.evolve(issued(120)).evolve(issued(100))
    assert [each.target for each in state.targets["zhongshan", "1a"]] == [100, 120, 100]


EFFECT = Effect("ab" * 32, 2, 1)
ASKED = facts.TargetChangeProposed("c", "zhongshan", "1a", 0, 150, "", "", 0, 0, "kaohe", 7, REASON)


def proposed(phase: str = "review") -> Cycle:
    state = cycle(phase).evolve(issued(100))
    [fact] = targets.propose(state, ASKED, EFFECT, FIRST)
    return state.evolve(fact, FIRST.id)


def test_a_change_is_issued_when_a_second_person_confirms_what_was_shown() -> None:
    state = proposed("notice")
    found = state.target_changes["c"].fact
    assert (found.before, found.difference, found.units, found.ranks) == (100, EFFECT.digest, 2, 1)
    confirmed, wanted = targets.confirm(state, "c", EFFECT, OTHER, ("kaohe", "agreed"))
    assert confirmed == facts.TargetChangeConfirmed("c", EFFECT.digest, "kaohe", "agreed")
    assert wanted == issued(150)
    after = state.evolve(confirmed, OTHER.id).evolve(wanted, OTHER.id)
    assert targets.in_force(after, "zhongshan", "1a") == 150
    assert (after.target_changes["c"].state, after.target_changes["c"].decider) == ("confirmed", "other")
    with refused("already-decided"):
        targets.confirm(after, "c", EFFECT, OTHER, ("kaohe", REASON))


def test_a_change_is_confirmed_by_nobody_who_proposed_it_and_only_as_it_was_shown() -> None:
    state, elsewhere = proposed(), replace(EFFECT, digest="cd" * 32)
    for cycle_, effect, who, code in (
        (state, EFFECT, FIRST, "own-act"),
        (state, elsewhere, OTHER, "difference-changed"),
        (state.evolve(issued(120)), EFFECT, OTHER, "difference-changed"),  # another one was issued meanwhile
    ):
        with refused(code):
            targets.confirm(cycle_, "c", effect, who, ("kaohe", REASON))
    with refused("unknown-target-change"):
        targets.find(state, "d")


@pytest.mark.parametrize(("who", "becomes"), [(FIRST, "withdrawn"), (OTHER, "declined")])
def test_a_change_is_withdrawn_by_who_proposed_it_and_declined_by_another(who: Person, becomes: str) -> None:
    state = proposed()
    [fact] = targets.withdraw(state, "c", REASON)
    after = state.evolve(fact, who.id)
    assert after.target_changes["c"].state == becomes
    with refused("already-decided"):
        targets.confirm(after, "c", EFFECT, OTHER, ("kaohe", REASON))
    assert targets.in_force(after, "zhongshan", "1a") == 100


def test_nothing_is_proposed_in_a_draft_nor_changed_under_final_results() -> None:
    with refused("wrong-phase"):
        targets.propose(cycle("draft"), ASKED, EFFECT, FIRST)
    proposal = facts.ResultsProposed(1, "final", "d", "0" * 64, {}, "kaohe", 1, REASON)
    final = replace(proposed("appeal"), publications={1: Publication(proposal, 1, "first", 1, confirmed=True)})
    with refused("results-final"):
        targets.allowed(final, RUBRIC, issued(150))
    with refused("results-final"):
        targets.confirm(final, "c", EFFECT, OTHER, ("kaohe", REASON))
    targets.allowed(replace(final, phase="review", epoch=2), RUBRIC, issued(150))  # reopened


@given(st.integers(0, 200), st.integers(1, 200), st.integers(1, 200))
def test_a_higher_target_never_gives_more_points(actual: int, one: int, other: int) -> None:
    def points(target: int) -> Any:
        made = stage(target)
        made.do(CLERK, filing.submit, "s1", {"1a": {"actual": actual}})
        return made.scores()["1a"].claimed

    assert points(max(one, other)) <= points(min(one, other))


def test_nobody_in_conflict_with_a_unit_has_a_part_in_its_targets() -> None:
    partial = Person("x", conflicts=frozenset({"zhongshan"}))
    with refused("conflict-of-interest"):
        targets.issue(cycle("draft"), untouched(), issued(), partial)
    with refused("conflict-of-interest"):
        targets.propose(cycle("review"), ASKED, EFFECT, partial)
    with refused("conflict-of-interest"):
        targets.confirm(proposed(), "c", EFFECT, partial, ("kaohe", REASON))
