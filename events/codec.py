"""Facts to events and back: the type name is the fact's class, the data its fields."""

import typing
from collections.abc import Callable
from typing import Any

import msgspec

from domain import facts
from events.entry import Envelope, NewEvent
from events.upcasts import STEPS, current_version, lift

TYPES: dict[str, type] = {kind.__name__: kind for kind in typing.get_args(facts.Fact)}
_DECODERS: dict[str, Callable[[bytes | msgspec.Raw], Any]] = {
    name: msgspec.json.Decoder(kind).decode for name, kind in TYPES.items()
}
_VERSIONS = {name: current_version(name) for name in TYPES}
_SCHEMAS = {name: f"urn:kaohe:event:{name}:{_VERSIONS[name]}" for name in TYPES}


class UnknownEvent(ValueError):
    """The record holds an event of a type this program does not know."""


def to_event(fact: facts.Fact, effective: str | None = None) -> NewEvent:
    """The event that records ``fact``."""
    name = type(fact).__name__
    return NewEvent(name, msgspec.to_builtins(fact), _VERSIONS[name], effective)


def to_fact(envelope: Envelope) -> Any:
    """The fact an event records, upcast to today's shape; raises UnknownEvent or msgspec.ValidationError."""
    name = envelope.type
    if envelope.dataschema == _SCHEMAS.get(name):
        return _DECODERS[name](envelope.data)
    if name not in TYPES:
        raise UnknownEvent(name)
    version = envelope.schema_version
    if version > _VERSIONS[name]:
        raise UnknownEvent(f"{name} version {version}")
    lifted = lift(name, version, msgspec.json.decode(envelope.data))
    return msgspec.convert(lifted, TYPES[name])


__all__ = ["STEPS", "TYPES", "UnknownEvent", "to_event", "to_fact"]
