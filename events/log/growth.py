"""The step from order to tree: newly ordered entries become leaves, by the right edge alone.

Any number of growers may run; the size is compared and set, so one of them commits and the others find nothing
written. A crash at any moment leaves the tree as it was or as it is to be.
"""

from collections.abc import Sequence

from events.log.errors import OutOfTreeError
from events.log.new_tiles import write_tiles
from events.log.positions import LEAF, last_position, read_positions
from events.log.storage import Connection, read_edge, tile_reader, write_growth
from events.log.tree import TreeHead, append
from events.store import EventStore

BATCH = 16_384


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
    upto = min(last_position(connection), edge.size + limit)
    if upto <= edge.size:
        return None
    growth = append(edge, _leaves(connection, edge.size, upto))
    stored = write_growth(connection, growth, write_tiles(growth, tile_reader(connection)))
    return growth.after.head if stored else None


def _leaves(connection: Connection, size: int, upto: int) -> Sequence[bytes]:
    rows = read_positions(connection, LEAF, size, upto)
    for expected, (position, _) in enumerate(rows, size + 1):
        if position != expected:
            raise OutOfTreeError(f"position {expected}")
    if len(rows) != upto - size:
        raise OutOfTreeError(f"position {size + len(rows) + 1}")
    return [leaf for _, leaf in rows]
