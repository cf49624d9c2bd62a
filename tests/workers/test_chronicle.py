"""A chronicle tells at every moment what the one fold there is would tell, and what moved adds up exactly."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from domain.columns import LeafScore
from domain.moments import Moment
from domain.movement import difference
from events.codec import to_event
from events.entry import utc_text
from events.reader import read_range
from events.store import Append
from tests.servers import fresh_database, process_number
from tests.workers.ledger import CYCLE, Ledger, acts, chunks
from workers.chronicle import Chronicle, Chronicles
from workers.database_url import DatabaseUrl
from workers.fold import Fold
from workers.projector import earlier
from workers.rules import Rules

TODAY = datetime.now(UTC)
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def day(number: int) -> str:
    """A day that is over; the higher the number, the later."""
    return utc_text(TODAY - timedelta(days=400 - number))


def record_timed(ledger: Ledger, limit: int) -> int:
    """Records the beginning of a year of three units in which every third act says when it became true."""
    chance = random.Random(7)  # noqa: S311 - invented times
    for act in acts(limit=limit):
        when = day(chance.randint(0, 390)) if chance.random() < 0.3 else None
        head = ledger.service.head(act.stream)
        ledger.service.append_all([Append(act.stream, head, [to_event(act.fact, when)])], by=act.by)
    return ledger.order()


@pytest.fixture(scope="module")
def told(postgres_server: DatabaseUrl) -> Iterator[tuple[Ledger, Chronicle]]:
    """A year of three units in which every third act says when it became true."""
    with fresh_database(postgres_server, f"chronicle_{process_number()}") as database:
        ledger = Ledger.of(database)
        last = record_timed(ledger, 1_500)
        yield ledger, Chronicles(ledger.workers, Rules(ledger.workers)).of(CYCLE, last)
        ledger.close()


def folded(ledger: Ledger, position: int) -> dict[str, dict[str, LeafScore]]:
    """Unit -> leaf -> score, by the fold of the projection, over the record up to there."""
    fold = Fold(Rules(ledger.workers), partial(earlier, ledger.workers), keep=1_000_000)
    with ledger.workers.connection() as connection:
        changes = fold.take(read_range(connection, 0, position))
    found: dict[str, dict[str, LeafScore]] = {unit: {} for _, unit in changes.enrolled}
    for tracked in changes.sheets.values():
        found[tracked.sheet.unit].update(tracked.scores)
    return found


def points(scores: dict[str, dict[str, LeafScore]]) -> dict[str, int]:
    return {
        f"{unit}/{leaf}/{name}": getattr(score, name)
        for unit, of in scores.items()
        for leaf, score in of.items()
        for name in ("claimed", "verified", "final")
    }


@pytest.mark.parametrize("part", [0.0, 0.01, 0.3, 0.7, 1.0])
def test_as_of_a_position_it_tells_what_the_fold_tells(told: tuple[Ledger, Chronicle], part: float) -> None:
    ledger, year = told
    position = int(year.position * part)
    there, expected = year.scores(Moment(position)), folded(ledger, position)
    assert there.keys() == expected.keys()
    for unit, scores in expected.items():
        assert {leaf: there[unit][leaf] for leaf in scores} == scores
        assert all(score.status == "empty" for leaf, score in there[unit].items() if leaf not in scores)


def test_followed_step_by_step_it_tells_the_same_as_read_at_once(told: tuple[Ledger, Chronicle]) -> None:
    ledger, year = told
    slow = Chronicle(CYCLE, Rules(ledger.workers))
    with ledger.workers.connection() as connection:
        for position in range(100, year.position + 100, 100):
            slow._take(read_range(connection, position - 100, min(position, year.position)))
    assert {stream: [step.position for step in course.steps] for stream, course in slow.courses.items()} == {
        stream: [step.position for step in course.steps] for stream, course in year.courses.items()
    }


def test_it_reads_nothing_anew_that_it_knows(told: tuple[Ledger, Chronicle]) -> None:
    ledger, year = told
    chronicles = Chronicles(ledger.workers, Rules(ledger.workers))
    first = chronicles.of(CYCLE, year.position)
    courses = dict(first.courses)
    again = chronicles.of(CYCLE, 1)
    assert again is first
    assert again.courses == courses


def test_events_recorded_later_are_taken_in_and_change_no_earlier_moment(ledger: Ledger) -> None:
    some = acts(limit=400)
    for few in chunks(some[:300], 100):
        ledger.append(*few)
    before = ledger.order()
    year = Chronicles(ledger.workers, Rules(ledger.workers)).of(CYCLE, before)
    there = year.scores(Moment(before))
    for few in chunks(some[300:], 100):
        ledger.append(*few)
    last = ledger.order()
    assert year.follow(ledger.workers).position == last
    assert year.scores(Moment(before)) == there
    found, expected = year.scores(Moment(last)), folded(ledger, last)
    assert {unit: {leaf: found[unit][leaf] for leaf in of} for unit, of in expected.items()} == expected


MOMENTS = st.tuples(st.integers(0, 1_600), st.none() | st.integers(0, 400).map(day))


@SLOW
@given(MOMENTS, MOMENTS)
def test_the_parts_add_up_exactly_to_the_difference(
    told: tuple[Ledger, Chronicle], one: tuple[int, str | None], two: tuple[int, str | None]
) -> None:
    _, year = told
    before, after = Moment(*one), Moment(*two)
    first, last = year.scores(before), year.scores(after)
    parts: Counter[str] = Counter()
    for unit in first.keys() & last.keys():
        for _, _, moved in year.moves(unit, before, after):
            parts.update(difference(points({unit: moved.before}), points({unit: moved.after})))
    both = first.keys() & last.keys()
    whole = difference(points({unit: first[unit] for unit in both}), points({unit: last[unit] for unit in both}))
    assert {name: moved for name, moved in parts.items() if moved} == whole


@SLOW
@given(st.integers(0, 1_600))
def test_as_of_a_time_behind_all_others_how_it_was_is_what_is_known(
    told: tuple[Ledger, Chronicle], position: int
) -> None:
    _, year = told
    later = utc_text(datetime.now(UTC) + timedelta(days=1))
    assert year.scores(Moment(position, later)) == year.scores(Moment(position))


def test_a_stream_that_nobody_can_read_stands_where_it_stood(year_ledger: Ledger) -> None:
    with year_ledger.workers.connection() as connection:
        row = connection.execute("SELECT max(first + count) - 1 FROM record.ledger").fetchone()
    assert row is not None
    year = Chronicles(year_ledger.workers, Rules(year_ledger.workers)).of(CYCLE, row[0])
    found, expected = year.scores(Moment(row[0])), folded(year_ledger, row[0])
    assert any(course.parked for course in year.courses.values())
    assert {unit: {leaf: found[unit][leaf] for leaf in of} for unit, of in expected.items()} == expected
