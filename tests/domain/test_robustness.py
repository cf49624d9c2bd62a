"""The ranking's fragility, against scoring every set of answers and every judgement one by one."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from domain.columns import clamp
from domain.interpretations import apply
from domain.item_readings import Assessed
from domain.points import parse, show
from domain.readings import Readings
from domain.robustness import Interval, TooManySets, open_choices, robustness
from domain.rubric.model import Rubric
from domain.rubric.rules import Judged, OverTarget
from domain.scoring import score
from domain.standings import places
from service.rubric_files import load
from tests.domain.guesses import figures_for

SHEET = load("six-actions")
# Leaves that every computable question touches, two of them judged: small enough to try everything.
LEAVES = ("1a", "2a", "2c", "6a", "7a", "13a", "16b", "18a", "23b", "23c", "26a", "27a")
Answers = dict[str, str]


@st.composite
def units(draw: st.DrawFn) -> Assessed:
    cohort = draw(st.sampled_from(["district", "industry"]))
    figures: dict[str, dict[str, Any]] = {}
    adjustments: dict[str, int] = {}
    for leaf in (SHEET.leaf(each) for each in LEAVES):
        if cohort not in leaf.faces or isinstance(leaf.faces[cohort].rule, OverTarget) or draw(st.booleans()):
            continue
        figures[leaf.id] = {"awards": draw(st.integers(0, 3))} if leaf.id == "27a" else draw(
            figures_for(leaf.faces[cohort].rule)
        )  # fmt: skip
        if draw(st.integers(0, 4)) == 0:
            adjustments[leaf.id] = draw(st.sampled_from([-50, 30]))
    return Assessed(cohort, figures, adjustments)


CITIES = st.lists(units(), min_size=2, max_size=3).map(lambda drawn: {f"u{n}": each for n, each in enumerate(drawn)})
QUESTIONS = st.sets(st.sampled_from(sorted(open_choices(SHEET))), min_size=1, max_size=2)


def _total(rubric: Rubric, unit: Assessed) -> int:
    """The unit's total, the slow way: the public scorer, then adjustments leaf by leaf."""
    result = score(rubric, unit.cohort, unit.figures)
    points = {
        leaf: clamp(own + unit.adjustments[leaf], result.maximum[leaf]) if leaf in unit.adjustments else own
        for leaf, own in result.leaves.items()
    }
    bonus = sum(own for leaf, own in points.items() if rubric.leaf(leaf).bonus)
    base = sum(points.values()) - bonus
    if rubric.conventions.bonus == "limited":
        bonus = min(bonus, rubric.cohort(unit.cohort).points - base)
    return base + bonus


def _judgements(unit: Assessed) -> Iterator[Assessed]:
    """The unit with each judged leaf as it is, one step lower, one step higher, in all combinations."""
    judged = {
        leaf: SHEET.leaf(leaf).faces[unit.cohort].rule
        for leaf, given_ in unit.figures.items()
        if isinstance(SHEET.leaf(leaf).faces[unit.cohort].rule, Judged) and "not_applicable" not in given_
    }
    for moves in product((-1, 0, 1), repeat=len(judged)):
        figures = dict(unit.figures)
        for (leaf, rule), move in zip(judged.items(), moves, strict=True):
            steps = list(rule.steps)  # type: ignore[union-attr]
            place = steps.index(parse(figures[leaf]["points"])) + move
            if 0 <= place < len(steps):
                figures[leaf] = {"points": show(steps[place])}
        yield Assessed(unit.cohort, figures, unit.adjustments)


def _rank(rubric: Rubric, city: Mapping[str, Assessed], unit: str, instead: Assessed) -> int:
    totals = {key: (each.cohort, _total(rubric, each)) for key, each in {**city, unit: instead}.items()}
    return places(rubric, totals)[unit]


@settings(max_examples=12)
@given(CITIES, QUESTIONS)
def test_the_intervals_are_those_of_trying_everything(city: dict[str, Assessed], asked: set[str]) -> None:
    choices = {question: of for question, of in open_choices(SHEET).items() if question in asked}
    sets = [apply(SHEET, dict(zip(choices, answers, strict=True))) for answers in product(*choices.values())]
    found = robustness(SHEET, city, held=open_choices(SHEET).keys() - asked)
    assert found.sets == len(sets)
    for unit, own in city.items():
        by_set = [_rank(rubric, city, unit, own) for rubric in sets]
        judged = [_rank(SHEET, city, unit, each) for each in _judgements(own)]
        both = [_rank(rubric, city, unit, each) for rubric in sets for each in _judgements(own)]
        fragile = found.units[unit]
        assert fragile.rank == _rank(SHEET, city, unit, own)
        assert fragile.answers == Interval(min(by_set), max(by_set))
        assert fragile.judgements == Interval(min(judged), max(judged))
        assert fragile.both == Interval(min(both), max(both))


@settings(max_examples=12)
@given(units(), QUESTIONS)
def test_a_table_entry_is_the_total_of_its_own_rubric(unit: Assessed, asked: set[str]) -> None:
    choices = {question: of for question, of in open_choices(SHEET).items() if question in asked - {"Q15"}}
    readings = Readings(SHEET, choices)
    totals = [_total(apply(SHEET, dict(zip(choices, answers, strict=True))), unit) for answers in readings.sets]
    assert readings.values(unit).now == totals


@settings(max_examples=12)
@given(CITIES)
def test_each_option_moves_as_many_places_as_deciding_it_would(city: dict[str, Assessed]) -> None:
    found = robustness(SHEET, city, held={"Q2", "Q5", "Q7"})
    moved = [question.options[0].ranks for question in found.questions]
    assert moved == sorted(moved, reverse=True)
    for question in found.questions:
        for option in question.options:
            rubric = apply(SHEET, {question.question: option.option})
            places_ = [abs(_rank(rubric, city, unit, each) - found.units[unit].rank) for unit, each in city.items()]
            assert (option.ranks, option.units) == (sum(places_), sum(map(bool, places_)))


def test_one_word_decides_the_order() -> None:
    nearly = Assessed("district", {leaf: {"numerator": 84, "denominator": 100} for leaf in ("6a", "22a")}, {})
    just = Assessed("district", {"6a": {"numerator": 85, "denominator": 100}}, {})
    found = robustness(SHEET, {"nearly": nearly, "just": just})
    assert found.units["nearly"].answers == Interval(1, 2)
    assert (found.questions[0].question, found.questions[0].options[0].option) == ("Q3", "zero")
    assert found.questions[0].options[0].ranks == 2
    assert found.sets == 1152


def test_a_judgement_alone_can_move_a_rank() -> None:
    city = {
        "a": Assessed("district", {"6b": {"points": "2.00"}}, {}),
        "b": Assessed("district", {"6b": {"points": "2.50"}}, {}),
    }
    found = robustness(SHEET, city)
    assert (found.units["a"].rank, found.units["a"].judgements) == (2, Interval(1, 2))
    assert found.units["a"].answers == Interval(2, 2)


def test_what_is_held_or_decided_is_no_longer_open() -> None:
    city = {"a": Assessed("district", {}, {})}
    assert robustness(SHEET, city, held=open_choices(SHEET)).sets == 1
    assert "Q1" not in open_choices(SHEET)


def test_too_many_sets_are_refused_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.robustness.MOST_SETS", 1151)
    with pytest.raises(TooManySets, match="1152 sets") as refused:
        robustness(SHEET, {})
    assert "1152种" in refused.value.zh
