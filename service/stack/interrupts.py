"""Ctrl-C and SIGTERM: the first ends things in order, the second at once."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest(BaseException):
    """Raised in the main thread, wherever it is, by the first signal; no `except Exception` swallows it."""


@dataclass(slots=True)
class Interrupts:
    """How often we were asked to stop, and whether we are stopping already."""

    asked: int = 0
    stopping: bool = False

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        """Notes a signal; interrupts whatever is under way unless it is the stopping itself."""
        self.asked += 1
        if not self.stopping:
            self.stopping = True
            raise StopRequest

    def hurry(self) -> bool:
        """Tells whether the person has lost patience."""
        return self.asked > 1


@contextmanager
def heard() -> Iterator[Interrupts]:
    """Listens to the signals that ask to stop, until the end of the block; main thread only."""
    interrupts = Interrupts()
    before = {number: signal.getsignal(number) for number in ASKING}
    for number, handler in before.items():
        if number == signal.SIGHUP and handler == signal.SIG_IGN:
            continue  # nohup
        signal.signal(number, interrupts.hear)
    try:
        yield interrupts
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
