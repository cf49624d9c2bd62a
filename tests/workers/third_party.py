"""Witnesses of a third party, written from the specifications alone, and addresses at which nobody is."""

import base64
import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.events.log.record import ORIGIN

Reply = tuple[int, str, bytes]


class Strict:
    """A third party's witness, written from the specification alone: no line of ours takes part."""

    def __init__(self, name: str) -> None:
        self.name, self.private = name, Ed25519PrivateKey.generate()
        self.size, self.root = 0, b""

    @property
    def vkey(self) -> str:
        typed = b"\x04" + self.private.public_key().public_bytes_raw()
        key_id = hashlib.sha256(self.name.encode() + b"\n" + typed).digest()[:4]
        self.id = key_id
        return f"{self.name}+{key_id.hex()}+{base64.b64encode(typed).decode()}"

    def __call__(self, body: bytes) -> Reply:
        head, _, note = body.partition(b"\n\n")
        old, *lines = head.decode().split("\n")
        text = note.decode().partition("\n\n")[0] + "\n"
        origin, size, root = text.split("\n")[:3]
        assert origin == ORIGIN
        if int(old.removeprefix("old ")) != self.size:
            return 409, "text/x.tlog.size", f"{self.size}\n".encode()
        proof = [base64.b64decode(line) for line in lines]
        if not consistent(self.size, int(size), self.root, base64.b64decode(root), proof):
            return 422, "text/plain", b""
        self.size, self.root = int(size), base64.b64decode(root)
        return 200, "text/plain", self.line(text, int(time.time()))

    def line(self, text: str, moment: int) -> bytes:
        signed = self.private.sign(f"cosignature/v1\ntime {moment}\n{text}".encode())
        blob = base64.b64encode(self.id + moment.to_bytes(8, "big") + signed).decode()
        return f"— {self.name} {blob}\n".encode()


def consistent(old: int, new: int, was: bytes, now: bytes, proof: list[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2, from its text."""
    if old in (0, new):
        return not proof and (old == 0 or was == now)
    if old & (old - 1) == 0:
        proof = [was, *proof]
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for hashed in proof[1:]:
        if fn & 1 or fn == sn:
            fr = hashlib.sha256(b"\x01" + hashed + fr).digest()
            sr = hashlib.sha256(b"\x01" + hashed + sr).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = hashlib.sha256(b"\x01" + sr + hashed).digest()
        fn, sn = fn >> 1, sn >> 1
    return fr == was and sr == now and sn == 0


@contextlib.contextmanager
def served(answer: Callable[[bytes], Reply]) -> Iterator[str]:
    """Serves a third party's answers; gives the submission prefix."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, kind, sent = answer(body) if self.path == "/prefix/add-checkpoint" else (404, "text/plain", b"")
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/prefix/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def dead_port() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
