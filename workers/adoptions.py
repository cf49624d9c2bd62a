"""Which rubric a cycle stood under, and since when: followed in the record from where it was left."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from domain.facts import CycleCreated, RubricAdopted
from domain.moments import Effects
from domain.rubric.model import Rubric
from events.codec import to_fact
from events.entry import decode
from events.store import EventStore

_LAST = "SELECT coalesce(max(first + count) - 1, 0) FROM (SELECT * FROM record.ledger ORDER BY first DESC LIMIT 1) AS l"
_NEWS = (
    "SELECT l.first + e.ordinal, e.entry FROM record.events e JOIN record.ledger l USING (commit_seq)"
    " WHERE e.stream = %s AND e.version > %s ORDER BY e.version"
)


@dataclass(frozen=True, slots=True)
class Adoptions:
    """Which rubric a cycle stood under, as (position, moment it holds from, hash); complete up to ``upto``.

    ``whole``: no event of the cycle's stream is unreadable; behind one that is, projections follow it no further.
    """

    steps: tuple[tuple[int, str, str], ...] = ()
    version: int = 0
    upto: int = 0
    whole: bool = True


def followed(store: EventStore, cycle: str, known: Adoptions, rubric: Callable[[str], Rubric]) -> Adoptions:
    """What the record says by now, from where ``known`` ends; ``rubric`` raises for a hash that cannot be read."""
    with store.connection() as connection:
        # The last position first: whatever is ordered between the two is then read again, never missed.
        row = connection.execute(_LAST, binary=True).fetchone()
        news = connection.execute(_NEWS, (f"cycle/{cycle}", known.version), binary=True).fetchall()
    steps, whole = list(known.steps), True
    for position, entry in news:
        try:
            event = decode(entry)
            fact = to_fact(event)
            if isinstance(fact, CycleCreated | RubricAdopted):
                rubric(fact.hash)
                steps.append((position, Effects().take(fact, event.time, event.effectivetime), fact.hash))
        except (ValueError, LookupError, msgspec.MsgspecError):
            whole = False
            break
    return Adoptions(tuple(steps), known.version + len(news), int(row[0]) if row else 0, whole)
