"""The way from one moment to another, event by event: what each of them moved, adding up exactly.

Between two moments events come to stand and others cease to (an effective time that is no longer reached, a position
that is no longer known). Those that cease are taken away from the last to the first, then those that come are added
from the first to the last; after each, the sheet is what the events that then stand make of it. So nothing ever
stands without what it rests on, every point that moves is some event's, and the parts add up to the whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from typing import Generic, NamedTuple, TypeVar

Points = TypeVar("Points")


class Moved(NamedTuple, Generic[Points]):
    """The event at a place of the record that came to stand, or ceased to (``gone``); the sheet before and after."""

    place: int
    gone: bool
    before: Points
    after: Points


def walk(
    before: AbstractSet[int], after: AbstractSet[int], stands: Callable[[Sequence[int]], Points]
) -> Iterator[Moved[Points]]:
    """The steps from the events ``before`` to those ``after``, each by its place in the order of the record.

    ``stands`` gives what the sheet is when exactly these events stand, in order.
    """
    held = sorted(before)
    was = stands(held)
    for place in sorted(before - after, reverse=True):
        held.remove(place)
        now = stands(held)
        yield Moved(place, True, was, now)
        was = now
    for place in sorted(after - before):
        held = sorted([*held, place])
        now = stands(held)
        yield Moved(place, False, was, now)
        was = now


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """What moved, by name; a name that only one of them has counts 0 in the other."""
    names = dict.fromkeys([*before, *after])
    moved = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: points for name, points in moved.items() if points}
