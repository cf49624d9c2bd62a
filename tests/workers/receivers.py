"""The other side of notices, for real: a mail server and a webhook's receiver in this process, told how to behave."""

import contextlib
import email
import email.message
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(slots=True)
class Mailroom:
    """A mail server that keeps what it takes; ``replies`` says what it answers to the end of DATA."""

    replies: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    messages: list[email.message.EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    port: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - so, too
        assert isinstance(envelope.content, bytes)
        self.before()
        said = self.replies.pop(0) if self.replies else "250 OK"
        if said.startswith("250") or said == "gone":
            self.recipients += envelope.rcpt_tos
            self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        if said == "gone":  # taken, and the answer never comes
            assert server.transport is not None
            server.transport.abort()
        return "250 OK" if said == "gone" else said

    def texts(self) -> list[str]:
        return [str(message.get_content()) for message in self.messages]


class Anywhere(Controller):
    """Listens on a port that is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextlib.contextmanager
def mailroom(**options: Any) -> Iterator[Mailroom]:
    room = Mailroom()
    controller = Anywhere(room, hostname="127.0.0.1", port=0, **options)
    controller.start()
    room.port = controller.port
    try:
        yield room
    finally:
        controller.stop()


@dataclass(slots=True)
class Post:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """A webhook's other end; ``answers`` says what it does: a status, "gone" (takes it, and is cut off), "silent"."""

    answers: list[int | str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    port: int = 0

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def receiver(certificate: Path | None = None) -> Iterator[Receiver]:
    """Listens on 127.0.0.1, with TLS when given a certificate and its key in one file."""
    made = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.before()
            made.posts.append(Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            said = made.answers.pop(0) if made.answers else 204
            if isinstance(said, int):
                self.send_response(said)
                if said in {301, 302, 307}:
                    self.send_header("Location", made.url("/elsewhere"))
                self.send_header("Content-Length", "0")
                self.end_headers()

        def do_GET(self) -> None:
            made.posts.append(Post(f"GET {self.path}", {}, b""))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent class calls it so
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
