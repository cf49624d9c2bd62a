"""What is an address of a channel, and that none can end a line, a header or a command."""

import pytest
from hypothesis import given, strategies as st

from domain import addresses
from domain.refusals import Refused


@pytest.mark.parametrize("text", ["a@b.cn", "zhang.san+kaohe@union.dalian.gov.cn", "a_b'c@x-y.example"])
def test_what_is_a_mailbox(text: str) -> None:
    assert addresses.address("email", text) == text


NO_MAILBOX = [
    "", "a", "a@b", "@b.cn", "a@", "a b@c.cn", "a@b.cn\n", "a@b.cn\r\nBcc: x@y.cn", "a@b.cn,c@d.cn", "<a@b.cn>",
    ".a@b.cn", "a.@b.cn", "a@-b.cn", "张@b.cn", "a@b.cn\0", '"a"@b.cn', "a@[127.0.0.1]", "a" * 65 + "@b.cn",
    "a@b..cn", "a@" + "b." * 130 + "cn", "=?utf-8?q?a=00b?=@b.cn", "=?utf-8?q?a=40b.cn=2Cc?=@b.cn",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_MAILBOX)
def test_what_is_no_mailbox(text: str) -> None:
    with pytest.raises(Refused, match="bad-address"):
        addresses.address("email", text)


@given(st.text())
def test_no_mailbox_can_end_a_line_or_a_header(text: str) -> None:
    if addresses.reachable("email", text, plain=False):
        assert text.isascii()
        assert not set(text) & set('\r\n\0 <>,;:"\\()[]')


@pytest.mark.parametrize("text", ["https://h.example", "https://h.example:8443/a?b=c&d", "https://[2001:db8::1]/x"])
def test_what_is_an_endpoint(text: str) -> None:
    assert addresses.address("webhook", text) == text


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
        addresses.address("webhook", text)


def test_a_house_with_receivers_inside_may_do_without_tls() -> None:
    assert addresses.address("webhook", "http://10.0.0.1/x", plain=True) == "http://10.0.0.1/x"
