"""Entries as the verifier reads them: with the standard library alone, in the one spelling they may have.

CloudEvents 1.0 attributes in restricted JCS (RFC 8785): sorted, compact, no float, every member once.
"""

import json
import re
from typing import Any, NamedTuple, NoReturn

from domain import facts
from events.log.tree import leaf_hash
from events.upcasts import current_version, lift

_TEXTS = ("id", "source", "type", "subject", "time", "dataschema")
_OTHER = {"specversion", "streamversion", "data"}
_OPTIONAL = {"actor", "actorrole", "actorscope", "prevhash", "effectivetime", "correlationid", "causationid"}
_KNOWN = {*_TEXTS, *_OPTIONAL, *_OTHER}
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_SCHEMA = re.compile(r"urn:kaohe:event:([A-Za-z0-9]+):([1-9][0-9]{0,5})")
_LARGEST = 2**53 - 1


class UnreadableError(ValueError):
    """The bytes are no entry, or no fact this verifier knows; the message says why."""


def _whole(text: str) -> int:
    if len(text) > len("-9007199254740991") or not -_LARGEST <= int(text) <= _LARGEST:
        raise UnreadableError("integer")
    return int(text)


def _no_number(_text: str) -> NoReturn:
    raise UnreadableError("float")


# Made once: a million entries are read.
_DECODER = json.JSONDecoder(parse_float=_no_number, parse_constant=_no_number, parse_int=_whole)
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Entry(NamedTuple):
    """One event of the record, with the hash of its exact bytes; a tuple, for a million of them are made."""

    position: int
    leaf: bytes
    id: str
    type: str
    subject: str
    version: int
    time: str
    effective: str
    actor: str
    role: str
    scope: str
    prevhash: str
    schema: int
    source: str
    data: dict[str, Any]


def read_entry(position: int, raw: bytes) -> Entry:
    """The entry in these bytes; raises UnreadableError for any other spelling of it too."""
    value = read_canonical(raw)
    if not isinstance(value, dict) or not value.keys() <= _KNOWN or value.get("specversion") != "1.0":
        raise UnreadableError("attributes")
    version, data = value.get("streamversion"), value.get("data")
    texts = all(type(value[name]) is str for name in value.keys() - _OTHER)
    if not texts or not all(map(value.get, _TEXTS)) or type(version) is not int or type(data) is not dict:
        raise UnreadableError("attribute types")
    schema = _SCHEMA.fullmatch(value["dataschema"])
    if schema is None or schema[1] != value["type"] or not _TIME.fullmatch(value["time"]):
        raise UnreadableError("dataschema or time")
    return Entry(
        position=position,
        leaf=leaf_hash(raw),
        id=value["id"],
        type=value["type"],
        subject=value["subject"],
        version=version,
        time=value["time"],
        effective=value.get("effectivetime", ""),
        actor=value.get("actor", ""),
        role=value.get("actorrole", ""),
        scope=value.get("actorscope", ""),
        prevhash=value.get("prevhash", ""),
        schema=int(schema[2]),
        source=value["source"],
        data=data,
    )


def read_canonical(raw: bytes) -> Any:
    """The value of a restricted JCS text; raises UnreadableError unless these are its only possible bytes."""
    try:
        value = _DECODER.decode(raw.decode())
        again = _ENCODER.encode(value).encode()
    except (ValueError, RecursionError, UnicodeError):
        raise UnreadableError("JSON") from None
    # A doubled member, another order, an escape too many: writing it again would give other bytes.
    if again != raw:
        raise UnreadableError("not canonical")
    return value


def fact_of(entry: Entry) -> Any:
    """The fact an entry records, in today's shape, or None for an event that is no fact of the domain.

    Raises UnreadableError: a fact whose members are not those of its type.
    """
    kind = getattr(facts, entry.type, None)
    if not isinstance(kind, type) or not hasattr(kind, "__dataclass_fields__"):
        return None
    if entry.schema > current_version(entry.type):
        raise UnreadableError(f"{entry.type} version {entry.schema}")
    data = lift(entry.type, entry.schema, entry.data)
    try:
        fact = kind(**data)
    except TypeError:
        raise UnreadableError(f"{entry.type}: members") from None
    for name, field in kind.__dataclass_fields__.items():
        if not isinstance(getattr(fact, name), _python_type(field.type)):
            raise UnreadableError(f"{entry.type}.{name}: type")
    return fact


def _python_type(annotation: Any) -> type | tuple[type, ...]:
    origin = getattr(annotation, "__origin__", annotation)
    return origin if isinstance(origin, type) else object
