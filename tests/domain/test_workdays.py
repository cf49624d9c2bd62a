"""Working days are those announced: holidays, exchanged weekends, and nothing guessed about another year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from domain import workdays
from service.workday_files import years
from tests.domain.stage import refused

YEARS = years()
DAYS = st.dates(date(2026, 1, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-15", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-04-06", False),
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-06-22", True),
        ("2026-09-20", True),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-11", False),
        ("2026-11-23", True),
    ],
)
def test_a_day_is_worked_as_the_state_council_announced(day: str, *, works: bool) -> None:
    assert workdays.is_working_day(YEARS, date.fromisoformat(day)) == works


def test_2026_has_33_days_off_in_holidays_and_six_worked_weekend_days() -> None:
    year = YEARS[2026]
    assert (len(year.holidays), len(year.worked)) == (33, 6)
    assert all(day.weekday() >= 5 for day in year.worked)
    assert not year.holidays & year.worked
    assert "2025年11月4日" in year.source


def test_five_working_days_over_the_spring_festival_end_where_people_count_them() -> None:
    friday = datetime(2026, 2, 13, 1, tzinfo=UTC)
    assert workdays.after(YEARS, friday, 1) == date(2026, 2, 14)
    assert workdays.after(YEARS, friday, 2) == date(2026, 2, 24)
    assert workdays.after(YEARS, friday, 6) == date(2026, 2, 28)


def test_the_day_of_a_moment_is_that_of_shanghai() -> None:
    assert workdays.after(YEARS, datetime(2026, 3, 2, 15, 59, tzinfo=UTC), 1) == date(2026, 3, 3)
    assert workdays.after(YEARS, datetime(2026, 3, 2, 16, 0, tzinfo=UTC), 1) == date(2026, 3, 4)
    assert workdays.last_moment(date(2026, 3, 3)) == datetime(2026, 3, 3, 15, 59, 59, 999999, tzinfo=UTC)


def test_nothing_is_guessed_about_a_year_that_was_not_announced() -> None:
    with refused("unknown-year"):
        workdays.is_working_day(YEARS, date(2031, 5, 1))
    assert workdays.falls_on_working_day(YEARS, datetime(2031, 5, 1, tzinfo=UTC)) is None
    assert workdays.falls_on_working_day(YEARS, datetime(2026, 5, 1, tzinfo=UTC)) is False


@given(DAYS, st.integers(1, 10), st.integers(1, 10))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    between = workdays.after(YEARS, noon, first)
    assert workdays.is_working_day(YEARS, between)
    assert between > day
    whole = workdays.after(YEARS, noon, first + second)
    assert workdays.after(YEARS, datetime(between.year, between.month, between.day, 4, tzinfo=UTC), second) == whole
    days = ((day + timedelta(days=number)) for number in range(1, (whole - day).days + 1))
    assert sum(workdays.is_working_day(YEARS, each) for each in days) == first + second
