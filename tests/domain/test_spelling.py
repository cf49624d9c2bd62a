"""Ids that name one stream, reasons that say something, moments that are moments."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from domain import spelling
from tests.domain.stage import refused

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize("text", ["6", "27b", "zhongshan", "2026", "a.b_c-d", "x" * 40])
def test_an_id_of_letters_and_digits_is_taken(text: str) -> None:
    assert spelling.identifier(text, "unit") == text


@given(st.text(max_size=50))
def test_no_id_reaches_into_another_stream(text: str) -> None:
    try:
        taken = spelling.identifier(text, "unit")
    except spelling.Refused:
        return
    assert taken.isascii()
    assert not set(taken) & set("/* \n\x00")
    assert 1 <= len(taken) <= 40


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_a_blank_reason_is_none(text: str) -> None:
    with refused("no-reason", "reason"):
        spelling.reason(text)
    assert spelling.reason("核对无误") == "核对无误"


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=ZONES))  # noqa: DTZ001 - zoned
def test_a_moment_is_written_in_utc_and_read_back_the_same(moment: datetime) -> None:
    text = spelling.written(moment)
    assert text.endswith("Z")
    assert len(text) == len("2026-01-01T00:00:00.000000Z")
    assert spelling.moment(text, "open") == moment
    assert spelling.moment(moment.isoformat(), "open") == moment
    assert spelling.moment(text, "open").tzinfo == UTC


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00"]
)
def test_what_is_no_moment_is_refused_with_its_place(text: str) -> None:
    with refused("bad-moment", "calendar.open"):
        spelling.moment(text, "calendar.open")
