"""Webhooks: signed calls to a real receiver, each answer taken as it is meant, and never two where one will do."""

import json
import threading
import time

import psycopg
import pytest

from domain import facts
from events.sealed import Secret
from events.vault import Vault
from tests.servers import as_owner
from tests.workers.desk_of_notices import KEY, SHEET, Outbox, mailing
from tests.workers.receivers import Receiver, receiver
from workers.notices import handing, signature


def test_a_webhook_is_a_signed_cloud_event_that_a_receiver_can_check(outbox: Outbox, hook: Receiver) -> None:
    outbox.channel("unit", "webhook", hook.url("/in?box=1"))
    event = outbox.judged()
    outbox.derive()
    outbox.carry("webhook", mailing())
    [came] = hook.posts
    assert came.path == "/in?box=1"
    assert came.headers["content-type"] == "application/cloudevents+json"
    assert came.headers["host"] == f"127.0.0.1:{hook.port}"
    [(key, state, _)] = outbox.letters()
    assert (signature.check(came.headers, came.body, KEY, int(time.time())), state) == (f"msg_{key}", "sent")
    body = json.loads(came.body)
    assert (body["specversion"], body["type"], body["id"], body["subject"]) == ("1.0", "kaohe.notice", key, SHEET)
    assert body["data"]["event"] == event
    assert "1.00" not in came.body.decode()


def test_the_key_before_still_signs_so_that_a_receiver_changes_over_when_it_likes(
    outbox: Outbox, hook: Receiver
) -> None:
    outbox.channel("unit", "webhook", hook.url())
    new = Secret(outbox.people["unit"], "notice.secret", "whsec_" + "REVG" * 11)
    Vault(outbox.ledger.service).put(new)
    outbox.record(f"person/{outbox.people['unit']}", [facts.NoticeSecretSet(new.commitment)])
    outbox.judged()
    outbox.derive()
    outbox.carry("webhook", mailing())
    [came] = hook.posts
    for key in (KEY, new.content):
        assert signature.check(came.headers, came.body, key, int(time.time()))


ANSWERS = {
    200: ("sent", ""), 204: ("sent", ""), 301: ("dead", "http 301"), 307: ("dead", "http 307"),
    400: ("dead", "http 400"), 401: ("dead", "http 401"), 404: ("dead", "http 404"), 410: ("dead", "http 410"),
    408: ("queued", "http 408"), 429: ("queued", "http 429"), 500: ("queued", "http 500"), 503: ("queued", "http 503"),
    103: ("uncertain", "http 103"), 502: ("uncertain", "http 502"), 504: ("uncertain", "http 504"),
    "gone": ("uncertain", "no answer"),
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_each_answer_of_a_receiver_means_what_it_says_and_no_redirect_is_followed(
    outbox: Outbox, hook: Receiver, answer: int | str
) -> None:
    hook.answers = [answer]
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    outbox.derive()
    outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", *ANSWERS[answer])]
    assert [came.path for came in hook.posts] == ["/hook"]


def test_a_webhook_tried_again_is_the_same_message_to_the_last_byte(outbox: Outbox, hook: Receiver) -> None:
    hook.answers = [500, 429, 204]
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    outbox.derive()
    for _ in range(5):
        outbox.hurry()
        outbox.carry("webhook", mailing())
    assert len(hook.posts) == 3
    assert len({(came.headers["webhook-id"], came.body) for came in hook.posts}) == 1
    assert outbox.states() == [("webhook", "sent", "")]


def test_a_receiver_that_is_silent_is_uncertain_when_the_time_is_over(
    outbox: Outbox, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    hook.before = lambda: over.wait(30) and None  # type: ignore[assignment,return-value]
    monkeypatch.setattr(handing, "SECONDS", 0.3)
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    outbox.derive()
    outbox.carry("webhook", mailing())
    over.set()
    assert outbox.states() == [("webhook", "uncertain", "no answer")]


def test_a_receiver_that_does_not_answer_is_left_alone_for_a_while_and_holds_nobody_else_up(
    outbox: Outbox, hook: Receiver
) -> None:
    hook.answers = ["gone"]
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    outbox.judged()
    outbox.derive()
    outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", "uncertain", "no answer"), ("webhook", "queued", "")]
    assert len(hook.posts) == 1
    outbox.hurry()
    outbox.carry("webhook", mailing())
    assert outbox.states()[1] == ("webhook", "sent", "")


def test_nothing_listens_so_nothing_was_sent_and_it_is_tried_again(outbox: Outbox) -> None:
    with receiver() as closed:
        url = closed.url()
    outbox.channel("unit", "webhook", url)
    outbox.judged()
    outbox.judged()
    outbox.derive()
    outbox.carry("webhook", mailing())
    # the second waits as well: who cannot be reached is left alone
    assert sorted(outbox.states()) == [("webhook", "queued", ""), ("webhook", "queued", "unreachable")]


def test_a_slow_hand_over_is_held_by_its_worker_and_a_second_worker_leaves_it_alone(
    outbox: Outbox, hook: Receiver
) -> None:
    arrived, answer = threading.Event(), threading.Event()

    def pause() -> None:
        arrived.set()
        answer.wait(30)

    hook.before = pause
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    outbox.derive()
    first = threading.Thread(target=outbox.carry, args=("webhook", mailing()))
    first.start()
    assert arrived.wait(30)
    assert outbox.states() == [("webhook", "sending", "")]  # on disk, before the answer
    outbox.sweep()
    outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", "sending", "")]
    answer.set()
    first.join()
    assert outbox.states() == [("webhook", "sent", "")]
    assert len(hook.posts) == 1


def test_a_worker_that_fails_before_the_hand_over_leaves_the_delivery_to_whoever_comes_next(
    outbox: Outbox, hook: Receiver
) -> None:
    outbox.channel("unit", "webhook", hook.url())
    outbox.judged()
    outbox.derive()
    lend = "EXECUTE ON FUNCTION vault.lend(bytea[])"
    with as_owner(outbox.ledger.database.owner) as owner:
        owner.execute(f"REVOKE {lend} FROM kaohe_worker")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            outbox.carry("webhook", mailing())
        owner.execute(f"GRANT {lend} TO kaohe_worker")
        held = owner.execute("SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database"
                             " WHERE locktype = 'advisory' AND datname = current_database()").fetchall()  # fmt: skip
    assert held == []
    outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", "sent", "")]


def test_many_workers_at_once_send_each_notice_once(outbox: Outbox, hook: Receiver) -> None:
    outbox.channel("unit", "webhook", hook.url())
    for _ in range(40):
        outbox.judged()
    outbox.derive()
    threads = [threading.Thread(target=outbox.carry, args=("webhook", mailing())) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    outbox.carry("webhook", mailing())
    assert len(hook.posts) == 40 == len({came.headers["webhook-id"] for came in hook.posts})
    assert {state for _, state, _ in outbox.states()} == {"sent"}
