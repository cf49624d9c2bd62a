"""kill -9 of workers and broker while people go on filing: in the end the tables equal a replay from zero."""

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.house import House, wait
from tests.workers.ledger import Ledger, acts, chunks
from tests.workers.test_evidence_uses import by_definition, rows


@pytest.fixture
def house(ledger: Ledger, tmp_path: Path) -> Iterator[House]:
    made = House(ledger.database, tmp_path)
    yield made
    made.close()


def followed(ledger: Ledger) -> bool:
    """Whether everything committed is ordered and projected."""
    [(pending,)] = ledger.rows("SELECT count(*) FROM record.pending")
    [(last,)] = ledger.rows("SELECT coalesce(max(first + count) - 1, 0) FROM record.ledger")
    [(files,)] = ledger.rows("SELECT position FROM scores.evidence_followed")
    return not pending and {files, *(position for position, _ in ledger.checkpoints())} == {last}


def test_killed_workers_and_broker_lose_nothing(ledger: Ledger, house: House) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311 - which moment, not which secret
    nudge = house.nudge()
    keys: list[str] = []
    over = threading.Event()

    def people() -> None:
        for number, some in enumerate(chunks(acts(units=4), 4)):
            ledger.append(*some)
            for _ in range(chance.choice((0, 1, 1, 3))):  # lost, sent, sent again and again
                nudge.send()
            if number in {20, 100}:
                keys.append(ledger.request())
            over.wait(chance.uniform(0, 0.1))  # once the killing is over, there is no reason to wait

    house.start_workers()
    filing = threading.Thread(target=people)
    filing.start()
    for number in range(4):
        stood = min(ledger.checkpoints())
        wait(lambda stood=stood: house.keep_workers() and min(ledger.checkpoints()) > stood, house.log)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.4))
        if number == 1:
            house.kill_broker()
        else:
            house.kill_workers()
            house.start_workers()
    over.set()
    filing.join()
    wait(lambda: house.keep_workers() and len(keys) == 2 and all(len(ledger.said(key)) > 1 for key in keys), house.log)
    wait(lambda: house.keep_workers() and followed(ledger), house.log)
    house.kill_workers()
    assert [ledger.finished(key).differences for key in keys] == [0, 0], seed
    assert ledger.digest() == ledger.replayed(), seed
    assert ledger.rows("SELECT stream FROM scores.parked") == []
    assert rows(ledger) == by_definition(ledger), seed


def test_the_sweep_finds_what_no_nudge_told(ledger: Ledger, house: House) -> None:
    ledger.append(*acts(units=1, limit=100))
    house.start_workers()
    wait(lambda: followed(ledger), house.log)
    key = ledger.request()  # nor did anybody tell of this one
    wait(lambda: len(ledger.said(key)) > 1, house.log)
    wait(lambda: followed(ledger), house.log)
    house.kill_workers()
    assert ledger.finished(key).differences == 0
    assert ledger.digest() == ledger.replayed()
