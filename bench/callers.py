"""Callers of a web server: a closed loop of keep-alive connections that reads answers and nothing more.

Written on sockets, because an HTTP library would cost more than the server it measures.
"""

import socket
import threading
import time
from dataclasses import dataclass

from bench.rounds import Load


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of whom; ``token`` is a bearer's, if it takes one."""

    port: int
    path: str
    token: str = ""

    @property
    def request(self) -> bytes:
        """The request's bytes."""
        bearer = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n{bearer}\r\n".encode()


def call(target: Target, seconds: float, callers: int) -> Load:
    """What ``callers`` connections got in ``seconds``; raises when an answer is not 200."""
    latencies: list[list[float]] = [[] for _ in range(callers)]
    until = time.perf_counter() + seconds
    threads = [threading.Thread(target=_loop, args=(target, until, each)) for each in latencies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [latency for each in latencies for latency in each]
    assert every, "a server that answers nobody"
    return Load(len(every) / seconds, every)


def _loop(target: Target, until: float, latencies: list[float]) -> None:
    request = target.request
    with socket.create_connection(("127.0.0.1", target.port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (began := time.perf_counter()) < until:
            connection.sendall(request)
            read_answer(connection)
            latencies.append(time.perf_counter() - began)


def read_answer(connection: socket.socket) -> bytes:
    """The body of one answer."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), received[:300]
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += _more(connection)
    return body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    assert part, "the server hung up"
    return part
