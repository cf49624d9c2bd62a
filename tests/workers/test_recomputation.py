"""What a recomputation promises: it replays, compares, records, and never puts a difference in place by itself."""

import threading

import msgspec
import psycopg
import pytest

from domain import facts, recomputation as rules
from domain.people import Person
from domain.points import parse as points
from domain.recomputation import Recomputation
from domain.refusals import Refused
from events.entry import Actor
from tests.workers.ledger import CYCLE, Ledger, acts
from tests.workers.year import Act
from workers import recomputation
from workers.checkpoints import Overtaken
from workers.engine import engine
from workers.readmodels import ReadModels
from workers.recomputation_steps import Recompute

UNIT = "unit-00"
MORE = Act(
    f"sheet/{CYCLE}/{UNIT}/2",
    facts.FiguresSubmitted("later", {"2c": {"numerator": 1, "denominator": 1}}),
    Actor("person", "unit", UNIT),
)


@pytest.fixture
def followed(ledger: Ledger) -> Ledger:
    """Two units of one cohort in the midst of their year."""
    ledger.append(*acts(units=2, limit=600))
    ledger.follow()
    return ledger


def tamper(ledger: Ledger) -> None:
    """Moves points behind the record's back, and lets a later event carry them into sums and ranks."""
    ledger.rows_of("UPDATE scores.leaf_scores SET final = final + 4000 WHERE leaf = '1b' AND unit = (SELECT unit"
                   " FROM scores.unit_scores ORDER BY rank DESC LIMIT 1)")  # fmt: skip
    [(unit,)] = ledger.rows("SELECT unit FROM scores.unit_scores ORDER BY rank DESC LIMIT 1")
    ledger.append(Act(f"sheet/{CYCLE}/{unit}/2", MORE.fact, MORE.by))
    ledger.follow()


def test_an_identical_replay_is_recorded_as_an_event(followed: Ledger) -> None:
    key = followed.request()
    [_, finished] = followed.recompute()
    assert (finished.differences, finished.digest) == (0, followed.digest())
    assert finished.position == followed.order() - 2  # the request and its answer were ordered later
    assert finished.rows == sum(map(len, followed.tables().values()))
    assert followed.shadows() == []
    assert followed.rows("SELECT FROM scores.replays") == []
    recomputation.recompute(followed.workers, key)
    assert followed.said(key)[1:] == [finished]  # once


def test_events_that_arrive_meanwhile_are_compared_too(followed: Ledger) -> None:
    key = followed.request()
    numbers = iter(range(1_000))

    def meanwhile() -> None:
        figures = {"2c": {"numerator": next(numbers), "denominator": 1_000}}
        followed.append(Act(MORE.stream, facts.FiguresSubmitted(f"s-{next(numbers)}", figures), MORE.by))
        followed.follow()

    recomputation.recompute(followed.workers, key, meanwhile)
    finished = followed.finished(key)
    assert finished.differences == 0
    assert finished.position > 600


def test_a_tampered_score_is_listed_by_leaf_item_total_and_rank(followed: Ledger) -> None:
    tamper(followed)
    followed.request()
    [_, finished] = followed.recompute()
    body = followed.service.document(finished.report)
    assert body
    report = msgspec.json.decode(body)
    [leaf] = report["leaves"]["rows"]
    assert (leaf["leaf"], leaf["live"]["item"]) == ("1b", "1")
    assert points(leaf["live"]["final"]) - points(leaf["replayed"]["final"]) == 4000
    [item] = report["items"]["rows"]
    assert points(item["live"]["final"]) - points(item["replayed"]["final"]) == 4000
    [total] = report["totals"]["rows"]
    assert (total["unit"], points(total["live"]["total"]) - points(total["replayed"]["total"])) == (leaf["unit"], 4000)
    assert {(row["live"]["rank"], row["replayed"]["rank"]) for row in report["ranks"]["rows"]} == {(1, 2), (2, 1)}
    assert finished.differences == report["differences"] > 0


def test_a_difference_is_never_applied_without_a_second_person(followed: Ledger) -> None:
    tamper(followed)
    key = followed.request(by="auditor")
    followed.recompute()
    live = followed.tables()
    state = Recomputation(key, "auditor", asked=True, differences=1, engine=engine())
    with pytest.raises(Refused, match="own-act"):
        rules.approve(state, Person("auditor", registered=True), "同意采纳", engine())
    assert recomputation.waiting(followed.workers) is None
    recomputation.recompute(followed.workers, key)
    assert followed.tables() == live
    assert not any(isinstance(fact, facts.RecomputationApplied) for fact in followed.said(key))


def test_an_approved_replay_replaces_the_live_tables_and_fences_old_workers(followed: Ledger) -> None:
    reader = ReadModels(followed.service)
    for _ in range(7):  # past the point from which the driver has its statements prepared
        reader.board(CYCLE)
    tamper(followed)
    old = followed.projectors()
    for projector in old:
        projector.advance()
    key = followed.request()
    followed.recompute()
    before = reader.board(CYCLE)
    followed.append(MORE)
    followed.follow()
    followed.approve(key)
    followed.append(Act(MORE.stream, facts.SubmissionWithdrawn("later", "误报"), MORE.by))  # ordered, not yet projected
    followed.order()
    *_, applied = followed.recompute()
    assert isinstance(applied, facts.RecomputationApplied)
    assert applied.digest == followed.finished(key).digest
    assert [epoch for _, epoch in followed.checkpoints()] == [2, 2]
    followed.append(MORE)
    followed.order()
    for projector in old:
        with pytest.raises(Overtaken):
            projector.advance()
    followed.follow()
    assert followed.digest() == followed.replayed()
    assert reader.board(CYCLE) != before
    assert followed.shadows() == []


def test_what_was_approved_is_applied_exactly_or_not_at_all(followed: Ledger) -> None:
    tamper(followed)
    key = followed.request()
    followed.recompute()
    followed.approve(key)
    live = followed.tables()
    # Between the comparison and its approval the program changed: this replay gives other points.
    Recompute(followed.workers, key, lambda: None).step()
    while (step := Recompute(followed.workers, key, lambda: None)).step():
        [shadow] = [name for name in followed.shadows() if name.startswith("leaf_scores__") and "pkey" not in name]
        followed.rows_of("UPDATE scores.{} SET final = final + 1 WHERE leaf = '5a'".format(shadow))  # noqa: S608, UP032 - our own name
        if followed.rows("SELECT FROM scores.replays WHERE phase = 'ready'"):
            step.step()
            break
    followed.recompute()
    assert followed.rows("SELECT phase FROM scores.replays") == [("refused",)]
    assert followed.tables() == live
    assert followed.shadows() == []


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("purpose", ["compare", "apply"])
def test_a_worker_may_be_killed_at_any_step(followed: Ledger, purpose: str) -> None:
    if purpose == "apply":
        tamper(followed)
    key = followed.request()
    if purpose == "apply":
        followed.recompute()
        followed.approve(key)
    for survived in range(20):
        left = iter(range(survived))

        def pause(left: object = left) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]
                raise Killed

        try:
            recomputation.recompute(followed.workers, key, pause)
            break
        except Killed:
            assert recomputation.waiting(followed.workers) in {key, None}
    assert survived >= 3
    said = followed.said(key)
    assert isinstance(said[-1], facts.RecomputationFinished if purpose == "compare" else facts.RecomputationApplied)
    assert len(said) == (2 if purpose == "compare" else 4)
    assert followed.shadows() == []
    followed.follow()
    assert followed.digest() == followed.replayed()


def test_workers_share_one_recomputation(followed: Ledger) -> None:
    key = followed.request()
    workers = [threading.Thread(target=recomputation.recompute, args=(followed.workers, key)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    followed.recompute()  # whoever came too early went home
    assert [type(fact) for fact in followed.said(key)] == [facts.RecomputationRequested, facts.RecomputationFinished]
    assert followed.finished(key).differences == 0


def test_what_a_replay_that_was_given_up_has_left_is_cleared_away(followed: Ledger) -> None:
    followed.rows_of("CREATE TABLE scores.leaf_scores__0badcafe (LIKE scores.leaf_scores)")
    followed.request()
    followed.recompute()
    assert followed.shadows() == []


def test_recomputations_wait_in_the_order_they_were_asked_for(followed: Ledger) -> None:
    first, second = followed.request(), followed.request()
    assert recomputation.waiting(followed.workers) == first
    recomputation.recompute(followed.workers, first)
    assert recomputation.waiting(followed.workers) == second


def test_nobody_is_called_to_a_step_that_somebody_is_at(followed: Ledger) -> None:
    key = followed.request()
    Recompute(followed.workers, key, lambda: None).step()
    with psycopg.connect(followed.database.worker.libpq) as busy:
        busy.execute("SELECT FROM scores.replay_shares FOR UPDATE")
        assert recomputation.waiting(followed.workers) is None
        assert not Recompute(followed.workers, key, lambda: None).step()
    assert recomputation.waiting(followed.workers) == key


def test_somebody_is_called_where_a_worker_was_killed_just_after_it_filled_the_last_share(followed: Ledger) -> None:
    key = followed.request()
    Recompute(followed.workers, key, lambda: None).step()
    while followed.rows("SELECT FROM scores.replay_shares WHERE filled_at IS NULL"):
        assert Recompute(followed.workers, key, lambda: None).step()
    assert followed.rows("SELECT phase FROM scores.replays") == [("filling",)]
    followed.recompute()
    assert followed.finished(key).differences == 0


def test_a_comparison_waits_for_live_tables_that_are_in_use(followed: Ledger) -> None:
    key = followed.request()
    while followed.rows("SELECT FROM scores.replays WHERE phase = 'ready'") == []:
        Recompute(followed.workers, key, lambda: None).step()
    with psycopg.connect(followed.database.worker.libpq) as busy:
        busy.execute("SELECT FROM scores.checkpoints FOR UPDATE")
        recomputation.recompute(followed.workers, key)
        assert [type(fact) for fact in followed.said(key)] == [facts.RecomputationRequested]
    followed.recompute()
    assert followed.finished(key).differences == 0
