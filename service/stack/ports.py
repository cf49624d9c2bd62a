"""Ports of this machine alone: a free one, and the same again from start to start."""

import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"


def choose_port(file: Path) -> int:
    """Gives the port used last time if it is still free, else any free one, and keeps it in `file`."""
    last = file.read_text("ascii") if file.exists() else ""
    if last.isdecimal() and is_free(int(last)):
        return int(last)
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    file.write_text(str(port), "ascii")
    return port


def is_free(port: int) -> bool:
    """Tells whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server itself does
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
