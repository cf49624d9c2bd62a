"""Laws of a difference over a whole year: whatever two moments are compared, causes, units and leaves add up."""

from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from domain.moments import Moment
from domain.points import parse
from service.queries import asof
from service.queries.difference_rows import causes, sums_shown, units_moved
from service.queries.differences import Compared, Scope, Side, compared, order
from service.queries.moments import Asked
from service.queries.ranks import rank_at, ranks
from tests.servers import fresh_database, process_number
from tests.workers.ledger import CYCLE, Ledger
from tests.workers.test_chronicle import SLOW, day, record_timed
from workers.chronicle import Chronicle, Chronicles
from workers.database_url import DatabaseUrl
from workers.rules import Rules

SIDES = st.builds(
    lambda position, when: Side(Asked(Moment(position, when), None)),
    st.integers(0, 900),
    st.none() | st.integers(0, 400).map(day),
)
SCOPES = st.builds(
    Scope,
    st.none() | st.frozensets(st.sampled_from(("unit-00", "unit-01", "unit-02")), min_size=1),
    st.none() | st.sampled_from(("1", "7", "10")),
)


@pytest.fixture(scope="module")
def year(postgres_server: DatabaseUrl) -> Iterator[Chronicle]:
    """A year of three units in which every third act says when it became true."""
    with fresh_database(postgres_server, f"laws_{process_number()}") as database:
        ledger = Ledger.of(database)
        last = record_timed(ledger, 800)
        yield Chronicles(ledger.workers, Rules(ledger.workers)).of(CYCLE, last)
        ledger.close()


def moved(found: Compared) -> dict[str, int]:
    return {name: parse(of["moved"]) for name, of in sums_shown(found).items()}


@SLOW
@given(SIDES, SIDES, SCOPES)
def test_the_causes_add_up_exactly_to_the_sums(year: Chronicle, before: Side, after: Side, scope: Scope) -> None:
    found = compared(year, before, after, scope)
    rows = causes(found)
    assert {name: sum(parse(row[name]) for row in rows) for name in moved(found)} == moved(found)


@SLOW
@given(SIDES, SIDES)
def test_the_units_add_up_to_the_total(year: Chronicle, before: Side, after: Side) -> None:
    found = compared(year, before, after, Scope(None))
    assert sum(parse(row["total"]["moved"]) for row in units_moved(found)) == moved(found)["total"]


@SLOW
@given(SIDES, SIDES)
def test_there_and_back_is_nothing(year: Chronicle, before: Side, after: Side) -> None:
    there, back = (moved(compared(year, *way, Scope(None))) for way in ((before, after), (after, before)))
    assert there == {name: -points for name, points in back.items()}


@SLOW
@given(SIDES, SIDES)
def test_every_event_has_a_place_of_its_own(year: Chronicle, before: Side, after: Side) -> None:
    places = [order(each) for each in compared(year, before, after, Scope(None)).steps]
    assert places == sorted(set(places))


@SLOW
@given(st.integers(0, 900), st.integers(0, 900), st.none() | st.integers(0, 400).map(day))
def test_the_rank_at_every_step_is_the_boards(year: Chronicle, one: int, other: int, when: str | None) -> None:
    at, upto = Moment(min(one, other), when), Moment(max(one, other), when)
    board = asof.ranks(year.rules, CYCLE, year.rules.layout_at(CYCLE, at), year.scores(at))
    told = {unit: rank_at(of, at.position) for unit, of in ranks(year, upto).items()}
    assert {unit: rank for unit, rank in told.items() if rank is not None} == board
