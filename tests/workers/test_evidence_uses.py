"""Where bytes were attached: the same answer whatever the batches, races and crashes, and nothing lost on the way."""

import threading
from typing import Any

import psycopg
import pytest

from domain import facts
from events.codec import to_fact
from events.entry import Actor, NewEvent, decode
from events.reader import read_range
from tests.workers.ledger import CYCLE, Ledger, acts
from tests.workers.year import Act
from workers import evidence_uses
from workers.readmodels import ReadModels

UNIT = Actor("person", "unit", "unit-00")
_ROWS = (
    "SELECT digest, cycle, unit, item, leaf, evidence, position, withdrawn, again FROM scores.evidence_uses ORDER BY 6"
)


def attached(evidence: str, digest: str, unit: str = "unit-00", item: str = "1", cycle: str = CYCLE) -> Act:
    fact = facts.EvidenceAttached(evidence, f"{item}a", digest * 64, "application/pdf", 1, "0" * 64)
    return Act(f"sheet/{cycle}/{unit}/{item}", fact, UNIT)


def rows(ledger: Ledger) -> list[tuple[Any, ...]]:
    return ledger.rows(_ROWS)


def by_definition(ledger: Ledger) -> list[tuple[Any, ...]]:
    """The same rows from the whole record at once: what every path must come to."""
    came: list[tuple[Any, ...]] = []
    gone = set()
    with ledger.workers.connection() as connection:
        for position, entry in read_range(connection, 0, ledger.order()):
            event = decode(entry)
            if not event.type.startswith("Evidence"):
                continue
            fact: Any = to_fact(event)
            _, cycle, unit, item = event.subject.split("/")
            if event.type == "EvidenceAttached":
                came.append((fact.digest, cycle, unit, item, fact.leaf, fact.evidence, position))
            elif event.type == "EvidenceWithdrawn":
                gone.add(fact.evidence)
    digests = [row[0] for row in came]
    return sorted(((*row, row[5] in gone, digests.count(row[0]) > 1) for row in came), key=lambda row: row[5])


@pytest.fixture
def busy(ledger: Ledger) -> Ledger:
    """Some of a year, with files that stand twice and one taken back."""
    some = acts(limit=300)
    ledger.append(*some[:150])
    ledger.append(attached("f1", "a"), attached("f2", "b"), attached("f3", "a", "unit-01"))
    ledger.append(Act(f"sheet/{CYCLE}/unit-00/1", facts.EvidenceWithdrawn("f2", "误传"), UNIT))
    ledger.append(*some[150:])
    ledger.append(attached("f4", "b", item="2"))
    ledger.order()
    return ledger


@pytest.mark.parametrize("batch", [1, 7, 10_000])
def test_the_rows_are_the_records_whatever_the_batches(busy: Ledger, batch: int) -> None:
    while (progress := evidence_uses.advance(busy.workers, batch)) is not None and progress.more:
        pass
    assert rows(busy) == by_definition(busy)
    told = {row[5]: row[7:] for row in rows(busy)}
    assert (told["f1"], told["f2"], told["f3"], told["f4"]) == (
        (False, True), (True, True), (False, True), (False, True),
    )  # fmt: skip
    assert sum(again for *_, again in rows(busy)) == 4


def test_workers_that_race_write_every_row_once(busy: Ledger) -> None:
    racing = [threading.Thread(target=evidence_uses.follow, args=(busy.workers,)) for _ in range(4)]
    for each in racing:
        each.start()
    for each in racing:
        each.join()
    evidence_uses.follow(busy.workers)
    assert rows(busy) == by_definition(busy)


def test_a_worker_that_dies_leaves_what_was_before(busy: Ledger) -> None:
    evidence_uses.advance(busy.workers, 100)
    before = rows(busy)
    with psycopg.connect(busy.database.owner.libpq, autocommit=True) as owner:
        owner.execute("CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$")
        owner.execute(
            "CREATE TRIGGER failing BEFORE UPDATE ON scores.evidence_followed FOR EACH ROW EXECUTE FUNCTION fail()"
        )
        with pytest.raises(psycopg.Error, match="killed"):
            evidence_uses.follow(busy.workers)
        assert rows(busy) == before
        owner.execute("DROP TRIGGER failing ON scores.evidence_followed")
    evidence_uses.follow(busy.workers)
    assert rows(busy) == by_definition(busy)


def test_thrown_away_it_makes_itself_again(busy: Ledger) -> None:
    evidence_uses.follow(busy.workers)
    before = rows(busy)
    evidence_uses.begin_anew(busy.workers)
    assert rows(busy) == []
    evidence_uses.follow(busy.workers)
    assert rows(busy) == before


def test_one_worker_at_a_time_follows(busy: Ledger) -> None:
    with psycopg.connect(busy.database.worker.libpq) as other:
        other.execute("SELECT FROM scores.evidence_followed FOR UPDATE")
        assert evidence_uses.follow(busy.workers)
    assert not evidence_uses.follow(busy.workers)


def test_what_nobody_can_read_is_shown_and_the_rest_goes_on(busy: Ledger) -> None:
    busy.garble(f"sheet/{CYCLE}/unit-00/1", NewEvent("EvidenceAttached", {"evidence": "f9", "leaf": "1a", "digest": 7}))
    busy.garble("elsewhere", NewEvent("EvidenceAttached", {"evidence": "f9", "leaf": "1a", "digest": "c" * 64}))
    busy.append(attached("f5", "d", "unit-02"))
    last = busy.order()
    evidence_uses.follow(busy.workers)
    assert "f5" in {row[5] for row in rows(busy)}
    parked = [each for each in ReadModels(busy.workers).parked() if each["projection"] == "evidence"]
    assert [(each["stream"], each["position"]) for each in parked] == [
        (f"sheet/{CYCLE}/unit-00/1", last - 2),
        ("elsewhere", last - 1),
    ]
