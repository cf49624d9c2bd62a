"""Appends of one process that meet travel in one round trip, so that a busy web server pays for few of them.

Whoever finds the road free drives at once. Whoever comes while a convoy is under way joins the next one, and its
first member drives it. Those whom the last convoy brought home may be back at once: until there are as many again,
the next one waits, but never longer than ``PATIENCE``. After a lone caller there is nobody to wait for.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Load = TypeVar("Load")
Answer = TypeVar("Answer")

PATIENCE = 0.0003  # seconds, less than a round trip: PostgreSQL's own commit_delay, one door earlier


class Rider(Generic[Load, Answer]):
    """One caller: its load, and what came of it."""

    __slots__ = ("answer", "drives", "load", "woken")

    def __init__(self, load: Load) -> None:
        self.load = load
        self.answer: Answer | BaseException | None = None
        self.drives = False
        self.woken = threading.Lock()


class Convoy(Generic[Load, Answer]):
    """Carries loads together. ``carry`` answers every load of a convoy, in order, with a result or an exception."""

    def __init__(self, carry: Callable[[Sequence[Load]], Sequence[Answer | BaseException]]) -> None:
        self._carry = carry
        self._road = threading.Condition(threading.Lock())
        self._under_way = False
        self._waiting: list[Rider[Load, Answer]] = []
        self._last = 1

    def send(self, load: Load) -> Answer:
        """The answer to ``load``; raises what ``carry`` raised or answered for it."""
        rider: Rider[Load, Answer] = Rider(load)
        rider.woken.acquire()
        with self._road:
            self._waiting.append(rider)
            rider.drives = not self._under_way
            self._under_way = True
            if len(self._waiting) == self._last:
                self._road.notify()
        if not rider.drives:
            rider.woken.acquire()  # released by a driver: our answer is there, or it is our turn to drive
        if rider.drives:
            self._drive()
        if isinstance(rider.answer, BaseException):
            raise rider.answer
        return rider.answer  # type: ignore[return-value]  # a driver leaves nobody without an answer

    def _drive(self) -> None:
        convoy = self._gathered()
        answers: Sequence[Answer | BaseException]
        try:
            answers = self._carry([rider.load for rider in convoy])
        except BaseException as failure:  # noqa: BLE001 - each rider raises it in its own thread
            answers = [failure] * len(convoy)
        try:
            for rider, answer in zip(convoy, answers, strict=True):
                rider.answer = answer
                if not rider.drives:
                    rider.woken.release()
        finally:
            self._hand_over()

    def _gathered(self) -> list[Rider[Load, Answer]]:
        with self._road:
            if len(self._waiting) < self._last:
                self._road.wait(PATIENCE)
            convoy, self._waiting = self._waiting, []
            self._last = len(convoy)
        return convoy

    def _hand_over(self) -> None:
        with self._road:
            self._under_way = bool(self._waiting)
            if self._waiting:
                self._waiting[0].drives = True
                self._waiting[0].woken.release()
