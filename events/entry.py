"""An event's entry: the exact bytes that are stored, hashed and proved.

One JSON object in the shape of CloudEvents 1.0 (section "Context Attributes"; extensions in lower case),
written once in restricted JCS and never serialised again. ``leaf`` is its RFC 6962 leaf hash (section 2.1).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import uuid_utils

from events.canonical import canonical

MAX_BYTES = 65_535
NO_LEAF = b""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as of now: person id, role and scope (unit or department). A snapshot, kept in the event."""

    id: str
    role: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to be recorded. ``data`` is restricted JSON; ``effective`` is when it became true in the world."""

    type: str
    data: Mapping[str, Any]
    version: int = 1
    effective: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a stream stands: its version (0 = no event yet) and the leaf of its last event."""

    version: int = 0
    leaf: bytes = NO_LEAF


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds one commit: log origin, actor, recorded time, and the ids that tie it to its cause."""

    source: str
    actor: Actor
    time: str
    correlation: str | None = None
    causation: str | None = None


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decoded entry. ``data`` stays raw until somebody needs it; times are RFC 3339 UTC with microseconds."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    streamversion: int
    dataschema: str
    data: msgspec.Raw
    actor: str = ""
    actorrole: str = ""
    actorscope: str = ""
    prevhash: str = ""
    effectivetime: str | None = None
    correlationid: str | None = None
    causationid: str | None = None

    @property
    def schema_version(self) -> int:
        """The version of the event type's shape, from the end of ``dataschema``."""
        return int(self.dataschema.rpartition(":")[2])


decode = msgspec.json.Decoder(Envelope).decode


def leaf_of(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry), RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def slot_of(stream: str) -> int:
    """The slot (0-63) of a stream, as the database computes it."""
    return hashlib.sha256(stream.encode()).digest()[0] % 64


def new_id() -> str:
    """A fresh uuid7 (RFC 9562 section 5.7)."""
    return str(uuid_utils.uuid7())


def utc_text(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds and ``Z``; refuses a time without zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone is no moment")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class EntryTooLarge(ValueError):
    """The entry would exceed 65,535 bytes (C2SP tlog-tiles: uint16 length prefix)."""


def build(stream: str, head: Head, event: NewEvent, context: Context) -> bytes:
    """The entry of ``event`` as version ``head.version + 1`` of ``stream``.

    Raises NotCanonical (naming the place) or EntryTooLarge.
    """
    attributes: dict[str, Any] = {
        "actor": context.actor.id,
        "data": event.data,
        "dataschema": f"urn:kaohe:event:{event.type}:{event.version}",
        "id": new_id(),
        "source": context.source,
        "specversion": "1.0",
        "streamversion": head.version + 1,
        "subject": stream,
        "time": context.time,
        "type": event.type,
    }
    optional = {
        "actorrole": context.actor.role,
        "actorscope": context.actor.scope,
        "causationid": context.causation,
        "correlationid": context.correlation,
        "effectivetime": event.effective,
        "prevhash": head.leaf.hex(),
    }
    attributes.update((name, value) for name, value in optional.items() if value)
    entry = canonical(attributes)
    if len(entry) > MAX_BYTES:
        raise EntryTooLarge(f"{stream}: entry of {len(entry)} bytes, at most {MAX_BYTES}")
    return entry
