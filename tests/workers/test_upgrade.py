"""Another program changes no score by itself: it waits, compares, and goes on where nothing differs or two agree."""

import pytest

from domain import facts, recomputation as rules
from domain.people import Person
from domain.refusals import Refused
from events.entry import Actor
from tests.workers.ledger import CYCLE, Ledger, acts
from tests.workers.year import Act
from workers.engine import engine
from workers.parking import unpark_all
from workers.readmodels import ReadModels
from workers.recomputation_record import standing
from workers.upgrade import ask_for_comparison

ELDER = "kaohe 0.0.1 0123456789abcdef"
MORE = Act(
    f"sheet/{CYCLE}/unit-00/2",
    facts.FiguresSubmitted("later", {"2c": {"numerator": 1, "denominator": 1}}),
    Actor("person", "unit", "unit-00"),
)


@pytest.fixture
def upgraded(ledger: Ledger) -> Ledger:
    """Two units in the midst of their year, whose tables an elder program made; something has happened since."""
    ledger.append(*acts(units=2, limit=600))
    ledger.follow()
    ledger.rows_of(f"UPDATE scores.checkpoints SET program = '{ELDER}'")  # noqa: S608 - our own name
    ledger.append(MORE)
    return ledger


def programs(ledger: Ledger) -> set[str]:
    return {program for (program,) in ledger.rows("SELECT program FROM scores.checkpoints")}


def test_the_first_program_that_looks_at_the_record_says_so_though_nothing_is_new(ledger: Ledger) -> None:
    assert programs(ledger) == {""}
    ledger.follow()
    assert programs(ledger) == {engine()}
    ledger.append(*acts(units=2, limit=60))
    ledger.follow()
    ledger.rows_of("UPDATE scores.checkpoints SET program = ''")  # as of before there was such a column
    ledger.follow()
    assert programs(ledger) == {engine()}


def test_the_tables_of_another_program_stand_still_and_say_how_far_behind_they_are(upgraded: Ledger) -> None:
    before = upgraded.tables()
    upgraded.follow()
    assert upgraded.tables() == before
    reads = ReadModels(upgraded.service)
    assert (reads.stands().lag, reads.ours()) == (1, False)
    upgraded.garble(f"sheet/{CYCLE}/unit-00/1")
    upgraded.follow()
    assert unpark_all(upgraded.workers) == {}


def test_another_program_asks_for_one_comparison_where_the_tables_stand_still(upgraded: Ledger) -> None:
    assert ask_for_comparison(upgraded.workers) is None  # they moved a moment ago: the elder may be at work
    key = ask_for_comparison(upgraded.workers, quiet=0)
    assert key is not None
    assert ask_for_comparison(upgraded.workers, quiet=0) is None
    [asked] = upgraded.said(key)
    assert ELDER in asked.reason
    assert engine() in asked.reason


def test_where_nothing_differs_the_tables_are_its_own_and_what_waited_is_followed(upgraded: Ledger) -> None:
    position = upgraded.order()
    ask_for_comparison(upgraded.workers, quiet=0)
    [_, finished] = upgraded.recompute()
    assert (finished.differences, finished.position) == (0, position - 1)  # where the tables stood
    assert programs(upgraded) == {engine()}
    upgraded.follow()
    assert upgraded.digest() == upgraded.replayed()
    assert ask_for_comparison(upgraded.workers, quiet=0) is None


def test_where_something_differs_two_people_decide_before_it_takes_effect(upgraded: Ledger) -> None:
    upgraded.rows_of("UPDATE scores.leaf_scores SET final = final + 10 WHERE leaf = '1b'")  # as the elder had it
    live, key = upgraded.tables(), ask_for_comparison(upgraded.workers, quiet=0)
    [_, finished] = upgraded.recompute()
    assert (finished.differences > 0, upgraded.tables() == live, programs(upgraded)) == (True, True, {ELDER})
    state, _ = standing(upgraded.workers, str(key))
    with pytest.raises(Refused, match="asked-by-program"):
        rules.approve(state, Person("auditor", registered=True), "同意采纳")
    assert ask_for_comparison(upgraded.workers, quiet=0) is None
    upgraded.follow()
    assert upgraded.tables() == live
    again = upgraded.request()
    upgraded.recompute()
    upgraded.approve(again)
    *_, applied = upgraded.recompute()
    assert isinstance(applied, facts.RecomputationApplied)
    assert programs(upgraded) == {engine()}
    upgraded.follow()
    assert upgraded.digest() == upgraded.replayed()
