"""The witness's HTTP server: one call, small bodies, short lives; from the standard library, for it stands alone.

Plain HTTP: where it faces other networks a reverse proxy gives it TLS (or a C2SP https-bastion a way in).
"""

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Timer
from typing import Any

from events.log.cosign import MAX_REQUEST_BYTES
from service.witness.answers import Answer, Witness

MOST_CONNECTIONS = 64
LIFE = 30.0
"""Seconds a connection lives, idle or dripping; a log asks again on a new one."""


class Server(ThreadingHTTPServer):
    """Serves one witness; at most MOST_CONNECTIONS at a time, the next wait in the listening queue."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], witness: Witness, life: float = LIFE) -> None:
        self.witness = witness
        self.life = life
        self._places = BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Takes a place first, so that a flood of connections makes no flood of threads."""
        self._places.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serves the connection and gives the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error of ours."""


class Handler(BaseHTTPRequestHandler):
    """One connection; several requests may follow one another on it (keep-alive)."""

    protocol_version = "HTTP/1.1"
    server_version = "kaohe-witness"
    sys_version = ""
    server: Server

    def setup(self) -> None:
        """Starts the clock of the connection: a timeout a read alone would let it drip for ever."""
        super().setup()
        self._end = Timer(self.server.life, _shut, (self.connection,))
        self._end.daemon = True
        self._end.start()

    def finish(self) -> None:
        """Stops the clock."""
        self._end.cancel()
        super().finish()

    def do_POST(self) -> None:
        """`POST /add-checkpoint`."""
        length = self._length()
        if isinstance(length, Answer):
            self.close_connection = True  # the body was not read
            self._send(length)
            return
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
        elif self.path == "/add-checkpoint":
            self._send(self.server.witness.add_checkpoint(body))
        else:
            self._send(_plain(404, "没有这个地址", "there is nothing here"))

    def do_GET(self) -> None:
        """`GET /`: the public key, and per log: origin, size, root, time, kept contradictions."""
        if self.path == "/":
            self._send(self.server.witness.shown())
        else:
            self._send(_plain(404, "没有这个地址", "there is nothing here"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Says nothing: what matters is logged where it is decided."""

    def _length(self) -> int | Answer:
        # RFC 9112 section 6.3: a body without a length may be refused with 411
        text = self.headers.get("Content-Length")
        if text is None or "Transfer-Encoding" in self.headers:
            return _plain(411, "须给出 Content-Length", "a Content-Length is needed")
        if not (text.isascii() and text.isdecimal()):
            return _plain(400, "Content-Length 无效", "no Content-Length")
        if len(text) > len(str(MAX_REQUEST_BYTES)) or int(text) > MAX_REQUEST_BYTES:
            return _plain(413, "请求过大", "the request is too large")
        return int(text)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)


def _plain(status: int, zh: str, en: str) -> Answer:
    return Answer(status, f"{zh} / {en}\n".encode())


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
