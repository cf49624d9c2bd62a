"""How people want to be told: what is an address, which keys sign, what an erased person may not open."""

import pytest
from hypothesis import given, strategies as st

from domain import channels, facts
from domain.channels import Channels
from domain.refusals import Refused

MAIL = facts.NoticeChannelSet("email", "a" * 64, "zh", ["returned", "results"])
HOOK = facts.NoticeChannelSet("webhook", "b" * 64, "en", ["results"])


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
    assert channels.put(Channels("p"), HOOK, "k", erased=False) == [HOOK, facts.NoticeSecretSet("k")]
    assert channels.put(Channels("p"), MAIL, "k", erased=False) == [MAIL]


def test_the_key_in_force_and_the_one_before_it_sign() -> None:
    keys = [facts.NoticeSecretSet(each) for each in ("1", "2", "3")]
    assert after(HOOK, *keys).secrets == ("3", "2")


def test_another_receiver_is_signed_for_with_no_key_of_the_one_before() -> None:
    assert after(HOOK, facts.NoticeSecretSet("1"), HOOK, facts.NoticeSecretSet("2")).secrets == ("2",)
    assert after(HOOK, facts.NoticeSecretSet("1"), MAIL).secrets == ("1",)


def test_nothing_new_is_kept_about_somebody_who_was_erased() -> None:
    for refused in (
        lambda: channels.put(Channels("p"), MAIL, "k", erased=True),
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


@pytest.mark.parametrize("text", ["a@b.cn", "zhang.san+kaohe@union.dalian.gov.cn", "a_b'c@x-y.example"])
def test_what_is_a_mailbox(text: str) -> None:
    assert channels.address("email", text) == text


NO_MAILBOX = [
    "", "a", "a@b", "@b.cn", "a@", "a b@c.cn", "a@b.cn\n", "a@b.cn\r\nBcc: x@y.cn", "a@b.cn,c@d.cn", "<a@b.cn>",
    ".a@b.cn", "a.@b.cn", "a@-b.cn", "张@b.cn", "a@b.cn\0", '"a"@b.cn', "a@[127.0.0.1]", "a" * 65 + "@b.cn",
    "a@b..cn", "a@" + "b." * 130 + "cn",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_MAILBOX)
def test_what_is_no_mailbox(text: str) -> None:
    with pytest.raises(Refused, match="bad-address"):
        channels.address("email", text)


@given(st.text())
def test_no_mailbox_can_end_a_line_or_a_header(text: str) -> None:
    if channels.reachable("email", text, plain=False):
        assert text.isascii()
        assert not set(text) & set('\r\n\0 <>,;:"\\()[]')


@pytest.mark.parametrize("text", ["https://h.example", "https://h.example:8443/a?b=c&d", "https://[2001:db8::1]/x"])
def test_what_is_an_endpoint(text: str) -> None:
    assert channels.address("webhook", text) == text


NO_ENDPOINT = [
    "", "h.example", "http://h.example/", "ftp://h.example/", "https://", "https:///x", "https://u:p@h.example/",
    "https://h.example/#x",
    "https://h.example/a b", "https://h.example/\r\nX: y", "https://h.example:0/", "https://h.example:99999/",
    "https://例.example/",
    "https://h.example/" + "a" * 1000, "https://[::1/", "https://h.example\n", "file:///etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_ENDPOINT)
def test_what_is_no_endpoint(text: str) -> None:
    with pytest.raises(Refused, match="bad-address"):
        channels.address("webhook", text)


def test_a_house_with_receivers_inside_may_do_without_tls() -> None:
    assert channels.address("webhook", "http://10.0.0.1/x", plain=True) == "http://10.0.0.1/x"
