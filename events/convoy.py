"""Appends of one process that meet travel in one round trip, so that a busy web server pays for few of them.

Whoever finds the road free drives at once, alone. Whoever comes while a convoy is under way joins the next one,
and its first member drives it. So a lone caller waits for nobody, and n callers need about n / 2 trips or fewer.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Load = TypeVar("Load")
Answer = TypeVar("Answer")


class Rider(Generic[Load, Answer]):
    """One caller: its load, and what came of it."""

    __slots__ = ("answer", "convoy", "load", "woken")

    def __init__(self, load: Load) -> None:
        self.load = load
        self.answer: Answer | BaseException | None = None
        self.convoy: list[Rider[Load, Answer]] = []
        self.woken = threading.Lock()


class Convoy(Generic[Load, Answer]):
    """Carries loads together. ``carry`` answers every load of a convoy, in order, with a result or an exception."""

    def __init__(self, carry: Callable[[Sequence[Load]], Sequence[Answer | BaseException]]) -> None:
        self._carry = carry
        self._road = threading.Lock()
        self._under_way = False
        self._next: list[Rider[Load, Answer]] = []

    def send(self, load: Load) -> Answer:
        """The answer to ``load``; raises what ``carry`` raised or answered for it."""
        rider: Rider[Load, Answer] = Rider(load)
        with self._road:
            if self._under_way:
                rider.woken.acquire()
                self._next.append(rider)
            else:
                self._under_way = True
                rider.convoy = [rider]
        if not rider.convoy:
            rider.woken.acquire()  # released by a driver: our answer is there, or it is our turn to drive
        if rider.convoy:
            self._drive(rider.convoy)
        if isinstance(rider.answer, BaseException):
            raise rider.answer
        return rider.answer  # type: ignore[return-value]  # a driver leaves nobody without an answer

    def _drive(self, convoy: list[Rider[Load, Answer]]) -> None:
        answers: Sequence[Answer | BaseException] = ()
        try:
            answers = self._carry([rider.load for rider in convoy])
        except BaseException as failure:  # noqa: BLE001 - each rider raises it in its own thread
            answers = [failure] * len(convoy)
        finally:
            self._hand_over()
        for rider, answer in zip(convoy, answers, strict=True):
            rider.answer = answer
            if rider is not convoy[0]:
                rider.woken.release()

    def _hand_over(self) -> None:
        with self._road:
            waiting, self._next = self._next, []
            self._under_way = bool(waiting)
        if waiting:
            waiting[0].convoy = waiting
            waiting[0].woken.release()
