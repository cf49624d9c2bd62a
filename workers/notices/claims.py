"""Taking deliveries from the outbox: one worker holds one, as long as he lives, and says what it came to.

Who holds a delivery is a lock of his database session, so a dead worker's deliveries are known at once and a slow
worker's are never taken from him; no clock decides it.
"""

from dataclasses import dataclass

from domain.deliveries import MOST, Next
from workers.notices.outbox import Connection, Notice

_DUE = """
SELECT d.id, d.number, d.attempts, d.resendings, d.channel, n.cause, n.person, n.position, n.type, n.stream, n.kind,
       n.act, n.unit, n.departments, n.occurred_at, n.occurred_at < clock_timestamp() - interval '7 days'
  FROM notices.deliveries AS d JOIN notices.notices AS n USING (cause, person)
 WHERE d.state = 'queued' AND d.channel = %s AND d.due_at <= clock_timestamp()
 ORDER BY d.due_at, d.number LIMIT 1 FOR UPDATE OF d SKIP LOCKED
"""
# A lock of the session, not of a transaction: it lasts as long as the worker lives and holds nothing else up.
_LOCK = "SELECT pg_try_advisory_lock(hashtext('kaohe.notices'), %s::integer)"
_UNLOCK = "SELECT pg_advisory_unlock(hashtext('kaohe.notices'), %s::integer)"
_LOCK_WITHIN = "SELECT pg_try_advisory_xact_lock(hashtext('kaohe.notices'), %s::integer)"
_TAKE = (
    "UPDATE notices.deliveries SET state = 'taken', attempts = attempts + 1, changed_at = clock_timestamp()"
    " WHERE id = %s AND state = 'queued'"
)
_SENDING = (
    "UPDATE notices.deliveries SET state = 'sending', changed_at = clock_timestamp()"
    " WHERE id = %s AND state = 'taken' AND attempts = %s AND resendings = %s RETURNING 1"
)
_SETTLE = (
    "UPDATE notices.deliveries SET state = %s, why = %s, changed_at = clock_timestamp(),"
    " due_at = clock_timestamp() + make_interval(secs => %s)"
    " WHERE id = %s AND attempts = %s AND resendings = %s AND state = ANY(%s)"
)
_WAIT = (
    "UPDATE notices.deliveries SET due_at = %s + interval '7 days', why = 'unconfirmed',"
    " changed_at = clock_timestamp() WHERE id = %s AND state = 'queued'"
)
_PUT_OFF = (
    "UPDATE notices.deliveries SET due_at = clock_timestamp() + make_interval(secs => %s)"
    " WHERE person = %s AND channel = %s AND state = 'queued'"
    " AND due_at < clock_timestamp() + make_interval(secs => %s)"
)
_BUSY = "SELECT id, number, state, attempts FROM notices.deliveries WHERE state IN ('taken', 'sending') ORDER BY number"
_LEFT = (
    "UPDATE notices.deliveries SET state = %s, why = 'interrupted', changed_at = clock_timestamp()"
    " WHERE id = %s AND state = %s AND attempts = %s"
)
_SPAN = 2**31
_LONGEST_REST = 600  # seconds


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that this worker has taken, in its ``attempts``-th attempt since the ``resendings``-th resending."""

    id: str
    number: int
    attempts: int
    resendings: int
    channel: str
    notice: Notice
    old: bool


def due(connection: Connection, channel: str) -> Taken | None:
    """The next due delivery, its row locked and its session lock held; to be called inside a transaction."""
    row = connection.execute(_DUE, (channel,)).fetchone()
    if row is None:
        return None
    number = row[1]
    held = connection.execute(_LOCK, (number % _SPAN,)).fetchone()
    if not held or not held[0]:
        return None
    return Taken(row[0], number, row[2] + 1, row[3], row[4], Notice(*row[5:15]), row[15])


def let_go(connection: Connection, taken: Taken) -> None:
    """Gives the session lock back."""
    connection.execute(_UNLOCK, (taken.number % _SPAN,))


def take(connection: Connection, taken: Taken) -> None:
    """Marks a due delivery as taken."""
    connection.execute(_TAKE, (taken.id,))


def sending(connection: Connection, taken: Taken) -> bool:
    """Writes, for good, that the hand-over begins; False when the delivery is not ours any more."""
    row = connection.execute(_SENDING, (taken.id, taken.attempts, taken.resendings)).fetchone()
    return row is not None


def settle(connection: Connection, taken: Taken, then: Next) -> None:
    """Writes what an attempt came to, also when it was meanwhile taken for interrupted."""
    before = ["taken", "sending", "uncertain"] if then.state == "sent" else ["taken", "sending"]
    key = (taken.id, taken.attempts, taken.resendings, before)
    connection.execute(_SETTLE, (then.state, then.why, then.seconds, *key))
    if then.state in {"queued", "uncertain"}:
        # Who could not be reached is left alone, so that nobody's dead receiver holds the others up; who took all the
        # time there is and did not answer, for as long as anybody.
        rest = min(then.seconds, _LONGEST_REST) if then.state == "queued" else _LONGEST_REST
        connection.execute(_PUT_OFF, (rest, taken.notice.person, taken.channel, rest))


def wait(connection: Connection, taken: Taken) -> None:
    """Leaves a due delivery alone until its address is confirmed, or it is too old."""
    connection.execute(_WAIT, (taken.notice.occurred_at, taken.id))


def cancel(connection: Connection, taken: Taken, why: str) -> None:
    """Ends a due delivery that is not to be sent."""
    connection.execute(_SETTLE, ("cancelled", why, 0, taken.id, taken.attempts - 1, taken.resendings, ["queued"]))


def sweep(connection: Connection) -> None:
    """Finds what dead workers left: what was not handed over is due again, what may have been is uncertain."""
    for key, number, state, attempts in connection.execute(_BUSY).fetchall():
        with connection.transaction():
            row = connection.execute(_LOCK_WITHIN, (number % _SPAN,)).fetchone()
            if row and row[0]:
                then = "uncertain" if state == "sending" else "queued" if attempts < MOST else "dead"
                connection.execute(_LEFT, (then, key, state, attempts))
