"""States folded from streams, kept in memory and brought up to date by reading only what is new.

Never behind: every look reads the stream from the version last seen. States must not be changed in place.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Generic, TypeVar

from events.entry import Head
from events.store import EventStore, Recorded

State = TypeVar("State")


class Folds(Generic[State]):
    """States by id: ``stream(id)`` names the stream, ``empty(id)`` is version 0, ``evolve`` takes one event in."""

    def __init__(
        self,
        store: EventStore,
        prefix: str,
        empty: Callable[[str], State],
        evolve: Callable[[State, Recorded], State],
        keep: int = 2_000,
    ) -> None:
        self._store, self._prefix, self._empty, self._evolve = store, prefix, empty, evolve
        self._keep = keep
        self._known: OrderedDict[str, tuple[State, Head]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> tuple[State, Head]:
        """The state of ``key`` now and where its stream stands; an unknown key has the empty state at version 0."""
        _, head = self.known(key)
        return self.follow(key, self._store.read(self._prefix + key, head.version))

    def known(self, key: str) -> tuple[State, Head]:
        """What is remembered of ``key``, behind the record perhaps."""
        with self._lock:
            return self._known.get(key) or (self._empty(key), Head())

    def follow(self, key: str, news: Iterable[Recorded]) -> tuple[State, Head]:
        """The state of ``key`` after ``news``: the events of its stream behind what is remembered."""
        state, head = self.known(key)
        for event in news:
            if event.version > head.version:  # another thread may have been here
                state, head = self._evolve(state, event), Head(event.version, event.leaf)
        if head.version:
            with self._lock:
                self._known[key] = (state, head)
                self._known.move_to_end(key)
                while len(self._known) > self._keep:
                    self._known.popitem(last=False)
        return state, head
