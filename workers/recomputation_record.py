"""What the record says of a recomputation: how far it is, and what its comparison found."""

from domain.facts import RecomputationFinished
from domain.recomputation import Recomputation
from events.codec import to_fact
from events.entry import Head
from events.store import EventStore


def standing(store: EventStore, recomputation: str) -> tuple[Recomputation, Head]:
    """The recomputation as its stream stands now."""
    state, head = Recomputation(recomputation), Head()
    for event in store.read(f"recomputation/{recomputation}"):
        state = state.evolve(to_fact(event.envelope), event.envelope.actor)
        head = Head(event.version, event.leaf)
    return state, head


def compared(store: EventStore, recomputation: str) -> RecomputationFinished:
    """What its last comparison found; there must have been one."""
    said = [to_fact(event.envelope) for event in store.read(f"recomputation/{recomputation}")]
    return next(fact for fact in reversed(said) if isinstance(fact, RecomputationFinished))
