"""Working days in China, in Asia/Shanghai: statutory holidays and exchanged weekends as announced for each year.

Shanghai has kept UTC+8 without summer time since 1991, so no table of zones is needed. A year that has not been
announced yet is unknown: nothing is guessed about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from domain.refusals import Refused

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_SATURDAY = 5
_DAY = timedelta(days=1)
MOST = 250


@dataclass(frozen=True, slots=True)
class Year:
    """One announced year: days off and worked weekend days, with where it was announced."""

    source: str
    holidays: frozenset[date]
    worked: frozenset[date]


Years = Mapping[int, Year]


def read(document: Mapping[str, Any]) -> Years:
    """The announced years, from a document such as ``workdays.toml``."""
    return {
        each["year"]: Year(
            each["source"],
            frozenset(day for first, last in each["holidays"] for day in _days(first, last)),
            frozenset(map(date.fromisoformat, each["worked"])),
        )
        for each in document["year"]
    }


def is_working_day(years: Years, day: date) -> bool:
    """Whether people work on that day; refuses a year that was not announced."""
    known = years.get(day.year)
    if known is None:
        raise _unknown(day)
    return day in known.worked or (day.weekday() < _SATURDAY and day not in known.holidays)


def after(years: Years, moment: datetime, days: int) -> date:
    """The ``days``-th working day (1 or more) after the day of ``moment`` in Shanghai, which itself is not counted."""
    day = in_shanghai(moment).date()
    if not {day.year, day.year + 1} & years.keys():
        raise _unknown(day)
    for _ in range(days):
        day += _DAY
        while not is_working_day(years, day):
            day += _DAY
    return day


def in_shanghai(moment: datetime) -> datetime:
    """The moment as clocks in Shanghai show it; the last hours of the year 9999, which they cannot show, stay UTC."""
    try:
        return moment.astimezone(SHANGHAI)
    except OverflowError:
        return moment


def last_moment(day: date) -> datetime:
    """The last microsecond of a day in Shanghai, in UTC."""
    return datetime.combine(day, time.max, SHANGHAI).astimezone(UTC)


def first_moment(moment: datetime) -> datetime:
    """The first moment (UTC) of the year in Shanghai that a moment lies in."""
    return datetime(in_shanghai(moment).year, 1, 1, tzinfo=SHANGHAI).astimezone(UTC)


def falls_on_working_day(years: Years, moment: datetime) -> bool | None:
    """Whether a deadline falls on a working day in Shanghai; None in a year that was not announced."""
    day = in_shanghai(moment).date()
    return is_working_day(years, day) if day.year in years else None


def _days(first: str, last: str) -> list[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + number * _DAY for number in range((end - begin).days + 1)]


def _unknown(day: date) -> Refused:
    zh, en = f"{day.year}；请直接写明截止时间", f"{day.year}: give the last moment itself"
    return Refused("unknown-year", zh, en)
