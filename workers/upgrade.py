"""Another program than made the live tables changes no score by itself: it asks for a comparison and waits for it.

Where nothing differs, the tables are its own from there on; where something does, two people decide. Until then
nothing is projected, and every read of scores says how far behind it is.
"""

import structlog

from domain import recomputation
from domain.recomputation import Recomputation
from events.codec import to_event
from events.entry import Actor, new_id
from events.store import EventStore
from workers import checkpoints
from workers.engine import engine

WORKER = Actor("", "worker")
# Only the first share remembers who asked, and for which tables; its row is the lock.
_CLAIM = """
UPDATE scores.checkpoints SET asked = %(asked)s
 WHERE projection = %(projection)s AND partition = 0 AND asked <> %(asked)s RETURNING partition
"""

log = structlog.get_logger()


def ask_for_comparison(store: EventStore) -> str | None:
    """Asks for a recomputation where the tables are another program's and stand still, once for each such place."""
    with store.connection() as connection, connection.transaction():
        others = [share for share in checkpoints.read(connection) if not share.ours]
        if not others or checkpoints.at_work(connection):
            return None
        asked = f"{engine()} {max(share.position for share in others)}"
        found = {"asked": asked, "projection": checkpoints.PROJECTION}
        if connection.execute(_CLAIM, found).fetchone() is None:
            return None
        key, reason = new_id(), f"程序已变更 the program has changed: {others[0].program} → {engine()}"
        log.warning("the score tables are another program's", made_by=others[0].program, program=engine())
        told = [to_event(fact) for fact in recomputation.request(Recomputation(key), reason)]
        store.append(f"recomputation/{key}", 0, told, by=WORKER)
        return key
