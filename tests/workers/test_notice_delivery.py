"""Notices leave by a real mail server and a real HTTP receiver: once, signed, tried again only when that is safe."""

import contextlib
import hashlib
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from domain import facts
from domain.deliveries import MOST
from events.entry import new_id
from events.sealed import Secret
from events.vault import Vault
from tests.workers.desk_of_notices import INSIDE, KEY, SENDER, SHEET, UNIT, Outbox, mailing, opened
from tests.workers.ledger import Ledger
from tests.workers.receivers import Mailroom, Receiver, mailroom, receiver
from workers.notices import handing, signature
from workers.notices.mailing import Smtp

ADDRESS = "zhang.san@union.example"


@pytest.fixture
def outbox(ledger: Ledger) -> Outbox:
    return opened(ledger)


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mailroom() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def test_a_letter_arrives_once_and_says_only_where_to_look(outbox: Outbox, room: Mailroom) -> None:
    outbox.channel("unit", "email", ADDRESS)
    event = outbox.judged()
    for _ in range(3):
        outbox.derive()
        outbox.carry("email", mailing(room.port))
    [letter] = room.messages
    assert (letter["To"], letter["From"], letter["Auto-Submitted"]) == (ADDRESS, SENDER, "auto-generated")
    assert letter["Subject"] == f"【考核】已评分：2026 考核，单位 {UNIT}，第 6 项"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content_charset() == "utf-8"
    [text] = room.texts()
    assert f"https://kaohe.test/api/v1/cycles/2026/units/{UNIT}/sheets/6" in text
    assert "1.00" not in text
    assert "合同已起草" not in text
    [(key, state, attempts)] = outbox.letters()
    assert (letter["Message-ID"], state, attempts) == (f"<{key}@example.org>", "sent", 1)
    assert outbox.ledger.rows("SELECT cause FROM notices.notices WHERE kind <> 'account'") == [(event,)]


def test_notices_wait_until_a_mailbox_is_confirmed_and_only_a_code_goes_there_before(
    outbox: Outbox, room: Mailroom
) -> None:
    outbox.channel("unit", "email", ADDRESS, confirmed=False)
    outbox.judged()
    for _ in range(2):
        outbox.derive()
        outbox.carry("email", mailing(room.port))
    [letter] = room.messages
    assert letter["Subject"] == "【考核】请确认通知地址"
    assert outbox.states() == [("email", "sent", ""), ("email", "queued", "unconfirmed")]
    [code] = [line.strip() for line in room.texts()[0].splitlines() if line.startswith("    ")]
    [(issued, entry)] = outbox.ledger.rows(
        "SELECT convert_from(entry, 'UTF8')::json->'data', convert_from(entry, 'UTF8') FROM record.events"
        " WHERE type = 'NoticeCodeIssued'"
    )
    assert issued["digest"] == hashlib.sha256(code.encode()).hexdigest()
    assert not {code, ADDRESS} & set(str(entry).split('"'))
    confirmed = facts.NoticeAddressConfirmed("email", issued["address"], issued["digest"])
    outbox.record(f"person/{outbox.people['unit']}", [confirmed])
    for _ in range(2):
        outbox.derive()
        outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "sent", "")] * 2
    assert room.messages[1]["Subject"].startswith("【考核】已评分")


def test_a_mailbox_that_nobody_confirms_gets_a_fresh_code_when_asked_and_no_notice_ever(
    outbox: Outbox, room: Mailroom
) -> None:
    room.replies = ["451 come back"]
    outbox.channel("unit", "email", ADDRESS, confirmed=False)
    outbox.judged()
    outbox.record(f"person/{outbox.people['unit']}", [facts.NoticeCheckRequested("email")])
    outbox.derive()
    for _ in range(3):
        outbox.hurry()
        outbox.carry("email", mailing(room.port))
    assert len(room.messages) == 2
    assert len({message["Message-ID"] for message in room.messages}) == 2  # each with a code of its own
    with psycopg.connect(outbox.ledger.database.owner.libpq) as connection:
        connection.execute("UPDATE notices.notices SET occurred_at = occurred_at - interval '8 days'")
    outbox.hurry()
    outbox.carry("email", mailing(room.port))
    assert outbox.states()[1] == ("email", "cancelled", "too old")
    assert len(room.messages) == 2


def test_a_webhook_is_told_once_it_has_answered_a_signed_ping(outbox: Outbox, hook: Receiver) -> None:
    hook.answers = [404, 204, 204]
    outbox.channel("unit", "webhook", hook.url(), confirmed=False)
    outbox.judged()
    for _ in range(2):
        outbox.derive()
        outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", "dead", "http 404"), ("webhook", "queued", "unconfirmed")]
    outbox.record(f"person/{outbox.people['unit']}", [facts.NoticeCheckRequested("webhook")])
    for _ in range(2):
        outbox.derive()
        outbox.carry("webhook", mailing())
    assert outbox.states() == [("webhook", "dead", "http 404"), ("webhook", "sent", ""), ("webhook", "sent", "")]
    assert [json.loads(each.body)["data"]["kind"] for each in hook.posts] == ["address", "address", "decided"]
    for each in hook.posts:
        assert signature.check(each.headers, each.body, KEY, int(each.headers["webhook-timestamp"]))


def test_a_letter_is_written_in_the_language_that_was_chosen(outbox: Outbox, room: Mailroom) -> None:
    outbox.channel("unit", "email", ADDRESS, language="en")
    outbox.judged()
    outbox.derive()
    outbox.carry("email", mailing(room.port))
    assert room.messages[0]["Subject"] == f"[Kaohe] a leaf was judged: cycle 2026, unit {UNIT}, item 6"
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in room.texts()[0])


def test_a_letter_that_is_put_off_is_tried_again_and_sent_once(outbox: Outbox, room: Mailroom) -> None:
    room.replies = ["451 come back", "250 OK"]
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "queued", "smtp 451")]
    assert outbox.ledger.rows("SELECT due_at > now() + interval '10 s' FROM notices.deliveries") == [(True,)]
    outbox.hurry()
    outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "sent", "")]
    assert len(room.messages) == 1


def test_a_letter_nobody_takes_is_a_dead_letter_in_the_end(outbox: Outbox, room: Mailroom) -> None:
    room.replies = ["451 come back"] * MOST
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    for _ in range(MOST + 3):
        outbox.hurry()
        outbox.carry("email", mailing(room.port))
    assert [row[1:] for row in outbox.letters()] == [("dead", MOST)]
    assert room.replies == []


def test_a_recipient_that_does_not_exist_is_a_dead_letter_and_no_address_is_written_anywhere(
    outbox: Outbox, room: Mailroom, capfd: pytest.CaptureFixture[str]
) -> None:
    room.refused[ADDRESS] = f"550 <{ADDRESS}> unknown"
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "dead", "smtp 550")]
    everything = outbox.ledger.rows(
        "SELECT d::text, n::text FROM notices.deliveries d JOIN notices.notices n USING (cause, person)"
    )
    entries = outbox.ledger.rows("SELECT convert_from(entry, 'UTF8') FROM record.events")
    out, err = capfd.readouterr()
    assert ADDRESS not in str(everything) + str(entries) + out + err
    assert KEY not in str(everything) + str(entries) + out + err


def test_a_letter_whose_answer_never_came_is_uncertain_and_not_sent_again(outbox: Outbox, room: Mailroom) -> None:
    room.replies = ["gone"]
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    for _ in range(3):
        outbox.hurry()
        outbox.sweep()
        outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "uncertain", "no answer")]
    assert len(room.messages) == 1


def test_a_dead_letter_is_sent_again_by_an_order_in_the_record_and_by_nothing_else(
    outbox: Outbox, room: Mailroom
) -> None:
    room.replies = ["554 no"]
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    outbox.carry("email", mailing(room.port))
    [(key, state, _)] = outbox.letters()
    assert state == "dead"
    outbox.record(f"notice/{key}", [facts.NoticeResendingOrdered(key, 1, "邮箱已恢复")], by="administrator")
    outbox.record(f"notice/{key}", [facts.NoticeResendingOrdered(key, 1, "again the same")], by="administrator")
    outbox.record("notice/" + "0" * 32, [facts.NoticeResendingOrdered(key, 2, "from elsewhere")], by="administrator")
    for _ in range(3):
        outbox.derive()
        outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "sent", "")]
    assert [message["Message-ID"] for message in room.messages] == [f"<{key}@example.org>"]
    outbox.record(f"notice/{key}", [facts.NoticeResendingOrdered(key, 2, "what was sent stays sent")])
    outbox.derive()
    outbox.carry("email", mailing(room.port))
    assert len(room.messages) == 1


def test_without_a_mail_server_letters_wait_and_go_out_once_there_is_one(outbox: Outbox, room: Mailroom) -> None:
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    assert mailing().channels == ("webhook",)
    assert outbox.states() == [("email", "queued", "")]
    outbox.carry("email", mailing(room.port))
    assert len(room.messages) == 1


def test_a_mail_server_that_is_away_costs_one_attempt_a_round(outbox: Outbox) -> None:
    with mailroom() as room:
        port = room.port
    outbox.channel("unit", "email", ADDRESS)
    outbox.channel("reviewer", "email", "r@example.org")
    outbox.record(SHEET, [facts.FiguresSubmitted(new_id(), {"6a": {}})])
    outbox.judged("somebody")
    outbox.derive()
    outbox.carry("email", mailing(port))
    assert sorted(outbox.states()) == [("email", "queued", ""), ("email", "queued", "unreachable")]


def test_what_is_a_week_old_is_not_sent_any_more(outbox: Outbox, room: Mailroom) -> None:
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    owner = outbox.ledger.database.owner.libpq
    with psycopg.connect(owner) as connection:
        connection.execute("UPDATE notices.notices SET occurred_at = occurred_at - interval '8 days'")
    outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "cancelled", "too old")]
    assert room.messages == []


def gone_role(outbox: Outbox, person: str) -> None:
    outbox.record(f"person/{person}", [facts.RoleRevoked("unit", UNIT, "调离")])


def gone_channel(outbox: Outbox, person: str) -> None:
    outbox.record(f"person/{person}", [facts.NoticeChannelClosed("email")])


def gone_kind(outbox: Outbox, person: str) -> None:
    outbox.channel("unit", "email", ADDRESS, kinds=["calendar"])


def gone_person(outbox: Outbox, person: str) -> None:
    outbox.record(f"erasure/{person}", [facts.ErasureRequested(person, "本人申请")], by="a")
    outbox.record(f"erasure/{person}", [facts.ErasureApproved(person, "属实", [], [])], by="b")


def gone_address(outbox: Outbox, person: str) -> None:
    with psycopg.connect(outbox.ledger.database.owner.libpq) as connection:
        connection.execute("DELETE FROM vault.secrets WHERE context = 'notice.email'")


GONE = {
    "role ended": gone_role,
    "channel closed": gone_channel,
    "not wanted": gone_kind,
    "erased": gone_person,
    "no address": gone_address,
}


@pytest.mark.parametrize("why", sorted(GONE))
def test_who_is_not_to_be_told_any_more_gets_nothing_and_it_shows(outbox: Outbox, room: Mailroom, why: str) -> None:
    outbox.channel("unit", "email", ADDRESS)
    outbox.judged()
    outbox.derive()
    GONE[why](outbox, outbox.people["unit"])  # committed, and not even ordered yet
    outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "cancelled", why)]
    assert room.messages == []


def test_a_new_address_is_used_for_what_still_waits(outbox: Outbox, room: Mailroom) -> None:
    outbox.channel("unit", "email", "old@example.org")
    outbox.judged()
    outbox.derive()
    outbox.channel("unit", "email", ADDRESS)
    outbox.carry("email", mailing(room.port))
    assert room.recipients == [ADDRESS]


HOSTILE = ["a@b.example\r\nBcc: evil@x.example", "a@b.example\nX: y", "a@b.example>\r\nDATA", "a b@c.example", ""]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_that_got_past_the_door_still_ends_no_header_and_no_command(
    outbox: Outbox, room: Mailroom, address: str
) -> None:
    outbox.channel("unit", "email", address)
    outbox.judged()
    outbox.derive()
    outbox.carry("email", mailing(room.port))
    assert outbox.states() == [("email", "dead", "bad address")]
    assert room.messages == []
    assert room.recipients == []


# --- webhooks


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


WRONG = {
    "another body": lambda h, b: (h, b + b" "),
    "another id": lambda h, b: (h | {"webhook-id": "msg_0"}, b),
    "another time": lambda h, b: (h | {"webhook-timestamp": str(int(h["webhook-timestamp"]) + 1)}, b),
    "no time": lambda h, b: (h | {"webhook-timestamp": "now"}, b),
    "another signature": lambda h, b: (h | {"webhook-signature": "v1,AAAA"}, b),
    "another version": lambda h, b: (h | {"webhook-signature": h["webhook-signature"].replace("v1,", "v2,")}, b),
    "no signature": lambda h, b: ({k: v for k, v in h.items() if k != "webhook-signature"}, b),
}


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_a_receiver_finds_what_was_not_signed_with_his_key(wrong: str) -> None:
    good = signature.headers("msg_1", 1_000, b"{}", [KEY])
    assert signature.check(good, b"{}", KEY, 1_100) == "msg_1"
    given, body = WRONG[wrong](good, b"{}")
    with pytest.raises(signature.Unsigned):
        signature.check(given, body, KEY, 1_100)


def test_a_signature_is_that_of_the_standards_own_example() -> None:
    """Standard Webhooks, the example of its specification and of every reference library."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    made = signature.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, [secret])
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_replayed_too_late_is_not_believed() -> None:
    good = signature.headers("msg_1", 1_000, b"{}", [KEY])
    with pytest.raises(signature.Unsigned):
        signature.check(good, b"{}", KEY, 1_301)


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
    502: ("uncertain", "http 502"), 504: ("uncertain", "http 504"),
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


# --- TLS and passwords


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for "localhost" and its key, in one file."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
               "-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    made.write_text((folder / "key.pem").read_text() + (folder / "certificate.pem").read_text())
    return made


def starttls_room(certificate: Path) -> contextlib.AbstractContextManager[Mailroom]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def known(
        _server: object, _session: object, _envelope: object, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"kaohe", b"p w:%"))

    return mailroom(tls_context=context, require_starttls=True, authenticator=known, auth_required=True)


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = SENDER, ADDRESS
    message.set_content("您好", cte="base64")
    return message


def test_a_password_goes_only_to_a_server_with_the_hosts_certificate(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with starttls_room(certificate) as room:
        server = Smtp("localhost", room.port, "starttls", "kaohe", "p w:%")
        assert handing.by_mail(server, letter(), lambda: None).why == "unreachable"  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert handing.by_mail(server, letter(), lambda: None).outcome == "sent"
        other = Smtp("127.0.0.1", room.port, "starttls", "kaohe", "p w:%")
        assert (
            handing.by_mail(other, letter(), lambda: None).why == "unreachable"
        )  # another name than the certificate's
        assert len(room.messages) == 1


def test_a_server_that_drops_tls_gets_no_letter(room: Mailroom) -> None:
    assert handing.by_mail(Smtp("localhost", room.port, "starttls"), letter(), lambda: None).why == "unreachable"
    assert room.messages == []


def test_a_webhook_believes_only_the_hosts_own_certificate_at_the_address_it_looked_at(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver(certificate) as hook:
        url = hook.url().replace("http://127.0.0.1", "https://localhost")

        def send(url: str) -> str:
            return handing.by_webhook(url, b"{}", "0" * 32, [KEY], INSIDE, lambda: None).outcome

        assert send(url) == "again"  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert send(url) == "sent"
        assert send(url.replace("localhost", "127.0.0.1")) == "again"
        assert [came.headers["host"] for came in hook.posts] == [f"localhost:{hook.port}"]
