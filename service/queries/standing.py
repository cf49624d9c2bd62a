"""The events of a stream that stand at a moment: known by then, and holding by then; and what they make."""

from collections import defaultdict

from domain.cycle import Cycle
from domain.moments import Effects, Moment
from events.codec import to_fact
from events.entry import Head
from events.reader import told
from events.store import EventStore, Recorded
from service.office import office


def standing(store: EventStore, stream: str, moment: Moment | None) -> list[Recorded]:
    """The events of ``stream`` (or of all under a prefix that ends in "/") that stand at a moment; None: all of them.

    In each stream's order, with the positions they have by now.
    """
    events = told(store, stream)
    if moment is None:
        return events
    effects: dict[str, Effects] = defaultdict(Effects)
    found = []
    for event in events:
        envelope = event.envelope
        holds = effects[envelope.subject].take(to_fact(envelope), envelope.time, envelope.effectivetime)
        if event.position is not None and moment.sees(event.position, holds):
            found.append(event)
    return found


def cycle_at(cycle: str, moment: Moment) -> tuple[Cycle, Head]:
    """The cycle as it stood at a moment: rubric, phase, calendar, units and targets in force."""
    found, head = Cycle(cycle), Head()
    for event in standing(office().store, f"cycle/{cycle}", moment):
        found, head = found.evolve(to_fact(event.envelope), event.envelope.actor), Head(event.version, event.leaf)
    return found, head
