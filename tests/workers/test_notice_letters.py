"""Letters leave by a real mail server: once, saying only where to look, tried again only when that is safe."""

import pytest

from domain import facts
from domain.deliveries import MOST
from events.entry import new_id
from tests.workers.desk_of_notices import ADDRESS, KEY, SENDER, SHEET, UNIT, Outbox, mailing
from tests.workers.receivers import Mailroom, mailroom


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


HOSTILE = [
    "a@b.example\r\nBcc: evil@x.example", "a@b.example\nX: y", "a@b.example>\r\nDATA", "a b@c.example", "",
    "=?utf-8?q?a=0D=0A?=@b.example", "=?utf-8?q?a=00b?=@b.example", "=?utf-8?b?5L2g?=@b.example",
]  # fmt: skip


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
