"""A simulation shows what would move, changes nothing, and is what a decision must name."""

from dataclasses import replace

from hypothesis import given, strategies as st

from domain import facts, publication, simulation
from domain.interpretations import apply
from domain.item_readings import Assessed
from domain.outcomes import difference, fitting, outcomes
from domain.publication import RubricLife
from domain.scoring import score
from domain.simulation import Simulation
from service.rubric_files import load
from tests.domain.stage import refused

SHEET = load("six-actions")
A, B = "a" * 64, "b" * 64
ASKED = facts.SimulationRequested("s1", "2026", "", {"Q3": "zero"}, {}, "what if")
DONE = facts.SimulationFinished("s1", 9, A, B, 1, 1, "engine", "c" * 64)
DECIDED = facts.InterpretationDecided("Q3", "zero", A, B, "s1", "从严掌握")
LIFE = RubricLife("six-actions").evolve(facts.RubricDrafted(A, "t"), "one").evolve(facts.RubricPublished(A), "two")
CITY = {
    "a": Assessed(
        "district", {"6a": {"numerator": 84, "denominator": 85}, "5a": {"numerator": 9, "denominator": 100}}, {}
    ),
    "b": Assessed("district", {"6a": {"numerator": 7, "denominator": 10}}, {"6a": 50}),
}


def shown(*said: facts.Fact) -> Simulation:
    found = Simulation("s1")
    for fact in said:
        found = found.evolve(fact, "auditor")
    return found


def test_a_simulation_is_asked_for_once_with_a_reason_and_finished_once() -> None:
    assert simulation.request(Simulation("s1"), ASKED) == [ASKED]
    with refused("no-reason"):
        simulation.request(Simulation("s1"), replace(ASKED, reason=" "))
    with refused("already-exists"):
        simulation.request(shown(ASKED), ASKED)
    assert simulation.finish(shown(ASKED), DONE) == [DONE]
    with refused("already-decided"):
        simulation.finish(shown(ASKED, DONE), DONE)
    with refused("unknown-simulation"):
        simulation.finish(Simulation("s1"), DONE)


def test_a_question_is_answered_once_its_effect_was_shown() -> None:
    [fact] = publication.decide_interpretation(LIFE, DECIDED, shown(ASKED, DONE))
    after = LIFE.evolve(fact, "one")
    assert (after.draft, after.drafted_by, after.title, after.published) == (B, "one", "t", (A,))


def test_only_the_very_answer_under_the_very_rubric_counts_as_shown() -> None:
    others = [
        shown(),
        shown(ASKED),
        shown(replace(ASKED, interpretations={"Q3": "tiers"}), DONE),
        shown(replace(ASKED, interpretations={"Q3": "zero", "Q4": "pro-rata"}), DONE),
        shown(replace(ASKED, figures={"a": {"6a": {}}}), DONE),
        shown(replace(ASKED, rubric=B), DONE),
        shown(ASKED, replace(DONE, before=B)),
        shown(ASKED, replace(DONE, failure="LookupError")),
    ]
    for other in others:
        with refused("not-simulated"):
            publication.decide_interpretation(LIFE, DECIDED, other)


def test_an_answer_from_which_no_score_follows_needs_no_simulation() -> None:
    assert publication.decide_interpretation(LIFE, DECIDED, None)


def test_an_answer_waits_its_turn_and_names_the_rubric_it_changes() -> None:
    waiting = LIFE.evolve(facts.RubricDrafted(B, "t"), "one")
    with refused("draft-waiting"):
        publication.decide_interpretation(waiting, DECIDED, None)
    with refused("rubric-changed"):
        publication.decide_interpretation(LIFE, replace(DECIDED, before=B), None)
    with refused("unknown-rubric"):
        publication.decide_interpretation(RubricLife("x"), DECIDED, None)
    with refused("no-reason"):
        publication.decide_interpretation(LIFE, replace(DECIDED, reason=""), None)


def test_what_moves_is_told_by_leaf_item_total_and_rank() -> None:
    before = outcomes(SHEET, CITY)
    after = outcomes(apply(SHEET, {"Q3": "zero"}), CITY)
    assert [before[unit].rank for unit in CITY] == [1, 2]
    assert difference(before, after) == [
        {
            "unit": "a",
            "total": {"before": "8.90", "after": "8.00"},
            "items": {"5": {"before": "0.90", "after": "0.00"}},
            "leaves": {"5a": {"before": "0.90", "after": "0.00"}},
        },
        {
            "unit": "b",
            "total": {"before": "7.09", "after": "0.50"},
            "items": {"6": {"before": "7.09", "after": "0.50"}},
            "leaves": {"6a": {"before": "7.09", "after": "0.50"}},
        },
    ]


def test_a_rank_that_moves_is_told() -> None:
    city = {**CITY, "c": Assessed("district", {"6a": {"numerator": 8, "denominator": 9}, "7b": {"claims": 0}}, {})}
    before = outcomes(SHEET, city)
    after = outcomes(SHEET, {**city, "b": replace(city["b"], figures={"7a": {"claims": 4}})})
    assert [row.get("rank") for row in difference(before, after)] == [
        {"before": 1, "after": 2}, {"before": 3, "after": 1}, {"before": 2, "after": 3}
    ]  # fmt: skip


@given(st.sampled_from([{}, {"Q3": "zero"}, {"Q6": "limited"}, {"Q7": "full", "Q2": "weighted"}]))
def test_a_unit_s_outcome_is_its_score(answers: dict[str, str]) -> None:
    rubric = apply(SHEET, answers)
    found, result = outcomes(rubric, CITY)["a"], score(rubric, "district", CITY["a"].figures)
    assert (found.leaves, found.items, found.base, found.total) == (
        result.leaves, result.items, result.base, result.total
    )  # fmt: skip


def test_nothing_moves_where_nothing_is_changed_and_everybody_is_heard_of() -> None:
    heard: list[tuple[int, int]] = []
    found = outcomes(SHEET, CITY, lambda done, of: heard.append((done, of)))
    assert difference(found, outcomes(SHEET, CITY)) == []
    assert heard == [(1, 2), (2, 2)]


def test_figures_that_another_rubric_does_not_take_are_left_out_by_name() -> None:
    unit = Assessed("district", {"6a": {"count": 3}, "99z": {"yes": True}, "12a": {"count": 1}}, {})
    fit, unfit = fitting(SHEET, unit)
    assert (fit.figures, unfit) == ({"12a": {"count": 1}}, ("6a", "99z"))
