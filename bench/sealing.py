"""What goes on beside the writers until they are done; and ordering, as by a worker that is nudged all the time."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import psycopg

from bench.house import House

PAUSE = 0.02  # seconds; a nudge is sent, taken up and followed by a projection in about that


@contextlib.contextmanager
def sealing(house: House) -> Iterator[None]:
    """Seals again and again until the block ends, then to the end."""

    def loop(done: threading.Event) -> None:
        with psycopg.connect(house.worker.libpq, autocommit=True) as connection:
            while not done.wait(PAUSE):
                connection.execute("SELECT record.seal()", prepare=True)

    with meanwhile(loop):
        yield


@contextlib.contextmanager
def meanwhile(loop: Callable[[threading.Event], None]) -> Iterator[None]:
    """Runs ``loop`` in a thread, which is to return once its event is set: when the block ends."""
    done = threading.Event()
    thread = threading.Thread(target=loop, args=(done,))
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
