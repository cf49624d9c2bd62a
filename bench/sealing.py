"""Ordering beside the writers, as a worker does it that is nudged all the time."""

import contextlib
import threading
from collections.abc import Iterator

import psycopg

from bench.house import House

PAUSE = 0.02  # seconds; a nudge is sent, taken up and followed by a projection in about that


@contextlib.contextmanager
def sealing(house: House) -> Iterator[None]:
    """Seals again and again until the block ends, then to the end."""
    done = threading.Event()

    def loop() -> None:
        with psycopg.connect(house.worker.libpq, autocommit=True) as connection:
            while not done.wait(PAUSE):
                connection.execute("SELECT record.seal()", prepare=True)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
