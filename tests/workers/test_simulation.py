"""What a simulation promises in the workers: done once, by whoever is called, and a broken one says so and ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest

from domain import facts
from events.codec import to_event, to_fact
from events.entry import Actor, new_id
from tests.workers.house import House, wait
from tests.workers.ledger import CYCLE, Ledger, acts
from workers.simulation import simulate, waiting_simulation

AUDITOR = Actor("auditor", "auditor", "*")


@pytest.fixture
def city(ledger: Ledger) -> Ledger:
    """Two units in the midst of their year."""
    ledger.append(*acts(units=2, limit=600))
    ledger.follow()
    return ledger


@pytest.fixture
def house(ledger: Ledger, tmp_path: Path) -> Iterator[House]:
    made = House(ledger.database, tmp_path)
    yield made
    made.close()


def ask(ledger: Ledger, **asked: Any) -> str:
    key = new_id()
    wanted = {"cycle": CYCLE, "rubric": "", "interpretations": {"Q3": "zero"}, "figures": {}} | asked
    event = to_event(facts.SimulationRequested(simulation=key, reason="看看影响", **wanted))
    ledger.service.append(f"simulation/{key}", 0, [event], by=AUDITOR)
    return key


def said(ledger: Ledger, key: str) -> list[Any]:
    return [to_fact(event.envelope) for event in ledger.service.read(f"simulation/{key}")]


def test_a_simulation_is_computed_once_and_leaves_every_score_alone(city: Ledger) -> None:
    before, key = city.digest(), ask(city)
    heard: list[tuple[int, int]] = []
    simulate(city.workers, key, lambda done, of: heard.append((done, of)))
    simulate(city.workers, key, lambda done, of: heard.append((done, of)))
    [_, finished] = said(city, key)
    assert finished.failure == ""
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    report = msgspec.json.decode(city.service.document(finished.report) or b"")
    assert len(report["units"]) == finished.units == 2
    assert all(row["leaves"] for row in report["units"])
    assert city.digest() == before
    assert waiting_simulation(city.workers) is None


def test_two_workers_do_not_both_record(city: Ledger) -> None:
    key = ask(city)

    def meanwhile(done: int, _: int) -> None:
        if done == 1:
            simulate(city.workers, key, lambda _done, _of: pytest.fail("a second worker is at it"))

    simulate(city.workers, key, meanwhile)
    assert len(said(city, key)) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"cycle": "1999"},
        {"rubric": "0" * 64},
        {"interpretations": {"Q99": "x"}},
        {"interpretations": {"Q13": "each"}},
    ],
)
def test_what_cannot_be_computed_says_so_and_does_not_wait_for_ever(city: Ledger, asked: dict[str, Any]) -> None:
    key = ask(city, **asked)
    simulate(city.workers, key, lambda _done, _of: None)
    [_, finished] = said(city, key)
    assert finished.failure
    assert finished.report == ""
    assert waiting_simulation(city.workers) is None


def test_a_worker_killed_in_the_midst_leaves_the_simulation_to_the_next(city: Ledger) -> None:
    key = ask(city)

    def die(_done: int, _of: int) -> None:
        raise psycopg.OperationalError("gone")

    with pytest.raises(psycopg.OperationalError):
        simulate(city.workers, key, die)
    assert waiting_simulation(city.workers) == key
    simulate(city.workers, key, lambda _done, _of: None)
    assert len(said(city, key)) == 2


def test_real_workers_are_called_to_a_simulation_by_one_nudge(city: Ledger, house: House) -> None:
    house.start_workers()
    key = ask(city)
    house.nudge().send()
    wait(lambda: len(said(city, key)) == 2, house.log)
    assert said(city, key)[1].failure == ""
