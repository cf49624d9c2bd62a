"""One HTTP POST to somebody we do not trust: bounded in time as a whole and in size, never redirected.

The standard library's timeouts count between two bytes, so a drip could hold for ever; here the socket is shut when
the time is over, whatever it is doing.
"""

import http.client
import socket
import ssl
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urlsplit


class Unreachable(Exception):
    """No answer could be had in time; the message says why."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The status, the media type without its parameters, at most `most` bytes of body."""

    status: int
    media_type: str
    body: bytes


def post(url: str, body: bytes, *, media_type: str, seconds: float, most: int) -> Reply:
    """Sends ``body`` and reads the answer; raises Unreachable."""
    connection = _connection(url, seconds)
    end: Timer | None = None
    try:
        connection.connect()
        # Kept from here, because http.client lets go of a socket whose end is the end of the answer.
        end = Timer(seconds, _cut, (connection.sock,))
        end.daemon = True
        end.start()
        connection.request("POST", _path(url), body, {"Content-Type": media_type})
        with connection.getresponse() as response:
            answer = response.read(most + 1)
        if len(answer) > most:
            raise Unreachable(f"more than {most} bytes")
        return Reply(response.status, response.headers.get_content_type(), answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from None
    finally:
        if end is not None:
            end.cancel()
        connection.close()


def _connection(url: str, seconds: float) -> http.client.HTTPConnection:
    try:
        where = urlsplit(url)
        host, port = where.hostname, where.port
    except ValueError:
        raise Unreachable("not an address") from None
    if where.scheme == "https" and host:
        return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    if where.scheme == "http" and host:
        return http.client.HTTPConnection(host, port, timeout=seconds)
    raise Unreachable("neither http:// nor https://")


def _path(url: str) -> str:
    where = urlsplit(url)
    return (where.path or "/") + (f"?{where.query}" if where.query else "")


def _cut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
