"""Bodies while they travel: whoever waits for one takes no place of those who work, and nobody has too many at once.

The web server hands out a body as a stream whose reads wait, without a limit, for somebody else's network: a handful
of slow uploads must not keep everybody from the scores, nor may a telephone that went dark keep a thread for ever.
"""

import contextlib
import os
import socket
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from flask import Response, after_this_request, current_app, g
from werkzeug.wsgi import ClosingIterator

from service.problems import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WORKING = 8
"""Requests a process works on at once: as many as its pool keeps connections; more would wait for each other there."""
MOST_A_PERSON = 16
"""Bodies of one person, or of all strangers together, that a process waits for; and files that go out to him."""
_ALIVE = ((socket.TCP_KEEPIDLE, 60), (socket.TCP_KEEPINTVL, 15), (socket.TCP_KEEPCNT, 4))
_OPEN = Path("/proc/self/fd")


class Door:
    """The app behind a door that lets a few work at a time, among them nobody whose body is still on its way."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._working = threading.BoundedSemaphore(WORKING)
        self._sending: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._opened = False

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answers one request."""
        if not self._opened:
            self._opened = True
            notice_the_dead()
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            with self._working:
                return self._app(environ, start_response)
        body = environ["wsgi.input"] = Body(environ["wsgi.input"], self)
        try:
            with self._working:
                return self._app(environ, start_response)
        finally:
            body.leave()

    def enter(self, who: str) -> None:
        """One more body of a person is on its way; raises the 429 problem when he has too many."""
        with self._lock:
            if self._sending[who] >= MOST_A_PERSON:
                raise Problem(429)
            self._sending[who] += 1

    def leave(self, who: str) -> None:
        """One body less."""
        with self._lock:
            self._sending[who] -= 1
            if not self._sending[who]:
                del self._sending[who]

    @contextlib.contextmanager
    def outside(self) -> Iterator[None]:
        """Gives the place up for as long as somebody waits."""
        self._working.release()
        try:
            yield
        finally:
            self._working.acquire()


class Body:
    """One body, read piece by piece in the name of who sends it."""

    def __init__(self, stream: IO[bytes], door: Door) -> None:
        self._stream, self._door = stream, door
        self._who: str | None = None

    def read(self, size: int = -1) -> bytes:
        """The next piece; empty at the end. Raises the 429 problem."""
        if self._who is None:
            caller = g.get("caller")
            who = caller.id if caller else ""
            self._door.enter(who)
            self._who = who
        with self._door.outside():
            return self._stream.read(size)

    def leave(self) -> None:
        """The request is answered; nobody reads any more."""
        if self._who is not None:
            self._door.leave(self._who)


def one_more_file() -> None:
    """Counts the file this request answers until its last byte left; raises the 429 problem for one too many."""
    # A file leaves as slowly as its reader reads, and keeps a thread for as long.
    door: Door = current_app.extensions["door"]
    who = f"to {g.caller.id}"
    door.enter(who)

    @after_this_request
    def counted(response: Response) -> Response:
        if response.direct_passthrough:  # then what is to be closed is the file alone
            sent = cast("Iterable[bytes]", response.response)
            response.response = ClosingIterator(sent, [lambda: door.leave(who)])
        else:
            response.call_on_close(lambda: door.leave(who))
        return response


def notice_the_dead() -> None:
    """Has the kernel end connections whose other side is gone: those there are, and those that will be accepted."""
    # The web server opens its sockets by itself and has no option for it.
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(one) for one in _sockets()]
        listening = [one for one in found if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)]
        ports = {one.getsockname()[1] for one in listening}
        for one in found:
            with contextlib.suppress(OSError):  # its other side went this moment
                if one.getsockname()[1] in ports:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                    for option, value in _ALIVE:
                        one.setsockopt(socket.IPPROTO_TCP, option, value)


def _sockets() -> Iterator[socket.socket]:
    """The process's TCP sockets, each by a descriptor of one's own."""
    for each in _OPEN.glob("*"):
        with contextlib.suppress(OSError):
            if each.is_socket():
                one = socket.socket(fileno=os.dup(int(each.name)))
                if one.type == socket.SOCK_STREAM and one.family in {socket.AF_INET, socket.AF_INET6}:
                    yield one
                else:
                    one.close()
