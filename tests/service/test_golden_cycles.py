"""No build moves a final score: finished cycles, kept byte for byte, are replayed and compared to a hundredth."""

import json
from collections.abc import Iterator
from functools import partial

import pytest

from domain.moments import Moment
from domain.standings import places
from events.entry import decode
from events.reader import read_range
from service.queries.asof import scores_of, totals
from tests.servers import fresh_database, process_number
from tests.service import golden_cycles as golden
from tests.service.golden_years import YEARS
from tests.workers.ledger import Ledger
from workers.changes import Changes
from workers.database_url import DatabaseUrl
from workers.fold import Fold
from workers.projections.sums import sum_up
from workers.projector import earlier
from workers.rules import Rules

Kept = tuple[str, Ledger]


@pytest.fixture(scope="module", params=golden.names())
def kept(request: pytest.FixtureRequest, postgres_server: DatabaseUrl) -> Iterator[Kept]:
    """One finished cycle in a record of its own."""
    name = f"golden_{process_number()}_{request.param.replace('-', '_')}"
    with fresh_database(postgres_server, name) as database:
        golden.restore(database, request.param)
        made = Ledger.of(database)
        yield request.param, made
        made.close()


def test_no_final_score_and_no_rank_of_a_finished_cycle_has_moved(kept: Kept) -> None:
    name, ledger = kept
    assert golden.moved(name, golden.replayed(ledger, name)) == []
    assert ledger.rows("SELECT stream, error FROM scores.parked") == []


def test_a_replay_from_zero_gives_the_same_tables(kept: Kept) -> None:
    _, ledger = kept
    ledger.follow()
    assert ledger.digest() == ledger.replayed()


def folded(ledger: Ledger, rules: Rules, position: int) -> Changes:
    """Every sheet of the record as of a position, read anew."""
    fold = Fold(rules, partial(earlier, ledger.service), keep=1_000_000)
    with ledger.service.connection() as connection:
        return fold.take(read_range(connection, 0, position))


def test_the_table_two_people_published_last_is_still_what_the_entries_give(kept: Kept) -> None:
    name, ledger = kept
    last, rules = ledger.order(), Rules(ledger.service)
    where = rules.layout_at(name, Moment(last))
    found = scores_of(folded(ledger, rules, last), rules, name)
    summed = totals(rules, name, where, found)
    ranks = places(where.rubric, summed)
    table = {
        unit: {"cohort": cohort, "rank": ranks[unit]} | sum_up(where, cohort, found[unit])
        for unit, (cohort, _) in summed.items()
    }
    assert golden.digest(table) == golden.final_digest(name)


def test_a_hundredth_and_a_rank_that_moved_are_noticed(kept: Kept) -> None:
    name, _ = kept
    table = golden.expected(name)
    assert golden.moved(name, table) == []
    unit = min(table["units"])
    leaf = next(leaf for leaf, score in table["units"][unit]["leaves"].items() if score["final"] != "0.00")
    was = table["units"][unit]["leaves"][leaf]["final"]
    table["units"][unit]["leaves"][leaf]["final"] = f"{was[:-1]}{(int(was[-1]) + 1) % 10}"
    table["units"][unit]["rank"] += 1
    places_named = [each.partition(":")[0] for each in golden.moved(name, table)]
    assert places_named == [f"units/{unit}/leaves/{leaf}/final", f"units/{unit}/rank"]


def test_a_formula_that_gives_a_hundredth_more_moves_a_table_and_fails(kept: Kept) -> None:
    name, ledger = kept
    ledger.follow()
    ledger.rows_of("UPDATE scores.leaf_scores SET final = final + 1 WHERE status = 'verified'")
    with ledger.workers.connection() as connection:
        shown = golden.published(connection, name)
    assert golden.moved(name, shown) != []
    ledger.forget_scores()


def test_every_kept_cycle_has_its_year_and_every_year_is_kept() -> None:
    assert set(golden.names()) == YEARS.keys()


def test_the_kept_cycles_hold_everything_a_year_can_hold() -> None:
    types = {decode(entry).type for name in golden.names() for entry in golden.entries(name)}
    assert types >= {
        "FiguresSubmitted", "FiguresVerified", "LeafJudged", "NotApplicableConfirmed",
        "AdjustmentApproved", "AdjustmentDeclined", "AdjustmentRevoked",
        "BonusGranted", "BonusDeclined", "BonusRevoked", "BonusClaimed",
        "AppealFiled", "AppealDecided", "ObjectionAnswered",
        "TargetApplied", "CycleReopened", "RubricAdopted", "RubricApplied",
        "ResultsPublished", "CycleFinalised",
    }  # fmt: skip
    outcomes = {
        json.loads(entry)["data"]["outcome"]
        for name in golden.names()
        for entry in golden.entries(name)
        if decode(entry).type == "AppealDecided"
    }
    assert outcomes == {"upheld", "partly", "dismissed"}
