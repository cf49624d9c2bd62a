"""How people want to be told: which keys sign, whose an address is, what an erased person may not open."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import channels, facts
from domain.channels import CHECKS, Channels
from domain.codes import LIFETIME, TRIES
from domain.refusals import Refused

MAIL = facts.NoticeChannelSet("email", "a" * 64, "zh", ["returned", "results"])
HOOK = facts.NoticeChannelSet("webhook", "b" * 64, "en", ["results"])

NOW = datetime(2026, 6, 15, 8, 30, tzinfo=UTC)


def at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def issued(digest: str, address: str = "a" * 64, since: timedelta = timedelta()) -> facts.NoticeCodeIssued:
    return facts.NoticeCodeIssued(address, digest, at(NOW - since + LIFETIME))


def after(*happened: facts.Fact) -> Channels:
    state = Channels("p")
    for fact in happened:
        state = state.evolve(fact)
    return state


def test_a_person_is_told_over_each_channel_what_he_asked_for() -> None:
    state = after(MAIL, HOOK)
    assert state.wants("results") == ("email", "webhook")
    assert state.wants("returned") == ("email",)
    assert after(MAIL, HOOK, facts.NoticeChannelClosed("email")).wants("returned") == ()


def test_a_webhook_begins_with_a_key_of_its_own_and_an_address_of_mail_with_none() -> None:
    assert channels.put(Channels("p"), HOOK, "k", NOW, erased=False) == [HOOK, facts.NoticeSecretSet("k")]
    assert channels.put(Channels("p"), MAIL, "k", NOW, erased=False) == [MAIL]


def test_the_key_in_force_and_the_one_before_it_sign() -> None:
    keys = [facts.NoticeSecretSet(each) for each in ("1", "2", "3")]
    assert after(HOOK, *keys).secrets == ("3", "2")


def test_another_receiver_is_signed_for_with_no_key_of_the_one_before() -> None:
    assert after(HOOK, facts.NoticeSecretSet("1"), HOOK, facts.NoticeSecretSet("2")).secrets == ("2",)
    assert after(HOOK, facts.NoticeSecretSet("1"), MAIL).secrets == ("1",)


def test_nothing_new_is_kept_about_somebody_who_was_erased() -> None:
    for refused in (
        lambda: channels.put(Channels("p"), MAIL, "k", NOW, erased=True),
        lambda: channels.rotate(after(HOOK), "k", erased=True),
    ):
        with pytest.raises(Refused, match="erased-person"):
            refused()


def test_only_an_open_channel_is_closed_and_only_a_webhook_has_a_key() -> None:
    for refused in (
        lambda: channels.close(after(HOOK), "email"),
        lambda: channels.rotate(after(MAIL), "k", erased=False),
    ):
        with pytest.raises(Refused, match="unknown-channel"):
            refused()


CONFIRMED = facts.NoticeAddressConfirmed("email", "a" * 64, "c")


def test_an_address_is_confirmed_by_a_code_that_went_to_it_while_that_is_good() -> None:
    assert after(MAIL).unconfirmed("email")
    assert channels.confirm(after(MAIL, issued("c"), issued("d")), "c", NOW) == [CONFIRMED]
    assert not after(MAIL, CONFIRMED).unconfirmed("email")
    for state, why in (
        (after(MAIL), "no-code"),
        (after(MAIL, issued("c", since=LIFETIME)), "no-code"),
        (after(MAIL, issued("c", "b" * 64)), "no-code"),  # it went elsewhere
        (after(MAIL, issued("c"), CONFIRMED), "already-confirmed"),
        (after(HOOK, issued("c")), "unknown-channel"),
    ):
        with pytest.raises(Refused, match=why):
            channels.confirm(state, "c", NOW)


def test_a_code_is_used_up_by_five_wrong_ones_and_a_new_one_begins_anew() -> None:
    state = after(MAIL, issued("c"))
    for _ in range(TRIES):
        [missed] = channels.confirm(state, "another", NOW)
        assert missed == facts.NoticeCodeMissed("a" * 64)
        state = state.evolve(missed)
    with pytest.raises(Refused, match="no-code"):
        channels.confirm(state, "c", NOW)
    assert channels.confirm(state.evolve(issued("d")), "d", NOW)


def test_another_address_is_confirmed_anew_and_the_same_one_stays_so() -> None:
    state = after(MAIL, CONFIRMED, facts.NoticeChannelClosed("email"), MAIL)
    assert not state.unconfirmed("email")
    assert state.evolve(facts.NoticeChannelSet("email", "b" * 64, "zh", ["results"])).unconfirmed("email")


def test_addresses_are_checked_only_so_often_a_day() -> None:
    state = Channels("p")
    for _ in range(CHECKS):
        [asked, *_] = channels.put(state, MAIL, "k", NOW, erased=False)
        state = state.evolve(asked, at(NOW))
    for refused in (
        lambda: channels.put(state, HOOK, "k", NOW, erased=False),
        lambda: channels.check(state, "email", NOW),
    ):
        with pytest.raises(Refused, match="too-many-checks"):
            refused()
    assert channels.check(state, "email", NOW + timedelta(days=1)) == [facts.NoticeCheckRequested("email")]
    confirmed = state.evolve(CONFIRMED)
    assert channels.put(confirmed, MAIL, "k", NOW, erased=False)  # to be told of other kinds checks nothing
    with pytest.raises(Refused, match="already-confirmed"):
        channels.check(confirmed, "email", NOW)
