"""Figures as rows of a table, and back: exactly, for every leaf of the sheet, without a float or a guess."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from domain import figure_checks
from domain.figure_rows import ABSENT, Ask, BadValue, asks, figures_of, texts_of
from domain.rubric import rules
from domain.rubric.leaves import Face, Leaf
from service.rubric_files import load

RUBRIC = load("six-actions")
FACES: list[tuple[Leaf, str, Face]] = [
    (leaf, cohort, face) for leaf in RUBRIC.leaves for cohort, face in leaf.faces.items()
]
ASKED = [each for each in FACES if asks(each[2])]


def answers(ask: Ask) -> st.SearchStrategy[str]:
    if ask.kind == "whole":
        return st.integers(0, 10**13).map(str)
    return st.sampled_from(ask.choices)


@given(st.data())
def test_rows_say_the_same_after_they_were_figures(data: Any) -> None:
    _, _, face = data.draw(st.sampled_from(ASKED))
    given_rows = {ask.figure: data.draw(answers(ask)) for ask in asks(face) if ask.figure != ABSENT}
    found = figures_of(face, given_rows)
    assert texts_of(face, found) == given_rows
    assert figures_of(face, texts_of(face, found)) == found


def test_every_leaf_that_takes_figures_asks_for_them_and_no_other() -> None:
    silent = {type(face.rule) for _, _, face in FACES if not asks(face)}
    assert silent == {rules.OverTarget, rules.Tally, rules.Award}


def test_what_a_full_answer_says_is_what_the_rule_takes() -> None:
    for leaf, cohort, face in ASKED:
        full = {ask.figure: ask.choices[-1] if ask.choices else "3" for ask in asks(face)}
        full.pop("workers", None)
        full.pop(ABSENT, None)
        said = figures_of(face, full)
        assert figure_checks.check(leaf, cohort, said, leaf.id) == said


@pytest.mark.parametrize("text", ["12", "12.0", "12.000", "012"])
def test_a_whole_number_as_spreadsheets_store_it_is_that_number(text: str) -> None:
    assert figures_of(face_of("4a"), {"count": text}) == {"count": 12}


@pytest.mark.parametrize(
    "text", ["12.5", "1e3", "1E3", "1,234", "１２", "0x1f", "12.", ".5", "NaN", "1_000", "- 3", "12.01"]
)
def test_whatever_is_no_whole_number_is_named(text: str) -> None:
    with pytest.raises(BadValue) as bad:
        figures_of(face_of("4a"), {"count": text})
    assert (bad.value.figure, bad.value.code) == ("count", "not-whole")


@pytest.mark.parametrize(("text", "points"), [("0.50", "0.50"), ("0.5", "0.50"), ("1", "1.00"), ("0", "0.00")])
def test_points_are_written_with_two_decimals_whoever_dropped_them(text: str, points: str) -> None:
    assert figures_of(face_of("2a"), {"points": text}) == {"points": points}


@pytest.mark.parametrize("text", ["0.333", "-0.50", "1e0", "0.50分", "0.30000000000000004"])
def test_whatever_is_no_points_is_named(text: str) -> None:
    with pytest.raises(BadValue) as bad:
        figures_of(face_of("2a"), {"points": text})
    assert bad.value.code == "not-points"


def test_what_does_not_apply_takes_nothing_else() -> None:
    assert figures_of(face_of("1b"), {ABSENT: "是", "numerator": ""}) == {ABSENT: True}
    assert figures_of(face_of("1b"), {ABSENT: "否"}) == {}
    with pytest.raises(BadValue) as bad:
        figures_of(face_of("1b"), {ABSENT: "是", "numerator": "3"})
    assert bad.value.figure == "numerator"


def test_a_checklist_is_answered_entry_by_entry() -> None:
    leaf = next(leaf for leaf in RUBRIC.leaves if any(isinstance(f.rule, rules.Checklist) for f in leaf.faces.values()))
    face = next(iter(leaf.faces.values()))
    first, *rest = (ask.figure for ask in asks(face) if ask.figure != ABSENT)
    with pytest.raises(BadValue) as bad:
        figures_of(face, {first: "是"})
    assert bad.value.figure == rest[0]
    assert figures_of(face, {first: "yes", **dict.fromkeys(rest, "no")}) == {"yes": [first.removeprefix("yes.")]}


def face_of(leaf: str) -> Face:
    return next(iter(RUBRIC.leaf(leaf).faces.values()))
