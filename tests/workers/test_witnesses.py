"""Gathering cosignatures over real HTTP: our witness, a third party's, dead, slow, lying ones."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.events.log.record import store_at
from tests.servers import Database, fresh_database
from tests.service.witnesses import WitnessProcess, witness_process
from tests.workers.third_party import Reply, Strict, dead_port, served
from tests.workers.witnessed_log import LOG, Log
from workers.witnesses import Gathered, Gatherer


@pytest.fixture
def log(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with store_at(database.worker) as store:
        yield Log(store, tmp_path, monkeypatch)


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[WitnessProcess]:
    with witness_process(tmp_path / "witness", LOG.verifier.text) as made:
        yield made


def test_every_new_checkpoint_is_cosigned_by_our_witness_and_a_third_partys(log: Log, ours: WitnessProcess) -> None:
    theirs = Strict("third.example/w")
    with served(theirs) as url:
        log.policy((ours.vkey, ours.url), (theirs.vkey, url), need=2)
        for count in (5, 1, 300, 7):
            log.grow(count)
            gathered = log.gather()
            assert (gathered.witnesses, gathered.known, gathered.met) == ({"w1", "w2"}, 2, True)
            assert log.witnessed() == {"w1", "w2"}
    assert theirs.size == 313


def test_a_round_without_anything_new_asks_nobody(log: Log) -> None:
    asked: list[bytes] = []
    theirs = Strict("third.example/w")
    with served(lambda body: asked.append(body) or theirs(body)) as url:
        log.policy((theirs.vkey, url), need=1)
        log.grow(3)
        log.gather()
        log.gather()
    assert len(asked) == 1


def test_the_quorum_is_met_without_a_dead_a_silent_and_a_slow_witness(log: Log, ours: WitnessProcess) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, dead_port() as dead:
        stopped = threading.Event()
        slow = Strict("slow.example/w")

        def drip(body: bytes) -> Reply:
            stopped.wait(60)
            return slow(body)

        with served(drip) as url:
            log.policy(
                (ours.vkey, ours.url),
                (Strict("dead.example/w").vkey, dead),
                (Strict("silent.example/w").vkey, f"http://127.0.0.1:{silent.getsockname()[1]}"),
                (slow.vkey, url),
                need=1,
            )
            log.grow(4)
            with capture_logs() as said:
                gathered = log.gather()
            stopped.set()
    assert (gathered.witnesses, gathered.known, gathered.met) == ({"w1"}, 4, True)
    assert {each["witness"] for each in said if each["event"] == "no cosignature"} == {"w2", "w3", "w4"}
    assert log.witnessed() == {"w1"}


def test_a_dead_witness_is_named_once_and_counts_again_when_it_is_back(log: Log, tmp_path: Path) -> None:
    made = WitnessProcess(tmp_path / "late")
    made.init()
    with dead_port() as dead:
        log.policy((made.vkey, dead), need=1)
    log.grow(2)
    with capture_logs() as said:
        assert not log.gather().met
        assert not log.gather().met
    assert [each["event"] for each in said] == ["no cosignature"]
    try:
        made.start(LOG.verifier.text)
        log.policy((made.vkey, made.url), need=1)
        with capture_logs() as said:
            assert log.gather().met
        assert [each["event"] for each in said] == ["cosigns again"]
    finally:
        made.stop()


@pytest.mark.parametrize("lie", ["key", "text", "time", "garbage", "future", "redirect", "flood", "size"])
def test_a_lie_is_refused_and_named(log: Log, lie: str) -> None:
    theirs, other = Strict("third.example/w"), Strict("third.example/w")
    vkey, _ = theirs.vkey, other.vkey

    def answer(body: bytes) -> Reply:
        text = body.partition(b"\n\n")[2].decode().partition("\n\n")[0] + "\n"
        now = int(time.time())
        good = theirs.line(text, now)
        other.id = theirs.id
        lies: dict[str, Reply] = {
            "key": (200, "text/plain", other.line(text, now)),
            "text": (200, "text/plain", theirs.line(text.replace("\n3\n", "\n4\n"), now)),
            "time": (200, "text/plain", theirs.line(text, 0)),
            "garbage": (200, "text/plain", b"\xff\x00" + good),
            "future": (200, "text/plain", theirs.line(text, 2**62)),
            "redirect": (301, "text/plain", good),
            "flood": (200, "text/plain", good + b"x" * (2**20)),
            "size": (409, "text/x.tlog.size", b"99999999\n"),
        }
        return lies[lie]

    with served(answer) as url:
        log.policy((vkey, url), need=1)
        log.grow(3)
        with capture_logs() as said:
            assert not log.gather().met
    assert [(each["event"], each["witness"]) for each in said] == [("no cosignature", "w1")]
    assert log.witnessed() == set()


def test_a_log_that_forked_gets_no_cosignature_though_it_signs_with_its_key(
    log: Log, ours: WitnessProcess, postgres_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.policy((ours.vkey, ours.url), need=1)
    log.grow(20)
    assert log.gather().met
    with fresh_database(postgres_server, f"fork_{time.time_ns()}") as second, store_at(second.worker) as store:
        folder = tmp_path / "fork"
        folder.mkdir()
        forked = Log(store, folder, monkeypatch)
        forked.policy((ours.vkey, ours.url), need=1)
        for count in (10, 10, 10):  # behind, as large, beyond
            forked.grow(count)
            with capture_logs() as said:
                assert not forked.gather().met
            assert [each["event"] for each in said] == ["no cosignature"]


def test_two_gatherers_at_once_store_each_cosignature_once(log: Log, ours: WitnessProcess) -> None:
    log.policy((ours.vkey, ours.url), need=1)
    log.grow(5)
    found: list[Gathered | None] = []
    threads = [threading.Thread(target=lambda: found.append(Gatherer(log.store, seconds=2).gather())) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert any(each and each.met for each in found)
    with log.store.connection() as connection:
        assert connection.execute("SELECT count(*) FROM log.cosignatures").fetchone() == (1,)


@pytest.mark.parametrize("text", [None, "", "witness nonsense\n"])
def test_without_a_policy_that_can_be_read_nothing_is_gathered(log: Log, text: str | None) -> None:
    if text is not None:
        log.file.write_text(text)
    log.grow(1)
    assert log.gatherer.gather() is None
