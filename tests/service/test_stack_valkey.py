"""What the built-in broker promises: always at the same address, and to nobody without the password."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import AuthenticationError, Redis

from service.stack import valkey
from service.stack.trouble import StackError
from service.stack.valkey import Valkey


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Callable[[], Valkey]]:
    """Starts the broker of one folder, as often as asked."""
    started: list[Valkey] = []

    def start() -> Valkey:
        started.append(valkey.start(tmp_path / "数 据"))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.mark.parametrize("end", [Valkey.stop, Valkey.kill])
def test_a_broker_comes_back_empty_at_the_same_address(
    broker: Callable[[], Valkey], end: Callable[[Valkey], None]
) -> None:
    first = broker()
    with Redis.from_url(first.url) as client:
        client.set("nudge", "1")
        end(first)
        second = broker()
        assert second.url == first.url
        assert client.dbsize() == 0


def test_a_broker_whose_port_was_taken_finds_another(broker: Callable[[], Valkey]) -> None:
    first = broker()
    first.stop()
    with socket.create_server(("127.0.0.1", first.port)):
        assert broker().port != first.port


def test_a_broker_lets_nobody_in_without_the_password(broker: Callable[[], Valkey]) -> None:
    with Redis(port=broker().port) as client, pytest.raises(AuthenticationError):
        client.ping()


def test_the_password_is_shown_nowhere(broker: Callable[[], Valkey], tmp_path: Path) -> None:
    server = broker()
    command = Path(f"/proc/{server.pid}/cmdline").read_text()
    assert server.password not in command + repr(server)
    for file in ("password", "valkey.conf"):
        assert (tmp_path / "数 据" / file).stat().st_mode & 0o777 == 0o600


def test_a_broker_refuses_to_forget_nudges_when_memory_is_short(broker: Callable[[], Valkey]) -> None:
    with Redis.from_url(broker().url, decode_responses=True) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_a_broker_does_not_hear_the_terminals_ctrl_c(broker: Callable[[], Valkey]) -> None:
    server = broker()
    assert os.getsid(server.pid) == server.pid


def test_a_broker_whose_clients_know_one_port_starts_on_no_other(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(StackError, match="was taken by another program"),
    ):
        valkey.start(tmp_path / "a", taken.getsockname()[1])
