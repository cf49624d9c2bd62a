"""Which streams there are."""

from events.store import EventStore

# The prefix is a range of the "C"-collated primary key: LIKE would need a pattern that quotes itself.
_NAMES = "SELECT stream FROM record.streams WHERE stream >= %s AND stream < %s ORDER BY stream"


def names(store: EventStore, prefix: str) -> list[str]:
    """What follows ``prefix`` in the names of all streams that begin with it, in order."""
    with store.connection() as connection:
        rows = connection.execute(_NAMES, (prefix, prefix + "\U0010ffff"), binary=True).fetchall()
    return [str(name).removeprefix(prefix) for (name,) in rows]
