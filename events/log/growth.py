"""The step from order to tree: newly ordered entries become leaves, by the right edge alone.

Any number of growers may run; the size is compared and set, so one of them commits and the others find nothing
written. A crash at any moment leaves the tree as it was or as it is to be.
"""

from collections.abc import Sequence

from events.log.errors import OutOfTreeError
from events.log.storage import Connection, read_edge, tile_reader, write_growth
from events.log.tiles import write_tiles
from events.log.tree import TreeHead, append
from events.store import EventStore

BATCH = 16_384

# Hashed where the entries lie: 32 bytes travel instead of an entry. What the audit believes it hashes itself.
_LEAVES = """
SELECT l.first + e.ordinal, sha256('\\x00'::bytea || e.entry)
  FROM record.ledger l JOIN record.events e ON e.commit_seq = l.commit_seq
 WHERE l.first >= (SELECT max(first) FROM record.ledger WHERE first <= %(first)s) AND l.first <= %(upto)s
   AND l.first + e.ordinal BETWEEN %(first)s AND %(upto)s
 ORDER BY 1
"""
_LAST = "SELECT first + count - 1 FROM record.ledger ORDER BY first DESC LIMIT 1"


def grow(store: EventStore, limit: int = BATCH) -> TreeHead | None:
    """Takes up to `limit` ordered entries into the tree; the new head, or None when there was nothing to do.

    None also when another grower was first: it did the work.

    Raises:
        OutOfTreeError: the record lacks a position it has given, so no tree can be made; names it.
    """
    with store.connection() as connection:
        return grow_on(connection, limit)


def grow_on(connection: Connection, limit: int = BATCH) -> TreeHead | None:
    """`grow` on an open connection in autocommit."""
    edge = read_edge(connection)
    row = connection.execute(_LAST).fetchone()
    upto = min(row[0] if row else 0, edge.size + limit)
    if upto <= edge.size:
        return None
    growth = append(edge, _leaves(connection, edge.size, upto))
    stored = write_growth(connection, growth, write_tiles(growth, tile_reader(connection)))
    return growth.after.head if stored else None


def _leaves(connection: Connection, size: int, upto: int) -> Sequence[bytes]:
    rows = connection.execute(_LEAVES, {"first": size + 1, "upto": upto}, binary=True).fetchall()
    for expected, (position, _) in enumerate(rows, size + 1):
        if position != expected:
            raise OutOfTreeError(f"position {expected}")
    if len(rows) != upto - size:
        raise OutOfTreeError(f"position {size + len(rows) + 1}")
    return [leaf for _, leaf in rows]
