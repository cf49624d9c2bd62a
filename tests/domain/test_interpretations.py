"""Other answers to the register's questions: each is data, each is computed or says what it would take."""

import copy
import json
import tomllib
from collections.abc import Mapping
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain.explanation import explain
from domain.grounds import Grounds
from domain.interpretations import BadInterpretation, apply, computable, decide, undecided
from domain.points import show
from domain.rubric import lint
from domain.rubric.identity import canonical, identity
from domain.rubric.questions import Decision
from domain.rubric.reading import read
from domain.rubric.refused import RubricRefused
from domain.scoring import compile_item, score
from domain.standings import places, scaled_total
from service.rubric_files import load

SHEET = load("six-actions")
HARBOUR = load(str(Path(__file__).parent / "rubrics" / "harbour.toml"))
CHOICES = undecided(SHEET)
ANSWERS = st.fixed_dictionaries({}, optional={question: st.sampled_from(of) for question, of in CHOICES.items()})


def _points(answers: Mapping[str, str], leaf: str, figures: dict[str, Any]) -> int:
    return score(apply(SHEET, answers), "district", {leaf: figures}).leaves[leaf]


def test_the_computable_questions_of_the_sheet_are_these() -> None:
    assert {question: len(of) for question, of in CHOICES.items()} == {
        "Q1": 2, "Q2": 2, "Q3": 3, "Q4": 2, "Q5": 2, "Q6": 2, "Q7": 3, "Q13": 2, "Q15": 2, "Q16": 2
    }  # fmt: skip


def test_every_option_of_the_sheet_has_effects_or_says_what_it_needs_or_leaves_its_question_without_numbers() -> None:
    for question in SHEET.questions:
        others = [option for option in question.options if option.id != question.answer]
        assert all(bool(option.effects) != (option.needs is not None) for option in others)


@pytest.mark.parametrize(
    ("answers", "leaf", "figures", "points"),
    [
        ({"Q2": "weighted"}, "1a", {"actual": 1, "target": 2}, 120),
        ({"Q2": "weighted"}, "23b", {"numerator": 1, "denominator": 1}, 300),
        ({"Q3": "zero"}, "6a", {"numerator": 84, "denominator": 100}, 0),
        ({"Q3": "tiers"}, "6a", {"numerator": 77, "denominator": 100}, 640),
        ({"Q3": "tiers"}, "6a", {"numerator": 76, "denominator": 100}, 480),
        ({"Q4": "pro-rata"}, "23c", {"stations": 2, "total": 9000}, 10),
        ({"Q5": "capped"}, "7a", {"claims": 3}, 600),
        ({"Q13": "sum"}, "23c", {"stations": 2, "total": 11000}, 60),
        ({"Q13": "sum", "Q4": "pro-rata"}, "23c", {"stations": 2, "total": 8500}, 10),
        ({"Q7": "full"}, "18a", {"not_applicable": True}, 300),
        ({"Q7": "full"}, "3b", {"not_applicable": True}, 100),
        ({"Q7": "zero"}, "18a", {"not_applicable": True, "points": "2.40"}, 0),
    ],
)
def test_an_answer_changes_the_points_as_it_says(
    answers: dict[str, str], leaf: str, figures: dict[str, Any], points: int
) -> None:
    assert _points(answers, leaf, figures) == points
    assert _points({}, leaf, figures) != points


def test_the_industry_s_own_points_of_23b_are_no_matter_of_weights() -> None:
    weighted = apply(SHEET, {"Q2": "weighted"})
    assert score(weighted, "industry", {"23b": {"numerator": 1, "denominator": 1}}).total == 700


@pytest.mark.parametrize(("empty", "sibling"), [("redistribute", 150), ("full", 100), ("zero", 100)])
def test_points_move_to_siblings_only_where_the_register_says_so(empty: str, sibling: int) -> None:
    leaves = {"3a": {"numerator": 1, "denominator": 1}, "3b": {"not_applicable": True}}
    result = score(apply(SHEET, {"Q7": empty}), "district", leaves)
    assert result.leaves["3a"] == sibling
    assert result.leaves["3b"] == (100 if empty == "full" else 0)


@pytest.mark.parametrize("empty", ["full", "zero"])
def test_nobody_waits_for_a_judgement_where_the_register_gives_the_points(empty: str) -> None:
    rubric = apply(SHEET, {"Q7": empty})
    assert score(rubric, "district", {"18a": {"not_applicable": True}}).waiting == ()
    grounds = Grounds({"18a": {"not_applicable": True}}, {}, {})
    leaf = next(
        leaf
        for group in explain(rubric, "district", grounds).groups
        for item in group.items
        for leaf in item.leaves
        if leaf.id == "18a"
    )
    assert "by the register" in leaf.formula.en
    assert leaf.points == show(300 if empty == "full" else 0)


def test_a_limited_bonus_fills_up_to_the_cohort_s_points_and_no_further() -> None:
    limited = apply(SHEET, {"Q6": "limited"})
    leaves = {"6a": {"numerator": 1, "denominator": 1}, "7a": {"claims": 32}}
    assert [score(limited, cohort, leaves).total for cohort in ("district", "industry")] == [10000, 8000]
    assert score(limited, "district", leaves).base == 800
    tree = explain(limited, "district", Grounds(leaves, {}, {}))
    assert (tree.points, tree.bonus) == ("100.00", "92.00")
    assert tree.sum == "0.00 + 104.00 + 0.00 + 0.00 + 0.00 + 0.00 + 0.00 − 4.00"
    few = {"7a": {"claims": 1}}
    assert score(limited, "district", few).total == score(SHEET, "district", few).total == 300


def test_cohorts_may_be_ranked_together_on_scaled_totals() -> None:
    totals = {"d1": ("district", 9000), "d2": ("district", 8500), "i1": ("industry", 7200), "i2": ("industry", 6801)}
    assert places(SHEET, totals) == {"d1": 1, "d2": 2, "i1": 1, "i2": 2}
    assert scaled_total(SHEET, "industry", 6801) == 8501
    assert places(apply(SHEET, {"Q15": "scaled"}), totals) == {"d1": 1, "i1": 1, "i2": 3, "d2": 4}
    dense = apply(SHEET, {"Q15": "scaled", "Q16": "dense"})
    assert places(dense, totals) == {"d1": 1, "i1": 1, "i2": 2, "d2": 3}


@given(ANSWERS)
def test_every_set_of_answers_is_a_sound_rubric_that_reads_back_equal(answers: dict[str, str]) -> None:
    changed = apply(SHEET, answers)
    assert list(lint.problems(changed)) == []
    assert read(json.loads(canonical(changed))) == changed


@given(ANSWERS)
def test_answers_can_be_taken_back(answers: dict[str, str]) -> None:
    back = apply(apply(SHEET, answers), {question: SHEET.question(question).answer for question in answers})
    assert identity(back) == identity(SHEET)


def test_the_order_of_answers_does_not_matter() -> None:
    answers = {"Q3": "zero", "Q2": "weighted", "Q13": "sum"}
    assert len({identity(apply(SHEET, dict(turned))) for turned in permutations(answers.items())}) == 1


def test_every_set_of_answers_has_an_identity_of_its_own() -> None:
    sets = [dict(zip(("Q3", "Q4", "Q6", "Q15"), of, strict=True)) for of in product(
        CHOICES["Q3"], CHOICES["Q4"], CHOICES["Q6"], CHOICES["Q15"])]  # fmt: skip
    assert len({identity(apply(SHEET, answers)) for answers in sets}) == len(sets) == 24


def test_the_answers_in_force_change_nothing() -> None:
    assert apply(SHEET, {question: of[0] for question, of in CHOICES.items()}) is SHEET


def test_a_rubric_without_effects_has_the_identity_it_always_had() -> None:
    document = json.loads(canonical(HARBOUR))
    assert "conventions" not in document
    assert {key for question in document["questions"] for option in question["options"] for key in option} == {
        "id", "name"
    }  # fmt: skip
    assert "basis" not in canonical(SHEET).decode().replace('"kind":"basis"', "").replace('{"basis"', "")


@pytest.mark.parametrize(
    ("question", "option", "place", "words"),
    [
        ("Q99", "zero", "Q99", "one of Q1, Q2"),
        ("Q3", "mercy", "Q3.mercy", "one of proportional, zero, tiers"),
        ("Q13", "each", "Q13.each", "the yearly funds of each station"),
        ("Q9", "other", "Q9.other", "counted anew"),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(question: str, option: str, place: str, words: str) -> None:
    with pytest.raises(BadInterpretation, match=words) as refused:
        apply(SHEET, {question: option})
    assert refused.value.place == place
    assert refused.value.zh != refused.value.en


def test_a_decision_is_in_the_register_and_in_the_rules() -> None:
    decided = decide(SHEET, "Q3", Decision("zero", "p-7", "按文件从严"))
    assert decided.question("Q3").answer == "zero"
    assert score(decided, "district", {"1c": {"numerator": 9, "denominator": 10}}).total == 0
    assert "Q3" not in undecided(decided)
    assert apply(decided, {"Q3": "proportional"}).question("Q3").answer == "proportional"


def test_an_answer_that_needs_other_figures_may_be_decided_but_is_no_choice_to_compute() -> None:
    decided = decide(SHEET, "Q13", Decision("each", "p-7", "逐站计算"))
    assert decided.question("Q13").answer == "each"
    assert computable(decided, decided.question("Q13")) == ()


REGISTER = "rubric.questions.Q3"
UNSOUND: dict[str, tuple[list[dict[str, Any]], dict[str, str] | None, str]] = {
    "effects that fit no leaf": ([{"kind": "steps", "steps": "whole"}], None, "fits no rule"),
    "caps on a scored leaf": ([{"kind": "caps", "caps": {"6a": "1.00"}}], None, "fits no rule"),
    "points that do not add up": (
        [{"kind": "below", "below": "zero"}, {"kind": "points", "points": {"5a": "2.00"}}], None, "do not add up"
    ),
    "a thing no other option sets": ([], None, "all set the same"),
    "effects and needs": ([{"kind": "below", "below": "zero"}], {"zh": "名册", "en": "a roster"}, "has no effects"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNSOUND)
def test_an_unsound_option_is_refused_by_place(case: str) -> None:
    effects, needs, words = UNSOUND[case]
    document = _document()
    option = _question(document, "Q3")["options"][1]
    option["effects"] = effects
    if needs:
        option["needs"] = needs
    if any(effect["kind"] == "points" for effect in effects):
        for other in (0, 2):
            same = {"kind": "points", "points": {"5a": "1.00"}}
            _question(document, "Q3")["options"][other]["effects"].append(same)
    with pytest.raises(RubricRefused, match=words) as refused:
        read(document)
    assert refused.value.place == f"{REGISTER}.options.zero.effects"


def test_two_questions_may_not_set_the_same_thing() -> None:
    document = _document()
    _question(document, "Q4")["options"] = copy.deepcopy(_question(document, "Q3")["options"])
    _question(document, "Q4")["leaves"] = ["5a"]
    _question(document, "Q4")["default"] = "proportional"
    with pytest.raises(RubricRefused, match="sets the same as Q3"):
        read(document)


def test_a_rubric_that_is_not_as_its_own_answer_says_is_refused() -> None:
    document = _document()
    _question(document, "Q3")["default"] = "zero"
    with pytest.raises(RubricRefused, match="not as its own answer says"):
        read(document)


def test_unknown_words_of_an_effect_are_refused_by_place() -> None:
    document = _document()
    _question(document, "Q16")["options"][1]["effects"] = [{"kind": "convention", "name": "ties", "value": "scaled"}]
    with pytest.raises(RubricRefused) as refused:
        read(document)
    assert refused.value.place == "rubric.questions.Q16.options.dense.effects[0].value"


def _document() -> dict[str, Any]:
    source = Path(lint.__file__).with_name("six-actions.toml")
    return tomllib.loads(source.read_text("utf-8"))


def _question(document: dict[str, Any], question: str) -> dict[str, Any]:
    return next(each for each in document["questions"] if each["id"] == question)


def test_the_compiled_scorer_of_a_changed_rubric_is_the_rubric_s_own() -> None:
    full = compile_item(apply(SHEET, {"Q7": "full"}), "3", "district")
    assert full.maximum({"3a"}) == {"3a": 100, "3b": 100, "3c": 100}
    zero = compile_item(apply(SHEET, {"Q7": "zero"}), "3", "district")
    assert zero.maximum({"3a"}) == {"3a": 0, "3b": 100, "3c": 100}
