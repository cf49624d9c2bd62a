"""Facts to events and back: the type name is the fact's class, the data its fields."""

import typing
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from domain import facts
from events.entry import Envelope, NewEvent
from events.upcasts import STEPS, Steps, current_version, lift

TYPES: dict[str, type] = {kind.__name__: kind for kind in typing.get_args(facts.Fact)}
_VERSIONS = {name: current_version(name) for name in TYPES}


class Brief(msgspec.Struct, frozen=True, gc=False):
    """What a fold reads of an entry; the other attributes are skipped undecoded, which takes a third of the time."""

    id: str
    type: str
    subject: str
    streamversion: int
    dataschema: str
    data: msgspec.Raw
    actor: str = ""


brief = msgspec.json.Decoder(Brief).decode
briefs = msgspec.json.Decoder(Brief).decode_lines


class UnknownEvent(ValueError):
    """The record holds an event of a type, or of a version of it, that this program does not know."""


def to_event(fact: facts.Fact, effective: str | None = None) -> NewEvent:
    """The event that records ``fact``."""
    name = type(fact).__name__
    return NewEvent(name, msgspec.to_builtins(fact), _VERSIONS[name], effective)


def reader(types: Mapping[str, type], steps: Steps) -> Callable[[Envelope | Brief], Any]:
    """How to read events of these types, old versions lifted by ``steps``: see ``to_fact``, which reads ours."""
    today = {name: _today(name, kind, steps) for name, kind in types.items()}
    before = {
        (name, _schema(name, version)): version for name in types for version in range(1, current_version(name, steps))
    }

    def read(envelope: Envelope | Brief) -> Any:
        name, schema = envelope.type, envelope.dataschema
        known = today.get(name)
        if known is not None and known[0] == schema:
            return known[1](envelope.data)
        version = before.get((name, schema))
        if version is None:
            raise UnknownEvent(f"{name} {schema}")
        return msgspec.convert(lift(name, version, msgspec.json.decode(envelope.data), steps), types[name])

    return read


def _today(name: str, kind: type, steps: Steps) -> tuple[str, Callable[[msgspec.Raw], Any]]:
    return _schema(name, current_version(name, steps)), msgspec.json.Decoder(kind).decode


def _schema(name: str, version: int) -> str:
    return f"urn:kaohe:event:{name}:{version}"


to_fact = reader(TYPES, STEPS)
"""The fact an event records, in today's shape; raises UnknownEvent or msgspec.ValidationError."""

__all__ = ["STEPS", "TYPES", "Brief", "UnknownEvent", "brief", "briefs", "reader", "to_event", "to_fact"]
