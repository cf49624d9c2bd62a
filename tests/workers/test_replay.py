"""What a replay promises: the same tables, whatever the batches, the shares and the order of the workers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.ledger import Ledger
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
    assert {year_ledger.replayed(shares) for shares in (1, 5)} == {replayed}


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


def test_shares_grow_in_number_so_that_each_fits_into_a_process() -> None:
    assert [replay.shares(events) for events in (0, 1_200_000, 1_200_001, 10**9)] == [2, 2, 4, 64]
