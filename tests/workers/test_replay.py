"""What a replay promises: the same tables, whatever the batches, the shares and the order of the workers."""

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from domain import facts
from events.entry import Actor
from tests.workers.ledger import CYCLE, Ledger, acts
from tests.workers.year import Act
from workers import replay


@pytest.fixture(scope="module")
def replayed(year_ledger: Ledger) -> str:
    """The digest of the year's replay."""
    return year_ledger.replayed()


@settings(max_examples=12)
@given(steps=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 700), st.booleans()), max_size=12))
def test_the_tables_do_not_depend_on_where_batches_end(
    year_ledger: Ledger, replayed: str, steps: list[tuple[int, int, bool]]
) -> None:
    year_ledger.forget_scores()
    projectors = year_ledger.projectors()
    for partition, batch, forgetful in steps:
        projectors[partition].advance(batch)
        if forgetful:  # a worker that was started again has nothing in memory
            projectors = year_ledger.projectors()
    year_ledger.follow()
    assert year_ledger.digest() == replayed


def test_the_digest_does_not_depend_on_the_shares(year_ledger: Ledger, replayed: str) -> None:
    cuts = (["d"], [f"sheet/{CYCLE}/unit-00/", f"sheet/{CYCLE}/unit-01/", f"sheet/{CYCLE}/unit-02/"])
    assert {year_ledger.replayed(cut) for cut in cuts} == {replayed}


def test_a_digest_tells_one_changed_point(year_ledger: Ledger) -> None:
    year_ledger.follow()
    before = year_ledger.digest()
    year_ledger.rows_of("UPDATE scores.leaf_scores SET final = final + 1 WHERE (unit, leaf) = ('unit-00', '5a')")
    assert year_ledger.digest() != before


def test_streams_nobody_can_read_are_parked_by_a_replay_as_by_the_projection(year_ledger: Ledger) -> None:
    year_ledger.forget_scores()
    year_ledger.follow()
    live = year_ledger.tables()["parked"]
    year_ledger.request()
    [_, finished] = year_ledger.recompute()
    assert live
    assert finished.differences == 0


def test_shares_cover_every_stream_once(year_ledger: Ledger) -> None:
    with year_ledger.workers.connection() as connection:
        [cycles, *sheets] = replay.shares(connection, 1_500)
    assert cycles == ("cycle/", "cycle0")
    assert (sheets[0][0], sheets[-1][1]) == ("sheet/", "sheet0")
    assert all(one[1] == other[0] and one[0] < one[1] for one, other in itertools.pairwise(sheets))
    assert len(sheets) > 1
    assert all(high.endswith("/") for _, high in sheets[:-1])


def test_units_that_filed_little_or_nothing_are_replayed_too(ledger: Ledger) -> None:
    ledger.append(*acts(units=3, limit=2))
    ledger.follow()
    assert len(ledger.tables()["unit_scores"]) == 3
    assert ledger.digest() == ledger.replayed()


def test_a_stream_longer_than_a_run_is_folded_whole(ledger: Ledger) -> None:
    stream = f"sheet/{CYCLE}/unit-00/1"
    filings = [
        facts.FiguresSubmitted(f"s-{number}", {"1b": {"numerator": number, "denominator": 2_000}})
        for number in range(1_203)
    ]
    ledger.append(*acts(units=1, limit=0), *(Act(stream, fact, Actor("person")) for fact in filings))
    ledger.follow()
    assert ledger.digest() == ledger.replayed()
    ledger.garble(stream)
    ledger.append(Act(stream, filings[0], Actor("person")))
    ledger.follow()
    assert ledger.digest() == ledger.replayed()
