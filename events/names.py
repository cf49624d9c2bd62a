"""Which streams there are."""

from events.store import EventStore

# A prefix is one range of the "C"-collated key in each slot: 64 short index scans, whatever else is recorded.
_NAMES = (
    "SELECT stream FROM generate_series(0, 63) AS s (slot), LATERAL (SELECT stream FROM record.events AS e"
    " WHERE e.slot = s.slot AND e.stream >= %s AND e.stream < %s AND e.version = 1) AS found ORDER BY stream"
)


def names(store: EventStore, prefix: str) -> list[str]:
    """What follows ``prefix`` in the names of all streams that begin with it, in order."""
    with store.connection() as connection:
        rows = connection.execute(_NAMES, (prefix, prefix + "\U0010ffff"), binary=True).fetchall()
    return [str(name).removeprefix(prefix) for (name,) in rows]
