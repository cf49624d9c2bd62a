"""The whole record once more, event by event: what reports are computed from that trust no table."""

from collections.abc import Callable
from typing import Any

import msgspec

from events.codec import to_fact
from events.reader import read_range
from service.office import office
from workers.courses import Told, told
from workers.unreadable import Unreadable

Take = Callable[[int, Told, Any], None]


def walk(position: int, take: Take) -> int:
    """Hands every event up to ``position`` to ``take``, in order; answers how many could not be read."""
    unreadable = 0
    with office().store.connection() as connection:
        for place, entry in read_range(connection, 0, position):
            try:
                event = told(entry)
                take(place, event, to_fact(event))
            except (*Unreadable, msgspec.MsgspecError):
                unreadable += 1
    return unreadable
