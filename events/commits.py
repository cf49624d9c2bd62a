"""What goes into the record in one commit, and what an append answers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from events.conflicts import BadCommit, KeyReused
from events.entry import Actor, Context, Envelope, Head, NewEvent, build, decode, leaf_of

NOBODY = Actor("")
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
    ``ground``: another stream and the version of it that was decided on, which must still be so. ``held``: others
    decide on this stream; none of them commits what he decided on it as it was before.
    """

    stream: str
    expected: Head | int
    events: Sequence[NewEvent]
    by: Actor | None = None
    ground: tuple[str, int] | None = None
    held: bool = False


Within = Callable[[psycopg.Connection[tuple[Any, ...]]], None]


def chain(one: Append, head: Head, context: Context) -> tuple[list[bytes], Head]:
    """The entries of one stream, each naming the one before it, and where they leave it. Raises BadCommit."""
    if one.by is not None:
        if one.by.id != context.actor.id:
            raise BadCommit("a commit has one actor")
        context = replace(context, actor=one.by)
    entries = []
    for event in one.events:
        entries.append(build(one.stream, head, event, context))
        head = Head(head.version + 1, leaf_of(entries[-1]))
    return entries, head


def answered(connection: psycopg.Connection[tuple[Any, ...]], actor: str, request: Request) -> Commit | None:
    """The commit an actor's request already led to, or None. Raises KeyReused for another request."""
    row = connection.execute(_REQUEST, (actor, request.key), binary=True).fetchone()
    if row is None:
        return None
    if bytes(row[1]) != request.hash:
        raise KeyReused(f"request key {request.key} was used for another request")
    entries = tuple(entry for (entry,) in connection.execute(_COMMIT, (row[0],), binary=True))
    last = {(said := decode(entry)).subject: Head(said.streamversion, leaf_of(entry)) for entry in entries}
    return Commit(row[0], entries, last, replayed=True)
