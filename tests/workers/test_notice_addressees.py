"""Who is not to be told any more is not told, whatever already waits for him."""

import psycopg
import pytest

from domain import facts
from tests.workers.desk_of_notices import ADDRESS, UNIT, Outbox, mailing
from tests.workers.receivers import Mailroom


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
