"""Taking up parked streams again, once the program can read them or the record explains them."""

from events.entry import slot_of
from events.store import EventStore
from workers import checkpoints
from workers.fold import BEYOND, Fold
from workers.projector import earlier, write_live
from workers.rules import Rules

_PARKED = "SELECT stream FROM scores.parked WHERE projection = %s ORDER BY stream"
_UNPARK = "DELETE FROM scores.parked WHERE projection = %s AND stream = %s RETURNING position"


def unpark(store: EventStore, stream: str) -> bool:
    """Folds a parked stream from its first event to where its share stands, in one transaction.

    Answers whether the projection follows the stream again; if it still cannot be read, it stays parked.
    """
    with store.connection() as connection, connection.transaction():
        share = next(each for each in checkpoints.lock(connection) if each.low <= slot_of(stream) < each.high)
        if not share.ours or connection.execute(_UNPARK, (checkpoints.PROJECTION, stream)).fetchone() is None:
            return False
        rules = Rules(store)
        fold = Fold(rules, lambda each, version: earlier(store, each, version))
        rows = earlier(store, stream, BEYOND)
        changes = fold.take([row for row in rows if row[0] <= share.position])
        write_live(connection, rules, changes)
        return stream not in changes.parked


def unpark_all(store: EventStore) -> dict[str, bool]:
    """Tries every parked stream, cycles before the sheets that need them; answers which are followed again."""
    with store.connection() as connection:
        streams = [stream for (stream,) in connection.execute(_PARKED, (checkpoints.PROJECTION,))]
    return {stream: unpark(store, stream) for stream in streams}
