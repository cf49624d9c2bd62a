"""The event store: append with an expected version, read a stream. Usable alone, for any stream and type.

store = EventStore(engine, origin="example.org/log")
head = store.append("order/7", 0, [NewEvent("OrderPlaced", {"sum": "12.00"})]).heads["order/7"]
store.append("order/7", head, [NewEvent("OrderPaid", {})])
[event.type for event in store.read("order/7")]
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Engine

from events.canonical import storable
from events.commits import NOBODY, Append, Commit, Recorded, Request, Within, answered, chain
from events.conflicts import BadCommit, KeyReused, WrongVersion
from events.entry import Actor, Context, Head, NewEvent, decode, utc_text
from events.pool import connection
from events.sending import Ready, Sender, head, stream_bytes

__all__ = ["Append", "Commit", "EventStore", "Recorded", "Request", "Within"]

_STREAM = "SELECT entry FROM record.events WHERE stream = %s AND version > %s ORDER BY version"
_STREAMS = "SELECT stream, entry FROM record.events WHERE stream = ANY(%s) ORDER BY stream, version"
_DOCUMENT = "SELECT body FROM record.documents WHERE hash = %s"


class EventStore:
    """Appends to and reads from one record. Threads may share it; the engine's pool hands out connections.

    Appends of one event that several threads make at the same time share a round trip (see ``sending``). ``origin`` is
    the log's name, the ``source`` of every entry.
    """

    def __init__(self, engine: Engine, origin: str) -> None:
        self._engine = engine
        self._sender = Sender(engine)
        self.origin = origin

    def append(
        self,
        stream: str,
        expected: Head | int,
        events: Sequence[NewEvent],
        *,
        by: Actor = NOBODY,
        request: Request | None = None,
        correlation: str | None = None,
        causation: str | None = None,
        now: datetime | None = None,
    ) -> Commit:
        """Appends ``events`` to ``stream`` if it stands at ``expected``; one round trip when given a Head.

        Raises WrongVersion, KeyReused, BadCommit, NotCanonical or EntryTooLarge; then nothing was written.
        """
        one = [Append(stream, expected, events)]
        return self.append_all(one, by=by, request=request, correlation=correlation, causation=causation, now=now)

    def append_all(
        self,
        appends: Sequence[Append],
        *,
        by: Actor = NOBODY,
        request: Request | None = None,
        correlation: str | None = None,
        causation: str | None = None,
        now: datetime | None = None,
        within: Within | None = None,
        ground: tuple[str, int] | None = None,
    ) -> Commit:
        """Appends to several streams in one commit: all or nothing. Raises as ``append``.

        ``within`` writes, in the same transaction, what the events only name: both stand or neither. ``ground``: as of
        an ``Append``, for the whole commit.
        """
        context = Context(self.origin, by, utc_text(now or datetime.now(UTC)), correlation, causation)
        try:
            return self._append(appends, context, request, within, ground)
        except (WrongVersion, KeyReused):
            # The same request may have been committed before, or while we prepared ours.
            if request and (earlier := self.answered(by.id, request)):
                return earlier
            raise

    def _append(
        self,
        appends: Sequence[Append],
        context: Context,
        asked: Request | None,
        within: Within | None,
        ground: tuple[str, int] | None,
    ) -> Commit:
        if not appends or not all(one.events for one in appends):
            raise BadCommit("a commit holds at least one event for each of its streams")
        if asked and not storable(asked.key):
            raise BadCommit("a request key is text without NUL and lone surrogates")
        ordered = sorted(appends, key=lambda one: stream_bytes(one.stream))
        chains = [chain(one, self._expected(one), context) for one in ordered]
        entries = tuple(entry for chain, _ in chains for entry in chain)
        heads = {one.stream: head for one, (_, head) in zip(ordered, chains, strict=True)}
        grounds = tuple(sorted({each for each in (ground, *(one.ground for one in ordered)) if each}))
        held = tuple(one.stream for one in ordered if one.held)
        number = self._sender.send(Ready(ordered[0].stream, entries, context.actor.id, asked, grounds, held), within)
        return Commit(number, entries, heads)

    def answered(self, actor: str, request: Request) -> Commit | None:
        """The commit this request already led to, or None. Raises KeyReused for another request."""
        with self.connection() as connection:
            return answered(connection, actor, request)

    def read(self, stream: str, after: int = 0) -> list[Recorded]:
        """The events of ``stream`` with a version above ``after``, in order, ordered or not yet."""
        if not storable(stream):
            return []
        with self.connection() as connection:
            rows = connection.execute(_STREAM, (stream, after), binary=True)
            return [Recorded(entry, decode(entry)) for (entry,) in rows]

    def read_all(self, streams: Sequence[str]) -> dict[str, list[Recorded]]:
        """The events of several streams in one round trip; one without events is left out."""
        wanted = [stream for stream in streams if storable(stream)]
        found: dict[str, list[Recorded]] = {}
        with self.connection() as connection:
            for stream, entry in connection.execute(_STREAMS, (wanted,), binary=True):
                found.setdefault(stream, []).append(Recorded(entry, decode(entry)))
        return found

    def head(self, stream: str) -> Head:
        """Where ``stream`` stands now."""
        return head(self._engine, stream) if storable(stream) else Head()

    def keep_document(self, body: bytes) -> str:
        """Keeps ``body`` (≤ 4 MiB) under its SHA-256, which is returned in hexadecimal."""
        with self.connection() as connection:
            row = connection.execute("SELECT record.keep_document(%b)", (body,)).fetchone()
            return bytes(row[0]).hex() if row else ""

    def document(self, digest: str) -> bytes | None:
        """The document of that SHA-256 (hexadecimal), or None."""
        with self.connection() as connection:
            row = connection.execute(_DOCUMENT, (bytes.fromhex(digest),), binary=True).fetchone()
            return bytes(row[0]) if row else None

    def connection(self) -> AbstractContextManager[psycopg.Connection[tuple[Any, ...]]]:
        """A pooled driver connection in autocommit: the record's statements are whole transactions."""
        return connection(self._engine)

    def _expected(self, one: Append) -> Head:
        if isinstance(one.expected, Head):
            return one.expected
        head = self.head(one.stream) if one.expected else Head()
        if head.version != one.expected:
            raise WrongVersion(
                f"stream {one.stream} stands at version {head.version}, not {one.expected}", head.version
            )
        return head
