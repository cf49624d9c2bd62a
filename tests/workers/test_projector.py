"""What the live projection promises."""

import threading
from datetime import UTC, datetime

import psycopg
import pytest

from domain import facts
from events.canonical import canonical
from events.codec import to_event
from events.entry import Actor, Context, Head, build, utc_text
from events.reader import read, read_range
from tests.workers.ledger import CYCLE, Ledger, acts
from tests.workers.year import Act
from workers import checkpoints
from workers.checkpoints import Overtaken
from workers.parking import unpark, unpark_all
from workers.projector import Projector

SHEET = f"sheet/{CYCLE}/unit-00/1"
UNIT = Actor("person", "unit", "unit-00")


def filed(leaf: str = "1b", numerator: int = 9, stream: str = SHEET) -> Act:
    figures = {leaf: {"numerator": numerator, "denominator": 10}}
    return Act(stream, facts.FiguresSubmitted(f"submission-{numerator}", figures), UNIT)


def test_a_batch_and_its_checkpoint_commit_together(ledger: Ledger) -> None:
    ledger.append(*acts(limit=200))
    ledger.order()
    with psycopg.connect(ledger.database.owner.libpq, autocommit=True) as owner:
        owner.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$"
        )
        owner.execute("CREATE TRIGGER failing BEFORE UPDATE ON scores.checkpoints FOR EACH ROW EXECUTE FUNCTION fail()")
        projectors = ledger.projectors()
        for projector in projectors:
            with pytest.raises(psycopg.Error, match="the disk is full"):
                projector.advance()
        assert not any(ledger.tables().values())
        owner.execute("DROP TRIGGER failing ON scores.checkpoints")
    for projector in projectors:  # the same ones: what they had folded was forgotten with the transaction
        projector.advance()
    assert ledger.digest() == ledger.replayed()


def test_a_share_that_another_worker_holds_is_left_to_it(ledger: Ledger) -> None:
    ledger.append(*acts(limit=50))
    ledger.order()
    with psycopg.connect(ledger.database.worker.libpq) as other:
        other.execute("SELECT FROM scores.checkpoints WHERE partition = 0 FOR UPDATE")
        assert Projector(ledger.workers, 0).advance() is None
    assert Projector(ledger.workers, 0).advance() is not None


def test_every_event_is_projected_once_however_many_workers_race(ledger: Ledger) -> None:
    ledger.append(*acts())
    last = ledger.order()
    taken: list[int] = []

    def work() -> None:
        for projector in ledger.projectors():
            while True:
                progress = projector.advance(40)
                if progress is None:
                    continue
                taken.append(progress.events)
                if not progress.more:
                    break

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(taken) == last
    assert [position for position, _ in ledger.checkpoints()] == [last, last]
    assert ledger.digest() == ledger.replayed()


def test_a_worker_of_swapped_tables_writes_nothing(ledger: Ledger) -> None:
    ledger.append(*acts(limit=50))
    ledger.follow()
    old = ledger.projectors()
    for projector in old:
        projector.advance()
    ledger.rows_of("UPDATE scores.checkpoints SET epoch = epoch + 1")
    ledger.append(filed())
    ledger.order()
    before = ledger.tables(), ledger.checkpoints()
    for projector in old:
        with pytest.raises(Overtaken):
            projector.advance()
    assert (ledger.tables(), ledger.checkpoints()) == before
    ledger.follow()
    assert ledger.tables() != before[0]


def test_a_checkpoint_that_moved_meanwhile_is_not_written_over(ledger: Ledger) -> None:
    ledger.append(*acts(limit=50))
    ledger.order()
    with ledger.workers.connection() as connection, connection.transaction():
        seen = checkpoints.claim(connection, 0)
        assert seen
        checkpoints.move(connection, seen, 10)
        with pytest.raises(Overtaken):
            checkpoints.move(connection, seen, 20)


def test_an_unreadable_event_parks_its_stream_and_the_others_go_on(ledger: Ledger) -> None:
    ledger.append(*acts(limit=0), filed())
    ledger.garble(SHEET)
    ledger.append(filed(numerator=5))
    other = f"sheet/{CYCLE}/unit-01/1"
    ledger.append(filed(stream=other))
    ledger.follow()
    assert ledger.rows("SELECT stream, position FROM scores.parked") == [(SHEET, 6)]
    [(error,)] = ledger.rows("SELECT error FROM scores.parked")
    assert "figures" in error
    claimed = ledger.rows("SELECT unit, claimed FROM scores.leaf_scores WHERE leaf = '1b' AND claimed > 0 ORDER BY 1")
    assert claimed == [("unit-00", 144), ("unit-01", 144)]  # as it stood before the unreadable event
    assert ledger.digest() == ledger.replayed()


def test_the_rows_of_a_parked_stream_do_not_depend_on_where_a_batch_ended(ledger: Ledger) -> None:
    ledger.append(*acts(limit=0), filed())
    # It decodes and is taken in half before it turns out that it cannot be scored.
    bad = facts.FiguresSubmitted("half", {"1a": {"actual": 1, "target": 1}, "1b": {"numerator": 1}})
    ledger.append(Act(SHEET, bad, UNIT))
    ledger.follow(batch=1)
    one_by_one = ledger.tables()
    ledger.forget_scores()
    ledger.follow()
    assert ledger.tables() == one_by_one
    assert one_by_one["parked"] != []


def test_an_entry_that_is_no_event_parks_its_stream(ledger: Ledger) -> None:
    ledger.append(*acts(limit=0))
    moment = utc_text(datetime.now(UTC))
    entry = canonical({"data": 1, "streamversion": 1, "subject": SHEET, "time": moment, "type": "FiguresSubmitted"})
    with ledger.service.connection() as connection:
        connection.execute("SELECT record.append(%b::bytea[], '', NULL, NULL)", ([entry],))
    ledger.follow()
    assert ledger.rows("SELECT stream FROM scores.parked") == [(SHEET,)]


def test_bytes_that_a_superuser_garbled_stop_nobody_else(ledger: Ledger) -> None:
    other = f"sheet/{CYCLE}/unit-01/1"
    ledger.append(*acts(limit=0), filed(), filed(numerator=8), filed(stream=other))
    ledger.order()
    with psycopg.connect(ledger.database.owner.libpq, autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("UPDATE record.events SET entry = 'garbled' WHERE stream = %s AND version = 1", (SHEET,))
    ledger.follow()
    assert ledger.rows("SELECT stream FROM scores.parked ORDER BY 1") == [("nameless/5",), (SHEET,)]
    assert ledger.rows("SELECT unit, claimed FROM scores.leaf_scores WHERE claimed > 0") == [("unit-01", 144)]


def test_a_parked_stream_is_taken_up_again_when_it_can_be_read(ledger: Ledger) -> None:
    late = f"sheet/{CYCLE}/late/1"
    ledger.append(*acts(limit=0), filed(stream=late))
    ledger.follow()
    assert ledger.rows("SELECT stream FROM scores.parked") == [(late,)]
    assert not unpark(ledger.workers, late)
    ledger.append(Act(f"cycle/{CYCLE}", facts.UnitEnrolled("late", "district", "迟到", "Late"), UNIT))
    ledger.append(filed(numerator=5, stream=late))
    ledger.follow()
    assert unpark_all(ledger.workers) == {late: True}
    assert ledger.rows("SELECT claimed FROM scores.leaf_scores WHERE unit = 'late' AND leaf = '1b'") == [(80,)]
    assert ledger.rows("SELECT stream FROM scores.parked") == []
    assert ledger.digest() == ledger.replayed()
    ledger.append(filed(numerator=10, stream=late))
    ledger.follow()
    assert ledger.rows("SELECT claimed FROM scores.leaf_scores WHERE unit = 'late' AND leaf = '1b'") == [(160,)]


def test_a_unit_that_filed_nothing_shows_every_leaf_as_empty(ledger: Ledger) -> None:
    ledger.append(*acts(units=1, limit=0))
    ledger.follow()
    [(leaves, points)] = ledger.rows("SELECT count(*), sum(maximum) FROM scores.leaf_scores WHERE status = 'empty'")
    assert (leaves, points) == (61, 100_00 + 200)  # all leaves, 100 points, and the one cap of a bonus (23c: 2.00)
    assert ledger.rows("SELECT total, rank FROM scores.unit_scores") == [(0, 1)]


def test_what_waits_leaves_the_queue_when_it_is_decided(ledger: Ledger) -> None:
    evidence = facts.EvidenceAttached("file", "1b", "0" * 64, "application/pdf", 9, "1" * 64)
    ledger.append(*acts(limit=0), filed(), Act(SHEET, evidence, UNIT))
    ledger.follow()
    queue = "SELECT kind, subject, department, position FROM scores.review_queue ORDER BY position"
    assert ledger.rows(queue) == [("figures", "1b", "organisation", 5), ("evidence", "file", "organisation", 6)]
    seen = facts.FiguresVerified("1b", "submission-9", {"numerator": 9, "denominator": 10}, False, "相符")
    ledger.append(Act(SHEET, facts.EvidenceReviewed("file", "1b", "accepted", "清晰"), UNIT), Act(SHEET, seen, UNIT))
    ledger.follow()
    assert ledger.rows(queue) == []


def test_history_holds_one_row_for_every_event_that_moved_a_leaf(ledger: Ledger) -> None:
    ledger.append(*acts(limit=0), filed(numerator=5), filed(numerator=5), filed(numerator=10))
    ledger.follow()
    moved = ledger.rows("SELECT leaf, claimed, verified, final FROM scores.score_history ORDER BY position")
    assert moved == [("1b", 80, 0, 0), ("1b", 160, 0, 0)]


def test_positions_are_read_in_order_when_a_commit_was_long_under_way(ledger: Ledger) -> None:
    ledger.append(*acts(limit=0))
    event = to_event(filed().fact)
    entry = build(SHEET, Head(), event, Context("test.example/log", UNIT, utc_text(datetime.now(UTC))))
    with psycopg.connect(ledger.database.service.libpq) as slow:
        slow.execute("SELECT record.append(%b::bytea[], '', NULL, NULL)", ([entry],))
        for number in range(30):
            ledger.append(filed(stream=f"sheet/{CYCLE}/unit-01/{number}"))
        assert ledger.order() == 34
    last = ledger.order()
    with ledger.workers.connection() as connection:
        for after, upto in ((0, last), (10, 20), (30, last), (last - 1, last), (last, last)):
            assert [position for position, _ in read_range(connection, after, upto)] == list(range(after + 1, upto + 1))
    assert read(ledger.workers, last - 1)[0].entry == entry
