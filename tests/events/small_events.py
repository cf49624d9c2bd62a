"""Small events, somebody who records them, and what a stream holds, told by types."""

from events.entry import Actor, NewEvent
from events.store import EventStore

A, B, C = NewEvent("A", {"n": 1}), NewEvent("B", {"n": 2}), NewEvent("C", {"n": 3})
ANNA = Actor("p-anna", "filer", "unit-1")
MOON = "🌕"


def types(store: EventStore, stream: str, after: int = 0) -> list[str]:
    return [event.type for event in store.read(stream, after)]
