"""An address is told nothing but how to confirm it, until its owner has confirmed it."""

import hashlib
import json

import psycopg

from domain import facts
from tests.workers.desk_of_notices import ADDRESS, KEY, Outbox, mailing
from tests.workers.receivers import Mailroom, Receiver
from workers.notices import signature


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


def test_somebody_who_holds_no_role_yet_can_confirm_his_address_and_is_told_of_his_account(
    outbox: Outbox, room: Mailroom
) -> None:
    newcomer = outbox.person("newcomer")
    outbox.channel("newcomer", "email", ADDRESS, confirmed=False)
    outbox.record(f"person/{newcomer}", [facts.RoleGranted("viewer", "*", "test")])
    outbox.derive()
    outbox.record(f"person/{newcomer}", [facts.RoleRevoked("viewer", "*", "test")])
    outbox.carry("email", mailing(room.port))
    assert [message["Subject"] for message in room.messages] == ["【考核】请确认通知地址"]
    assert outbox.states() == [("email", "sent", ""), ("email", "queued", "unconfirmed")]


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
