"""The event store: append with an expected version, read a stream. Usable alone, for any stream and type.

store = EventStore(engine, origin="example.org/log")
head = store.append("order/7", 0, [NewEvent("OrderPlaced", {"sum": "12.00"})]).heads["order/7"]
store.append("order/7", head, [NewEvent("OrderPaid", {})])
[event.type for event in store.read("order/7")]
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Engine

from events.conflicts import KeyReused, WrongVersion, refusal_of
from events.entry import Actor, Context, Envelope, Head, NewEvent, build, decode, leaf_of, utc_text

NOBODY = Actor("")
_APPEND = "SELECT record.append(%b::bytea[], %t, %t, %b)"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event as it stands in the record: its exact bytes and what they say."""

    entry: bytes
    envelope: Envelope
    position: int | None = None

    @property
    def type(self) -> str:
        """The event's type."""
        return self.envelope.type

    @property
    def version(self) -> int:
        """Its version in its stream, from 1."""
        return self.envelope.streamversion

    @property
    def leaf(self) -> bytes:
        """Its leaf hash (32 bytes)."""
        return leaf_of(self.entry)


@dataclass(frozen=True, slots=True)
class Request:
    """An idempotency key of an actor and the hash (32 bytes) of what was asked under it."""

    key: str
    hash: bytes

    @classmethod
    def of(cls, key: str, *parts: bytes) -> "Request":
        """The request of a key and the parts that make it this request (method, path, body)."""
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return cls(key, digest.digest())


@dataclass(frozen=True, slots=True)
class Commit:
    """What an append answers; ``replayed`` when the same request had been committed before."""

    number: int
    entries: tuple[bytes, ...]
    replayed: bool = False

    @property
    def events(self) -> list[Recorded]:
        """The events of the commit, in order."""
        return [Recorded(entry, decode(entry)) for entry in self.entries]

    @property
    def heads(self) -> dict[str, Head]:
        """Where each stream stands after this commit."""
        return {event.envelope.subject: Head(event.version, event.leaf) for event in self.events}


@dataclass(frozen=True, slots=True)
class Append:
    """What goes to one stream of a commit. ``expected``: the head (or version) the caller saw."""

    stream: str
    expected: Head | int
    events: Sequence[NewEvent]


class EventStore:
    """Appends to and reads from one record. Threads may share it; the engine's pool hands out connections.

    Attributes:
        origin: the log's name, the ``source`` of every entry.
    """

    def __init__(self, engine: Engine, origin: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self.origin = origin

    def append(  # noqa: PLR0913 - a commit's context is this wide
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
        return self.append_all(
            [Append(stream, expected, events)],
            by=by,
            request=request,
            correlation=correlation,
            causation=causation,
            now=now,
        )

    def append_all(
        self,
        appends: Sequence[Append],
        *,
        by: Actor = NOBODY,
        request: Request | None = None,
        correlation: str | None = None,
        causation: str | None = None,
        now: datetime | None = None,
    ) -> Commit:
        """Appends to several streams in one commit: all or nothing. Raises as ``append``."""
        moment = utc_text(now or datetime.now(UTC))
        context = Context(self.origin, by, moment, correlation, causation)
        with self.connection() as connection:
            try:
                entries = [
                    entry
                    for one in sorted(appends, key=lambda one: one.stream.encode())
                    for entry in _chain(one, self._head(connection, one), context)
                ]
                number = _execute(connection, entries, by, request)
            except (WrongVersion, KeyReused):
                # The same request may have been committed while we prepared ours.
                earlier = request and self._answered(connection, by.id, request)
                if earlier is None:
                    raise
                return earlier
            if number < 0:
                return self._commit(connection, -number)
            return Commit(number, tuple(entries))

    def answered(self, actor: str, request: Request) -> Commit | None:
        """The commit this request already led to, or None. Raises KeyReused for another request."""
        with self.connection() as connection:
            return self._answered(connection, actor, request)

    def read(self, stream: str, after: int = 0) -> list[Recorded]:
        """The events of ``stream`` with a version above ``after``, in order, ordered or not yet."""
        with self.connection() as connection:
            rows = connection.execute(
                "SELECT entry FROM record.events WHERE slot = %s AND stream = %s AND version > %s ORDER BY version",
                (slot_of(stream), stream, after),
                binary=True,
            )
            return [Recorded(entry, decode(entry)) for (entry,) in rows]

    def head(self, stream: str) -> Head:
        """Where ``stream`` stands now."""
        with self.connection() as connection:
            return _read_head(connection, stream)

    def keep_document(self, body: bytes) -> str:
        """Keeps ``body`` (≤ 4 MiB) under its SHA-256, which is returned in hexadecimal."""
        with self.connection() as connection:
            row = connection.execute("SELECT record.keep_document(%b)", (body,)).fetchone()
            return bytes(row[0]).hex() if row else ""

    def document(self, digest: str) -> bytes | None:
        """The document of that SHA-256 (hexadecimal), or None."""
        with self.connection() as connection:
            row = connection.execute(
                "SELECT body FROM record.documents WHERE hash = %s", (bytes.fromhex(digest),), binary=True
            ).fetchone()
            return bytes(row[0]) if row else None

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A pooled driver connection in autocommit: the record's statements are whole transactions."""
        with self._engine.connect() as outer:
            driver = outer.connection.driver_connection
            assert driver is not None  # noqa: S101 - SQLAlchemy types it as optional
            yield driver

    def _head(self, connection: psycopg.Connection[Any], one: Append) -> Head:
        if isinstance(one.expected, Head):
            return one.expected
        if one.expected == 0:
            return Head()
        head = _read_head(connection, one.stream)
        if head.version != one.expected:
            message = f"stream {one.stream} stands at version {head.version}, not {one.expected}"
            raise WrongVersion(message, head.version)
        return head

    def _answered(self, connection: psycopg.Connection[Any], actor: str, request: Request) -> Commit | None:
        row = connection.execute(
            "SELECT commit_seq, request_hash FROM record.commits WHERE actor = %s AND request_key = %s",
            (actor, request.key),
            binary=True,
        ).fetchone()
        if row is None:
            return None
        if bytes(row[1]) != request.hash:
            raise KeyReused(f"request key {request.key} was used for another request")
        return self._commit(connection, row[0])

    def _commit(self, connection: psycopg.Connection[Any], number: int) -> Commit:
        rows = connection.execute(
            "SELECT entry FROM record.events WHERE commit_seq = %s ORDER BY ordinal", (number,), binary=True
        )
        return Commit(number, tuple(entry for (entry,) in rows), replayed=True)


def slot_of(stream: str) -> int:
    """The slot (0-63) of a stream, as the database computes it."""
    return hashlib.sha256(stream.encode()).digest()[0] % 64


def _chain(one: Append, head: Head, context: Context) -> Iterator[bytes]:
    for event in one.events:
        entry = build(one.stream, head, event, context)
        head = Head(head.version + 1, leaf_of(entry))
        yield entry


def _execute(
    connection: psycopg.Connection[Any], entries: list[bytes], by: Actor, request: Request | None
) -> int:
    key, digest = (request.key, request.hash) if request else (None, None)
    try:
        row = connection.execute(_APPEND, (entries, by.id, key, digest), prepare=True).fetchone()
    except psycopg.Error as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from None
    return int(row[0]) if row else 0


def _read_head(connection: psycopg.Connection[Any], stream: str) -> Head:
    row = connection.execute(
        "SELECT version, leaf FROM record.streams WHERE stream = %s", (stream,), binary=True
    ).fetchone()
    return Head(row[0], bytes(row[1])) if row else Head()
