"""Recomputation, step by step: replay, compare at one position, record; once approved, replay again and swap.

Every step is one transaction that holds the row of what it works on, so any number of workers may work on one
recomputation and any of them may be killed: the next one finds the step as undone as it was.
"""

from collections.abc import Callable

import structlog
from psycopg.errors import LockNotAvailable

from events.store import EventStore
from workers import replay
from workers.recomputation_steps import Recompute
from workers.rules import Rules

_WAITING = """
SELECT substr(stream, 15) FROM (
    SELECT DISTINCT ON (stream) stream, type, commit_seq FROM record.events
     WHERE stream >= 'recomputation/' AND stream < 'recomputation0' ORDER BY stream, version DESC) AS newest
 WHERE type IN ('RecomputationRequested', 'RecomputationApproved') AND NOT EXISTS (
    SELECT FROM scores.replays WHERE recomputation = substr(stream, 15) AND phase = 'refused')
 ORDER BY commit_seq LIMIT 1
"""
_FREE_SHARE = "SELECT FROM scores.replay_shares WHERE recomputation = %s AND filled_at IS NULL FOR UPDATE SKIP LOCKED"
# Whoever filled the last one may have been killed before he said so.
_ALL_FILLED = (
    "SELECT WHERE NOT EXISTS (SELECT FROM scores.replay_shares WHERE recomputation = %s AND filled_at IS NULL)"
)
_FREE = "SELECT FROM scores.replays WHERE recomputation = %s FOR UPDATE SKIP LOCKED"

log = structlog.get_logger()


def waiting(store: EventStore) -> str | None:
    """The recomputation that was asked for, or approved, the longest ago and on which somebody could work now."""
    with store.connection() as connection:
        row = connection.execute(_WAITING).fetchone()
        if row is None:
            return None
        begun = replay.found(connection, row[0])
        steps = () if begun is None else (_FREE_SHARE, _ALL_FILLED) if begun.phase == "filling" else (_FREE,)
        free = any(connection.execute(step, (row[0],)).fetchone() is not None for step in steps)
        return str(row[0]) if begun is None or free else None


def recompute(store: EventStore, recomputation: str, pause: Callable[[], None] = lambda: None) -> None:
    """Does what can be done now, step by step. ``pause`` is called in between, several times a second."""
    rules = Rules(store)
    try:
        while Recompute(store, recomputation, pause, rules).step():
            pause()
    except LockNotAvailable:
        log.info("live tables busy, trying again later", recomputation=recomputation)
