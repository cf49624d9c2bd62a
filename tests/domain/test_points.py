from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, strategies as st

from domain.points import LARGEST, BadPoints, half_up, parse, show


@given(st.integers(-LARGEST, LARGEST))
def test_what_is_shown_is_read_back(hundredths: int) -> None:
    assert parse(show(hundredths)) == hundredths


@pytest.mark.parametrize(
    ("text", "hundredths"), [("1.60", 160), ("0.00", 0), ("-0.05", -5), ("100.00", 10000), ("-3.10", -310)]
)
def test_points_have_one_text(text: str, hundredths: int) -> None:
    assert parse(text) == hundredths
    assert show(hundredths) == text


@pytest.mark.parametrize(
    "text",
    [
        *("1", "1.6", "1.600", "01.60", "+1.60", "-0.00", ".60", "1,60", "1.6e1", "NaN", "１.60", "1.６0"),
        *("99999999999999.00", "", " 1.60", "1.60\n", "1.60 ", "--1.60"),
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadPoints) as refused:
        parse(text)
    assert refused.value.zh != refused.value.en


@given(st.integers(0, 10**20), st.integers(1, 10**20))
def test_rounding_goes_half_up(numerator: int, denominator: int) -> None:
    rounded = half_up(numerator, denominator)
    assert -denominator < 2 * (rounded * denominator - numerator) <= denominator


@pytest.mark.parametrize(("numerator", "denominator"), [(1, 2), (3, 2), (5, 4), (7, 4), (0, 9), (105, 10)])
def test_rounding_agrees_with_the_decimal_standard(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    assert half_up(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
