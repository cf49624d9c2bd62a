"""Severity, agreement and kappa, worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from domain import facts
from domain.judgements import Given, Judgements, Pair
from domain.severity import agreement, kappa, mean, rounded, severity

STEPS = (0, 50, 100, 150, 200)
PAIRS = st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(STEPS)), min_size=1, max_size=12)


def pair(first: int, second: int, unit: str = "u", people: tuple[str, str] = ("one", "two")) -> Pair:
    return Pair(Given(unit, "6b", people[0], first), Given(unit, "6b", people[1], second))


def round_(unit: str, first: tuple[str, str], second: tuple[str, str] | None) -> list[tuple[str, str, facts.Fact]]:
    stream = f"sheet/2026/{unit}/6"
    told: list[tuple[str, str, facts.Fact]] = [
        (stream, first[0], facts.JudgementSealed("6b", "m1", "0.50", "0" * 64)),
    ]
    if second:
        told.append((stream, second[0], facts.SecondJudgementGiven("6b", second[1], "seen")))
    else:
        told.append((stream, "outsider", facts.SecondJudgementWaived("6b", "nobody")))
    return [*told, (stream, told[-1][1], facts.JudgementOpened("6b", first[1], "seen", "0" * 64))]


def found(*told: tuple[str, str, facts.Fact]) -> Judgements:
    judgements = Judgements("2026")
    for stream, actor, fact in told:
        judgements.take(stream, actor, fact)
    return judgements


YEAR = found(
    *round_("a", ("mild", "2.00"), ("stern", "1.00")),
    *round_("b", ("stern", "1.50"), ("mild", "1.50")),
    *round_("c", ("mild", "1.00"), ("stern", "0.50")),
    *round_("d", ("mild", "2.00"), None),
    ("sheet/2026/e/6", "stern", facts.LeafJudged("6b", "0.50", "seen")),
    ("sheet/2026/f/6", "stern", facts.JudgementSealed("6b", "m1", "0.50", "0" * 64)),
    ("sheet/2025/a/6", "mild", facts.LeafJudged("6b", "0.00", "another year")),
    ("person/x", "mild", facts.ConflictDeclared("a", "kin")),
)
KNOWN = {(unit, "6b"): STEPS for unit in "abcdef"}


def test_each_reviewers_severity_is_the_mean_of_what_others_gave_less_or_more() -> None:
    told = severity(YEAR, KNOWN)
    # mild 2.00-1.00, 1.50-1.50, 1.00-0.50: one and a half points above the other in three pairs.
    assert (told["mild"].pairs, told["mild"].apart) == (3, 150)
    assert (told["stern"].pairs, told["stern"].apart) == (3, -150)
    assert rounded(Fraction(told["mild"].apart, 300), 2) == "0.50"


def test_against_the_mean_of_the_leaf_every_known_judgement_counts_once() -> None:
    told = severity(YEAR, KNOWN)
    # Eight known: 2, 1, 1.5, 1.5, 1, 0.5, 2 and 0.5 make 10, so the mean is 1.25.
    assert mean(each.points for each in YEAR.given) == 125
    # mild gave 2, 1.5, 1, 2 = 6.5 over 4 x 1.25 = 5; stern 1, 1.5, 0.5, 0.5 = 3.5 under 5.
    assert (told["mild"].judged, told["mild"].off) == (4, 150)
    assert (told["stern"].judged, told["stern"].off) == (4, -150)


def test_agreement_counts_the_same_and_the_next_step() -> None:
    assert agreement(YEAR.pairs, KNOWN) == (1, 2)
    assert (severity(YEAR, KNOWN)["mild"].exact, severity(YEAR, KNOWN)["mild"].near) == (1, 2)


def test_rounds_are_counted_by_what_became_of_them_and_sealed_points_by_nothing() -> None:
    assert (YEAR.sealed, len(YEAR.pairs), YEAR.waived, YEAR.moderated) == (5, 3, 1, 0)
    assert [each.unit for each in YEAR.given if each.unit == "f"] == []


def test_kappa_is_the_one_worked_out_by_hand() -> None:
    # Two pairs (0, 0) and (100, 50). Observed: 0 + 50² = 2,500, over 2. Expected: the firsts 0, 100 against the
    # seconds 0, 50: 0 + 2,500 + 10,000 + 2,500 = 15,000, over 4. Kappa = 1 - 1,250 / 3,750 = 2/3.
    assert kappa([pair(0, 0), pair(100, 50)]) == Fraction(2, 3)
    assert rounded(Fraction(2, 3), 3) == "0.667"


def test_perfect_disagreement_of_two_values_is_minus_one() -> None:
    assert kappa([pair(0, 100), pair(100, 0)]) == -1


def test_kappa_says_nothing_where_everybody_gave_the_same() -> None:
    assert kappa([pair(100, 100), pair(100, 100)]) is None


@given(PAIRS)
def test_kappa_is_at_most_one_and_one_exactly_for_agreement_throughout(told: list[tuple[int, int]]) -> None:
    value = kappa([pair(*each) for each in told])
    if value is not None:
        assert value <= 1
        assert (value == 1) == all(one == two for one, two in told)


@given(PAIRS)
def test_kappa_does_not_depend_on_order_or_on_who_was_first(told: list[tuple[int, int]]) -> None:
    assert kappa([pair(*each) for each in told]) == kappa([pair(two, one) for one, two in reversed(told)])


@given(PAIRS)
def test_what_two_reviewers_differ_by_adds_up_to_nothing(told: list[tuple[int, int]]) -> None:
    judgements = Judgements("2026")
    judgements.pairs = [pair(*each) for each in told]
    judgements.given = [each for both in judgements.pairs for each in (both.first, both.second)]
    found = severity(judgements, KNOWN | {("u", "6b"): STEPS})
    assert sum(each.apart for each in found.values()) == 0
    assert sum(each.off for each in found.values()) == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 8), "0.13"), (Fraction(-1, 8), "-0.12"), (Fraction(-1, 300), "0.00"), (Fraction(7), "7.00")],
)
def test_a_fraction_is_shown_with_a_half_going_up(value: Fraction, text: str) -> None:
    assert rounded(value, 2) == text
