"""The event store: append with an expected version, read a stream. Usable alone, for any stream and type.

store = EventStore(engine, origin="example.org/log")
head = store.append("order/7", 0, [NewEvent("OrderPlaced", {"sum": "12.00"})]).heads["order/7"]
store.append("order/7", head, [NewEvent("OrderPaid", {})])
[event.type for event in store.read("order/7")]
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine

from events.binary import BYTES, TEXTS, Bytes, bytes_array, elements, integer, texts_array
from events.canonical import storable
from events.conflicts import BadCommit, KeyReused, RecordRefused, WrongVersion, refusals
from events.convoy import Convoy
from events.entry import Actor, Context, Envelope, Head, NewEvent, build, decode, leaf_of, utc_text
from events.prepared import Prepared

NOBODY = Actor("")
_APPEND = "SELECT record.append(%b, %t, %t, %b)"
_APPEND_EACH = Prepared("kaohe_append_each", "SELECT record.append_each($1, $2, $3, $4)", (BYTES, TEXTS, TEXTS, BYTES))
_HEAD = "SELECT version, entry FROM record.events WHERE stream = %s ORDER BY version DESC LIMIT 1"
_STREAMS = "SELECT stream, entry FROM record.events WHERE stream = ANY(%s) ORDER BY stream, version"
_COMMIT = "SELECT entry FROM record.events WHERE commit_seq = %s ORDER BY ordinal"
_REQUEST = "SELECT commit_seq, hash FROM record.requests WHERE actor = %s AND key = %s"


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
    """What an append answers; ``replayed`` when the same request had been committed before.

    ``heads``: where each of its streams stands after it.
    """

    number: int
    entries: tuple[bytes, ...]
    heads: Mapping[str, Head]
    replayed: bool = False

    @property
    def events(self) -> list[Recorded]:
        """The events of the commit, in order."""
        return [Recorded(entry, decode(entry)) for entry in self.entries]


@dataclass(frozen=True, slots=True)
class Append:
    """What goes to one stream of a commit. ``expected``: the head (or version) the caller saw.

    ``by``: under which of his roles the commit's actor acts here, where it is another than in the rest.
    """

    stream: str
    expected: Head | int
    events: Sequence[NewEvent]
    by: Actor | None = None


Within = Callable[[psycopg.Connection[tuple[Any, ...]]], None]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A commit ready to go: its entries and who asked for it."""

    stream: str
    entries: tuple[bytes, ...]
    actor: str
    request: Request | None

    @property
    def key(self) -> str | None:
        return self.request.key if self.request else None

    @property
    def hash(self) -> bytes | None:
        return self.request.hash if self.request else None


class EventStore:
    """Appends to and reads from one record. Threads may share it; the engine's pool hands out connections.

    Appends of one event that several threads make at the same time share a round trip (see ``convoy``).

    Attributes:
        origin: the log's name, the ``source`` of every entry.
    """

    def __init__(self, engine: Engine, origin: str) -> None:
        self._engine = engine
        self._convoy = Convoy(self._carry)
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
        within: Within | None = None,
    ) -> Commit:
        """Appends to several streams in one commit: all or nothing. Raises as ``append``.

        ``within`` writes, in the same transaction, what the events only name: both stand or neither.
        """
        if not appends or not all(one.events for one in appends):
            raise BadCommit("a commit holds at least one event for each of its streams")
        if request and not storable(request.key):
            raise BadCommit("a request key is text without NUL and lone surrogates")
        moment = utc_text(now or datetime.now(UTC))
        context = Context(self.origin, by, moment, correlation, causation)
        try:
            ordered = sorted(appends, key=_stream_bytes)
            chains = [_chain(one, self._expected(one), _by(one, context)) for one in ordered]
            entries = tuple(entry for chain, _ in chains for entry in chain)
            heads = {one.stream: head for one, (_, head) in zip(ordered, chains, strict=True)}
            number = self._commit(_Prepared(ordered[0].stream, entries, by.id, request), within)
            return Commit(number, entries, heads)
        except (WrongVersion, KeyReused):
            # The same request may have been committed before, or while we prepared ours.
            earlier = self.answered(by.id, request) if request else None
            if earlier is None:
                raise
            return earlier

    def answered(self, actor: str, request: Request) -> Commit | None:
        """The commit this request already led to, or None. Raises KeyReused for another request."""
        with self.connection() as connection:
            row = connection.execute(_REQUEST, (actor, request.key), binary=True).fetchone()
            if row is None:
                return None
            if bytes(row[1]) != request.hash:
                raise KeyReused(f"request key {request.key} was used for another request")
            entries = tuple(entry for (entry,) in connection.execute(_COMMIT, (row[0],), binary=True))
        last = {(said := decode(entry)).subject: Head(said.streamversion, leaf_of(entry)) for entry in entries}
        return Commit(row[0], entries, last, replayed=True)

    def read(self, stream: str, after: int = 0) -> list[Recorded]:
        """The events of ``stream`` with a version above ``after``, in order, ordered or not yet."""
        if not storable(stream):
            return []
        with self.connection() as connection:
            rows = connection.execute(
                "SELECT entry FROM record.events WHERE stream = %s AND version > %s ORDER BY version",
                (stream, after),
                binary=True,
            )
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
        if not storable(stream):
            return Head()
        with self.connection() as connection:
            row = connection.execute(_HEAD, (stream,), binary=True).fetchone()
            return Head(row[0], leaf_of(row[1])) if row else Head()

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
        # Past SQLAlchemy's Connection, which would double the cost of an append here.
        pooled = self._engine.raw_connection()
        try:
            driver = cast("psycopg.Connection[tuple[Any, ...]]", pooled.driver_connection)
            borrowed = not driver.autocommit  # of an engine that others use for transactions
            if borrowed:
                driver.autocommit = True
            try:
                yield driver
            finally:
                if driver.closed:
                    pooled.invalidate()
                else:
                    if driver.pgconn.transaction_status != TransactionStatus.IDLE:
                        driver.rollback()
                    if borrowed:
                        driver.autocommit = False
        finally:
            pooled.close()

    def _expected(self, one: Append) -> Head:
        if isinstance(one.expected, Head):
            return one.expected
        head = self.head(one.stream) if one.expected else Head()
        if head.version != one.expected:
            message = f"stream {one.stream} stands at version {head.version}, not {one.expected}"
            raise WrongVersion(message, head.version)
        return head

    def _commit(self, commit: _Prepared, within: Within | None) -> int:
        if len(commit.entries) == 1 and within is None:
            return self._convoy.send(commit)
        values = (Bytes(commit.entries), commit.actor, commit.key, commit.hash)
        with self.connection() as connection, refusals(), connection.transaction():
            if within is not None:
                within(connection)
            row = connection.execute(_APPEND, values, prepare=True).fetchone()
            return int(row[0]) if row else 0

    def _carry(self, commits: Sequence[_Prepared]) -> Sequence[int | BaseException]:
        """Carries commits of one event each, together if that goes, else each alone so that each is answered."""
        try:
            return self._together(commits)
        except psycopg.OperationalError:
            raise  # a lost connection: nobody knows what became of them, so none of them is sent again
        except (psycopg.Error, RecordRefused) as error:
            if len(commits) == 1:
                return [self._exactly(error, commits[0].stream)]
            return [self._carry([commit])[0] for commit in commits]

    def _exactly(self, error: Exception, stream: str) -> Exception:
        if not isinstance(error, WrongVersion):
            return error
        version = self.head(stream).version  # the loser of a race knows only which version was taken
        return WrongVersion(f"stream {stream} stands at version {version}, which is not what was seen", version)

    def _together(self, commits: Sequence[_Prepared]) -> Sequence[int]:
        # In the order of the streams, as every commit is, so that two transactions cannot wait for each other.
        order = sorted(range(len(commits)), key=lambda place: _stream_bytes(commits[place]))
        ordered = [commits[place] for place in order]
        values: tuple[bytes | None, ...] = (bytes_array([commit.entries[0] for commit in ordered]), None, None, None)
        if any(commit.request for commit in ordered):
            actors, keys = ([commit.actor for commit in ordered], [commit.key for commit in ordered])
            values = (values[0], texts_array(actors), texts_array(keys), bytes_array([each.hash for each in ordered]))
        with self.connection() as connection, refusals():
            (answer,) = _APPEND_EACH.row(connection, values)
        numbers = dict(zip(order, map(integer, elements(answer)), strict=True))
        return [numbers[place] for place in range(len(commits))]


def _stream_bytes(one: Append | _Prepared) -> bytes:
    """Sorts as the database's "C" collation does; a lone surrogate is refused later, by name."""
    return one.stream.encode(errors="surrogatepass")


def slot_of(stream: str) -> int:
    """The slot (0-63) of a stream, as the database computes it."""
    return hashlib.sha256(stream.encode()).digest()[0] % 64


def _by(one: Append, context: Context) -> Context:
    if one.by is None:
        return context
    if one.by.id != context.actor.id:
        raise BadCommit("a commit has one actor")
    return replace(context, actor=one.by)


def _chain(one: Append, head: Head, context: Context) -> tuple[list[bytes], Head]:
    """The entries of one stream, each naming the one before it, and where they leave it."""
    entries = []
    for event in one.events:
        entries.append(build(one.stream, head, event, context))
        head = Head(head.version + 1, leaf_of(entries[-1]))
    return entries, head
