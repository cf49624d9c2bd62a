"""kill -9 of the workers while notices leave: nothing is lost, nothing arrives twice, what nobody knows is shown."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workers.desk_of_notices import ADDRESS, SENDER, Outbox
from tests.workers.house import House, wait
from tests.workers.ledger import Ledger
from tests.workers.receivers import Mailroom, Receiver


@pytest.fixture
def house(ledger: Ledger, tmp_path: Path, room: Mailroom, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("KAOHE_SMTP_URL", f"smtp://127.0.0.1:{room.port}?tls=never")
    monkeypatch.setenv("KAOHE_SMTP_FROM", SENDER)
    monkeypatch.setenv("KAOHE_WEBHOOK_INSIDE", "127.0.0.0/8")
    made = House(ledger.database, tmp_path)
    yield made
    made.close()


def state(outbox: Outbox) -> list[str]:
    return [state for _, state, _ in outbox.states()]


def test_a_worker_killed_in_the_middle_of_a_hand_over_sends_nothing_twice(
    outbox: Outbox, house: House, hook: Receiver
) -> None:
    arrived, killed = threading.Event(), threading.Event()

    def pause() -> None:
        arrived.set()
        killed.wait(60)

    hook.before = pause
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    house.start_workers()
    wait(arrived.is_set, house.log)
    house.kill_workers()
    killed.set()
    wait(lambda: len(hook.posts) == 1, house.log)  # it had arrived, and the worker never learnt it
    assert state(outbox) == ["sending"]
    outbox.judged()
    house.start_workers()
    wait(lambda: state(outbox) == ["uncertain", "sent"], house.log)
    house.kill_workers()
    assert outbox.states()[0] == ("webhook", "uncertain", "interrupted")
    assert len(hook.posts) == 2 == len({came.headers["webhook-id"] for came in hook.posts})


def test_a_worker_told_to_end_finishes_the_hand_over_under_way(outbox: Outbox, house: House, hook: Receiver) -> None:
    arrived, answer = threading.Event(), threading.Event()

    def pause() -> None:
        arrived.set()
        answer.wait(60)

    hook.before = pause
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    house.start_workers()
    wait(arrived.is_set, house.log)
    assert house._workers is not None
    os.kill(house._workers.pid, signal.SIGTERM)
    threading.Timer(2, answer.set).start()
    house._workers.wait(60)
    assert state(outbox) == ["sent"]
    assert len(hook.posts) == 1


def test_workers_killed_again_and_again_lose_no_notice_and_double_none(
    outbox: Outbox, house: House, hook: Receiver, room: Mailroom
) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)  # noqa: S311 - which moment, not which secret
    outbox.channel("unit", "webhook", hook.url())
    outbox.channel("unit", "email", ADDRESS)
    hook.before = room.before = lambda: time.sleep(0.02)
    over = threading.Event()
    written: list[str] = []

    def people() -> None:
        while not over.wait(0.2):
            written.append(outbox.judged())

    filing = threading.Thread(target=people)
    filing.start()
    for _ in range(4):
        house.start_workers()
        count = len(hook.posts)
        wait(lambda count=count: len(hook.posts) > count, house.log)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.5))
        house.kill_workers()
    over.set()
    filing.join()
    house.start_workers()
    settled = {"sent", "uncertain"}
    wait(lambda: len(outbox.states()) == 2 * len(written) and set(state(outbox)) <= settled, house.log)
    house.kill_workers()
    came = Counter(each.headers["webhook-id"].removeprefix("msg_") for each in hook.posts)
    came += Counter(str(each["Message-ID"])[1:33] for each in room.messages)
    assert set(came.values()) == {1}, seed
    sent = {key for key, state, _ in outbox.letters() if state == "sent"}
    uncertain = {key for key, state, _ in outbox.letters() if state == "uncertain"}
    assert sent <= came.keys() <= sent | uncertain, seed
    assert len(uncertain) <= 4 * 2 * 2, seed  # kills, channels, processes
    assert ADDRESS not in house.log()
    assert hook.url() not in house.log()
