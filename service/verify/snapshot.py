"""One snapshot in which score tables and signature both stand, and the rubrics that stood in it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from domain.refusals import REASONS
from events.codec import to_fact
from events.entry import decode
from events.log.storage import Connection
from events.store import EventStore
from service.queries.log import Vouched, policy_text, vouching
from service.verify.findings import UnusableError
from service.verify.tables import stands_at
from workers import checkpoints

PATIENCE = 30.0  # seconds for projections and signature to reach one another
_DOCUMENT = "SELECT body FROM record.documents WHERE hash = %s"
_RUBRICS = """
SELECT e.entry FROM record.events e JOIN record.ledger l USING (commit_seq) WHERE e.stream = %s
   AND e.type IN ('CycleCreated', 'RubricAdopted') AND l.first + e.ordinal <= %s ORDER BY e.version
"""


@contextmanager
def ready(store: EventStore) -> Iterator[tuple[Connection, Vouched, int]]:
    """One snapshot in which score tables and signature both stand; waits for them a while.

    Tables of another program are not given away: the verifier that goes with them would find them tampered with.
    """
    until = time.monotonic() + PATIENCE
    with store.connection() as connection:
        while True:
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                if not checkpoints.ours(connection):
                    raise UnusableError(REASONS["program-waiting"].zh, REASONS["program-waiting"].en)
                position = stands_at(connection)
                vouched = vouching(connection, policy_text(connection), position or 1)
                if vouched is not None and position is not None:
                    yield connection, vouched, position
                    return
            if time.monotonic() > until:
                raise UnusableError(
                    "成绩表与签名的日志尚未一致，请稍后再试",
                    "score tables and signed log do not meet yet; try again in a moment",
                )
            time.sleep(0.2)


def rubrics_of(connection: Connection, cycle: str, position: int) -> list[str]:
    """Every rubric a cycle stood under up to a position, the one in force last."""
    rows = connection.execute(_RUBRICS, (f"cycle/{cycle}", position), binary=True).fetchall()
    if not rows:
        raise UnusableError("没有这个考核周期", "no such cycle", f"{cycle} @ {position}")
    found = [str(to_fact(decode(entry)).hash) for (entry,) in rows]
    return list(dict.fromkeys(reversed(found)))[::-1]  # one that was taken up again stands where it did so last


def document(connection: Connection, digest: str) -> bytes:
    """The body of a rubric; raises UnusableError when it is not there."""
    row = connection.execute(_DOCUMENT, (bytes.fromhex(digest),), binary=True).fetchone()
    if row is None:
        raise UnusableError("缺少评分表", "the rubric is missing", digest)
    return bytes(row[0])
