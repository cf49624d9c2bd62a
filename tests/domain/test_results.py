"""Results are proposed by one person and published by another exactly as proposed; what differs is named."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import facts, results
from domain.contents import Appeal
from domain.cycle import Cycle
from domain.phases import PHASES
from domain.results import PHASES_OF
from domain.unfinished import Unfinished
from tests.domain.stage import cycle, person, refused

ONE, TWO = person("one", ("administrator", "*")), person("two", ("administrator", "*"))
NOW = facts.ResultsPublished(0, "a" * 64, "0" * 64, {"Q6": "on-top"}, "kaohe", 7, "the reviews are done")
ROW = {"cohort": "district", "rank": 1, "total": {"final": "1.28"}, "leaves": {"1a": {"final": "1.28"}}}


WAITING = Unfinished(appeals=(("zhongshan", "6", Appeal("a-1", "6a", "少计", [], "one")),))


def proposed(stage: str = "provisional", phase: str = "review") -> Cycle:
    return after(cycle(phase), results.propose(cycle(phase), stage, NOW), "one")


def after(state: Cycle, happened: list[facts.Fact], by: str) -> Cycle:
    for fact in happened:
        state = state.evolve(fact, by)
    return state


def test_a_second_person_publishes_what_the_first_proposed_at_a_later_position() -> None:
    state = proposed()
    [fact] = results.publish(state, 1, replace(NOW, position=9), TWO)
    assert fact == replace(NOW, publication=1, position=9)
    published = after(state, [fact], "two").publications[1]
    assert (published.confirmed, published.proposed_by, published.confirmed_by) == (True, "one", "two")
    assert published.position == 9


def test_nobody_publishes_the_results_he_proposed() -> None:
    with refused("own-act"):
        results.publish(proposed(), 1, NOW, ONE)


def test_results_that_moved_since_they_were_proposed_are_not_published() -> None:
    with refused("results-changed"):
        results.publish(proposed(), 1, replace(NOW, digest="b" * 64), TWO)


def test_only_the_newest_proposal_is_published_and_only_once() -> None:
    state = proposed()
    newer = after(state, results.propose(state, "provisional", NOW), "one")
    with refused("results-changed"):
        results.publish(newer, 1, NOW, TWO)
    published = after(newer, results.publish(newer, 2, NOW, TWO), "two")
    with refused("already-decided"):
        results.publish(published, 2, NOW, TWO)
    with refused("unknown-publication"):
        results.publish(published, 3, NOW, TWO)


def test_a_proposal_that_nobody_can_publish_any_more_is_superseded() -> None:
    first = proposed()
    again = after(first, results.propose(first, "provisional", NOW), "one")
    published = after(again, results.publish(again, 2, NOW, TWO), "two")
    beyond = after(
        first, [facts.PhaseAdvanced("review", "provisional", "r"), facts.CycleReopened("r", 2, {}, "r")], "one"
    )
    told = [{number: results.state_of(each, found) for number, found in each.publications.items()}
            for each in (first, again, published, beyond)]  # fmt: skip
    assert told == [
        {1: "proposed"},
        {1: "superseded", 2: "proposed"},
        {1: "superseded", 2: "published"},
        {1: "superseded"},
    ]


@pytest.mark.parametrize("stage", PHASES_OF)
@pytest.mark.parametrize("phase", PHASES)
def test_each_stage_is_published_in_its_phases_only(stage: str, phase: str) -> None:
    if phase in PHASES_OF[stage]:
        assert results.propose(cycle(phase), stage, NOW)
    else:
        with refused("wrong-phase"):
            results.propose(cycle(phase), stage, NOW)


def test_final_results_wait_for_every_appeal() -> None:
    with refused("appeals-open"):
        results.propose(cycle("appeal"), "final", NOW, WAITING)
    with refused("appeals-open"):
        results.publish(proposed("final", "appeal"), 1, NOW, TWO, WAITING)
    [fact] = results.publish(proposed("final", "appeal"), 1, NOW, TWO)
    assert isinstance(fact, facts.CycleFinalised)


def test_final_results_are_published_once() -> None:
    state = proposed("final", "appeal")
    final = after(state, results.publish(state, 1, NOW, TWO), "two")
    with refused("wrong-phase"):
        results.propose(final, "final", NOW)


@pytest.mark.parametrize("phase", PHASES[3:])
def test_units_read_provisional_results_from_the_public_notice_on(phase: str) -> None:
    state = proposed()
    published = after(state, results.publish(state, 1, NOW, TWO), "two")
    later = replace(published, phase=phase)
    assert results.open_to_units(later, later.publications[1]) == (phase not in {"review", "provisional"})
    assert not results.open_to_units(replace(state, phase=phase), state.publications[1])


def test_a_unit_reads_its_own_leaves_and_everybodys_totals() -> None:
    seen = results.for_units({"a": ROW, "b": ROW}, frozenset({"a"}))
    assert seen["a"] == ROW
    assert "leaves" not in seen["b"]
    assert seen["b"]["total"] == {"final": "1.28"}


def test_a_difference_names_unit_place_and_both_values() -> None:
    moved = ROW | {"rank": 2, "leaves": {"1a": {"final": "1.20"}}}
    assert list(results.differences({"a": ROW}, {"a": moved})) == [
        {"unit": "a", "place": "leaves/1a/final", "before": "1.28", "after": "1.20"},
        {"unit": "a", "place": "rank", "before": 1, "after": 2},
    ]


def test_a_unit_that_only_one_table_has_differs_in_everything() -> None:
    found = list(results.differences({}, {"a": ROW}))
    assert [each["before"] for each in found] == [None] * 4
    assert [each["place"] for each in found] == ["cohort", "leaves/1a/final", "rank", "total/final"]


TABLES = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3), min_size=1),
        lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, min_size=1),
        max_leaves=6,
    ),
)


@given(TABLES, TABLES)
def test_two_tables_differ_nowhere_exactly_when_they_are_one(before: Any, after: Any) -> None:
    assert (list(results.differences(before, after)) == []) == (before == after)


def test_a_publication_without_its_proposal_changes_nothing() -> None:
    assert cycle().evolve(replace(NOW, publication=9), "two") == cycle()


def test_nothing_is_proposed_in_a_cycle_nobody_created() -> None:
    with refused("unknown-cycle"):
        results.propose(Cycle("2027"), "final", NOW)
