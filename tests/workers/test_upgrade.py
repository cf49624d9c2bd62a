"""Another program changes no score by itself: it waits, compares, and goes on where nothing differs or two agree."""

import pytest

from domain import facts, recomputation as rules
from domain.people import Person
from domain.refusals import Refused
from events.entry import Actor, slot_of
from migrations.upgrade import upgrade
from tests.events.test_vault import as_owner
from tests.workers.ledger import CYCLE, Ledger, acts
from tests.workers.year import Act
from workers import recomputation
from workers.engine import engine
from workers.parking import unpark_all
from workers.readmodels import ReadModels
from workers.recomputation_record import standing
from workers.recomputation_steps import Recompute
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
    hand_down(ledger)
    ledger.append(MORE)
    return ledger


def hand_down(ledger: Ledger, ago: str = "1 hour") -> None:
    """The tables are the elder's, which was at work until so long ago."""
    ledger.rows_of(
        f"UPDATE scores.checkpoints SET program = '{ELDER}', moved_at = now() - interval '{ago}'"  # noqa: S608 - our own name
    )


def programs(ledger: Ledger) -> set[str]:
    return {program for (program,) in ledger.rows("SELECT program FROM scores.checkpoints")}


def test_the_first_program_that_looks_at_the_record_says_so_though_nothing_is_new(ledger: Ledger) -> None:
    assert programs(ledger) == {""}
    ledger.follow()
    assert programs(ledger) == {engine()}
    ledger.append(*acts(units=2, limit=60))
    ledger.follow()


def test_tables_from_before_programs_had_names_are_another_programs(ledger: Ledger) -> None:
    ledger.append(*acts(units=2, limit=60))
    ledger.follow()
    for statement in (
        "ALTER TABLE scores.replays DROP COLUMN program",
        "ALTER TABLE scores.checkpoints DROP COLUMN program, DROP COLUMN asked",
        "UPDATE scores.checkpoints SET moved_at = now() - interval '1 hour'",
        "UPDATE public.alembic_version SET version_num = '0010'",
    ):
        as_owner(ledger.database, statement)
    upgrade(ledger.database.owner.libpq)
    assert programs(ledger) != {engine()}
    assert ask_for_comparison(ledger.workers) is not None
    [_, finished] = ledger.recompute()
    assert (finished.differences, programs(ledger)) == (0, {engine()})


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
    hand_down(upgraded, "20 s")
    assert ask_for_comparison(upgraded.workers) is None  # the elder may be at work
    hand_down(upgraded)
    key = ask_for_comparison(upgraded.workers)
    assert key is not None
    assert ask_for_comparison(upgraded.workers) is None
    [asked] = upgraded.said(key)
    assert ELDER in asked.reason
    assert engine() in asked.reason


def test_where_nothing_differs_the_tables_are_its_own_and_what_waited_is_followed(upgraded: Ledger) -> None:
    position = upgraded.order()
    ask_for_comparison(upgraded.workers)
    [_, finished] = upgraded.recompute()
    assert (finished.differences, finished.position) == (0, position - 1)  # where the tables stood
    assert programs(upgraded) == {engine()}
    upgraded.follow()
    assert upgraded.digest() == upgraded.replayed()
    assert ask_for_comparison(upgraded.workers) is None


def test_where_something_differs_two_people_decide_before_it_takes_effect(upgraded: Ledger) -> None:
    upgraded.rows_of("UPDATE scores.leaf_scores SET final = final + 10 WHERE leaf = '1b'")  # as the elder had it
    live, key = upgraded.tables(), ask_for_comparison(upgraded.workers)
    [_, finished] = upgraded.recompute()
    assert (finished.differences > 0, upgraded.tables() == live, programs(upgraded)) == (True, True, {ELDER})
    state, _ = standing(upgraded.workers, str(key))
    with pytest.raises(Refused, match="asked-by-program"):
        rules.approve(state, Person("auditor", registered=True), "同意采纳", engine())
    assert ask_for_comparison(upgraded.workers) is None
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


def test_what_one_share_has_taken_in_before_the_other_is_compared_where_each_of_them_stands(ledger: Ledger) -> None:
    ledger.append(*acts(units=2, limit=600))
    ledger.follow()
    ledger.append(MORE)
    behind = slot_of(MORE.stream) // 32
    ledger.order()
    ledger.projectors()[1 - behind].advance()
    # The elder was killed when one share had taken in the last events and the other had not, and it scored otherwise.
    hand_down(ledger)
    ledger.rows_of("UPDATE scores.leaf_scores SET final = final + 10 WHERE unit = 'unit-00' AND leaf = '2c'")
    live, key = ledger.tables(), ask_for_comparison(ledger.workers)
    [_, finished] = ledger.recompute()
    assert (key is not None, finished.differences > 0) == (True, True)
    assert ledger.tables() == live
    again = ledger.request()
    ledger.recompute()
    assert ledger.tables() == live
    ledger.approve(again)
    *_, applied = ledger.recompute()
    assert isinstance(applied, facts.RecomputationApplied)
    ledger.follow()
    assert ledger.digest() == ledger.replayed()


def test_shares_that_stand_apart_are_taken_over_where_nothing_differs(ledger: Ledger) -> None:
    given = acts(units=2)
    ledger.append(*given[:600])
    ledger.follow()
    ledger.append(*given[600:900])
    ledger.order()
    ledger.projectors()[0].advance()
    hand_down(ledger)
    live = ledger.tables()
    ask_for_comparison(ledger.workers)
    [_, finished] = ledger.recompute()
    assert (finished.differences, ledger.tables() == live, programs(ledger)) == (0, True, {engine()})
    ledger.follow()
    assert ledger.digest() == ledger.replayed()


def test_a_replay_that_another_program_has_begun_is_begun_anew(upgraded: Ledger) -> None:
    upgraded.rows_of("UPDATE scores.leaf_scores SET final = final + 10 WHERE leaf = '1b'")  # as the elder had it
    key = str(ask_for_comparison(upgraded.workers))
    while upgraded.rows("SELECT FROM scores.replays WHERE phase = 'ready'") == []:
        Recompute(upgraded.workers, key, lambda: None).step()
    [shadow] = [name for name in upgraded.shadows() if name.startswith("leaf_scores__") and "pkey" not in name]
    upgraded.rows_of("UPDATE scores.{} SET final = final + 10 WHERE leaf = '1b'".format(shadow))  # noqa: S608, UP032 - our own name
    upgraded.rows_of(f"UPDATE scores.replays SET program = '{ELDER}'")  # noqa: S608 - it was the elder that filled it
    [_, finished] = upgraded.recompute()
    assert (finished.differences > 0, programs(upgraded)) == (True, {ELDER})


def test_recomputations_are_left_to_the_program_that_made_the_tables_while_it_is_at_work(upgraded: Ledger) -> None:
    hand_down(upgraded, "20 s")
    key = upgraded.request()
    recomputation.recompute(upgraded.workers, key)
    assert upgraded.rows("SELECT FROM scores.replays") == []
    hand_down(upgraded)
    upgraded.recompute()
    assert upgraded.finished(key).differences == 0


def test_a_program_at_work_gives_a_sign_of_life_also_while_nothing_happens(ledger: Ledger) -> None:
    ledger.append(*acts(units=2, limit=60))
    ledger.follow()
    ledger.rows_of("UPDATE scores.checkpoints SET moved_at = now() - interval '1 hour'")
    ledger.follow()
    ledger.rows_of(f"UPDATE scores.checkpoints SET program = '{ELDER}'")  # noqa: S608 - our own name
    assert ask_for_comparison(ledger.workers) is None
