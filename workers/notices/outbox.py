"""The outbox: rows are made once from the record, and never go away, so that none is made a second time."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

_NOTICE = (
    "INSERT INTO notices.notices (cause, person, position, type, stream, kind, act, unit, departments, occurred_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_DELIVERY = "INSERT INTO notices.deliveries (id, cause, person, channel) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
_AGAIN = (
    "UPDATE notices.deliveries SET state = 'queued', attempts = 0, resendings = resendings + 1, why = '',"
    " due_at = clock_timestamp(), changed_at = clock_timestamp()"
    " WHERE id = %s AND resendings = %s AND state IN ('dead', 'uncertain')"
)
_CANCEL = (
    "UPDATE notices.deliveries SET state = 'cancelled', why = 'erased', changed_at = clock_timestamp()"
    " WHERE person = %s AND state IN ('queued', 'taken', 'dead', 'uncertain')"
)
# Every queued one is taken up, and what changes is asked of the row itself: one that a carrier just puts aside is
# waited for, and none is left behind.
_RELEASE = """
UPDATE notices.deliveries SET due_at = CASE why WHEN 'unconfirmed' THEN clock_timestamp() ELSE due_at END,
       changed_at = CASE why WHEN 'unconfirmed' THEN clock_timestamp() ELSE changed_at END,
       why = CASE why WHEN 'unconfirmed' THEN '' ELSE why END
 WHERE person = %s AND channel = %s AND state = 'queued'
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """A person is to be told of a cause, by the right to do ``act``."""

    cause: str
    person: str
    position: int
    type: str
    stream: str
    kind: str
    act: str
    unit: str
    departments: list[str]
    occurred_at: datetime


def delivery_id(cause: str, person: str, channel: str) -> str:
    """Always the same for the same event, person and channel: mail systems and receivers know a repetition by it."""
    return hashlib.sha256(f"{cause}\0{person}\0{channel}".encode()).hexdigest()[:32]


def put(connection: Connection, notices: Iterable[tuple[Notice, Sequence[str]]]) -> None:
    """Adds notices with the channels they go over; one that is there already stays as it is."""
    rows = list(notices)
    with connection.cursor() as cursor:
        cursor.executemany(
            _NOTICE,
            [astuple(notice) for notice, _ in rows],
        )
        cursor.executemany(
            _DELIVERY,
            [(delivery_id(n.cause, n.person, each), n.cause, n.person, each) for n, over in rows for each in over],
        )


def resend(connection: Connection, delivery: str, number: int) -> None:
    """Queues a dead letter anew, for the ``number``-th time; the same resending again changes nothing."""
    connection.execute(_AGAIN, (delivery, number - 1))


def release(connection: Connection, person: str, channel: str) -> None:
    """Makes due what waited until the address of a channel was confirmed."""
    connection.execute(_RELEASE, (person, channel))


def erase(connection: Connection, person: str) -> None:
    """Ends everything that waits for a person."""
    connection.execute(_CANCEL, (person,))
