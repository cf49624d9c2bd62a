"""A webhook goes to the internet alone: whatever an address looks like, it never leads to this machine or beside it."""

import socket
from ipaddress import ip_network
from typing import Any

import pytest

from workers.notices import handing
from workers.notices.targets import Forbidden, Unresolved, permitted, target

INSIDE = [
    "127.0.0.1", "127.255.255.255", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104 - a target
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:a00:1::1", "2001::1", "2001:db8::1", "fec0::1", "::ffff:0:127.0.0.1", "192.0.0.8", "192.88.99.1", "3fff::1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "1.1.1.1", "::ffff:8.8.8.8", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_this_machine_or_its_neighbours_is_refused(address: str) -> None:
    assert not permitted(address, ())


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_not(address: str) -> None:
    assert permitted(address, ())


def test_a_network_that_is_named_is_allowed_and_no_other() -> None:
    inside = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    assert permitted("10.1.2.3", inside)
    assert permitted("::ffff:10.1.2.3", inside)
    assert permitted("fd00::5", inside)
    assert not permitted("10.2.0.1", inside)


# Other spellings of 127.0.0.1, which the system's resolver reads as it likes; and names that lead inside.
SPELLINGS = [
    "https://127.0.0.1/", "https://[::1]/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://localhost/", "https://[::ffff:127.0.0.1]/", "https://0/", "https://localhost./",
]  # fmt: skip


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_this_machine_gets_through(url: str) -> None:
    with pytest.raises((Forbidden, Unresolved)):
        target(url, ())


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """What the resolver says of every name; a name server's answer is not ours to choose in a test."""

    def resolve(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_one_address_inside_among_several_forbids_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Forbidden):
        target("https://twofaced.example/", ())


def test_the_address_that_was_looked_at_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "8.8.4.4")
    assert target("https://h.example/", ()) == "8.8.4.4"


def test_without_tls_only_where_a_network_is_named_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "8.8.8.8")
    with pytest.raises(Forbidden):
        target("http://h.example/", [ip_network("10.0.0.0/8")])


def test_a_forbidden_target_is_a_dead_letter_and_nothing_was_handed_over() -> None:
    def begin() -> None:
        raise AssertionError

    verdict = handing.by_webhook("https://127.0.0.1/", b"{}", "0" * 32, [], (), begin)
    assert (verdict.outcome, verdict.why) == ("dead", "forbidden address")
