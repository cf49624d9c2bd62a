"""One HTTP POST to somebody we do not trust: bounded in time as a whole and in size, never redirected.

The standard library's timeouts count between two bytes, so a drip could hold for ever; here the socket is shut when
the time is over, whatever it is doing.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urlsplit


class Unreachable(Exception):
    """No answer could be had in time; the message says why."""


class Unanswered(Unreachable):
    """It was sent, or begun to be, and no answer could be had: it may have arrived."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The status, the media type without its parameters, at most `most` bytes of body."""

    status: int
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Door:
    """How to get in: ``at`` the one address that was looked at, ``connected`` before anything is handed over."""

    at: str = ""
    connected: Callable[[], None] = lambda: None


def post(
    url: str,
    body: bytes,
    *,
    media_type: str,
    seconds: float,
    most: int,
    headers: Mapping[str, str] | None = None,
    door: Door = Door(),
) -> Reply:
    """Sends ``body`` and reads the answer; raises Unanswered once something was handed over, before it Unreachable.

    ``most`` 0: the status alone matters, and nothing else is read.
    """
    connection = _connection(url, seconds, door.at)
    failed: type[Unreachable] = Unreachable
    try:
        connection.connect()
        with _cut_after(seconds, connection):
            connection.secure()
            door.connected()
            failed = Unanswered
            connection.request("POST", _path(url), body, {**(headers or {}), "Content-Type": media_type})
            return _reply(connection, most)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise failed(f"{type(error).__name__}: {error}") from None
    finally:
        connection.close()


class _Line(http.client.HTTPConnection):
    """A connection to the host that is named, at the address that is given; it can be cut whatever it is doing."""

    def __init__(self, host: str, port: int, seconds: float, at: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=seconds)
        # What a Host header leaves out (RFC 9110, section 7.2).
        self.default_port = 443 if tls else 80
        self._at, self._tls = at, tls
        self._held: socket.socket | None = None

    def connect(self) -> None:
        """Goes to the address."""
        self.sock = self._held = socket.create_connection((self._at or self.host, self.port), self.timeout)

    def secure(self) -> None:
        """Believes the other side only with the host's certificate."""
        if self._tls is not None:
            wrapped = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self._held = wrapped
            wrapped.do_handshake()

    def cut(self) -> None:
        """Shuts the socket, whatever waits on it."""
        cut(self._held)


def _connection(url: str, seconds: float, at: str) -> _Line:
    try:
        where = urlsplit(url)
        host, port = where.hostname, where.port
    except ValueError:
        raise Unreachable("not an address") from None
    if where.scheme == "https" and host:
        return _Line(host, port or 443, seconds, at, ssl.create_default_context())
    if where.scheme == "http" and host:
        return _Line(host, port or 80, seconds, at, None)
    raise Unreachable("neither http:// nor https://")


@contextmanager
def _cut_after(seconds: float, connection: _Line) -> Iterator[None]:
    # Of a socket that is connected, because http.client lets go of one whose end is the end of the answer.
    end = Timer(seconds, connection.cut)
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()


def _reply(connection: _Line, most: int) -> Reply:
    with connection.getresponse() as response:
        answer = response.read(most + 1) if most else b""
        if len(answer) > most:
            raise Unanswered(f"more than {most} bytes")
        return Reply(response.status, response.headers.get_content_type(), answer)


def _path(url: str) -> str:
    where = urlsplit(url)
    return (where.path or "/") + (f"?{where.query}" if where.query else "")


def cut(connected: socket.socket | None) -> None:
    """Shuts a socket, whatever waits on it."""
    try:
        if connected is not None:
            connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
