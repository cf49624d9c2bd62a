"""Two-way readings of lists and tables of values; see ``codecs`` for what a reading promises.

A record refuses unknown and missing members, so nothing in a document is silently passed over.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.rubric.codecs import IDENTIFIER, MISSING, Codec, is_identifier, refuse

LONGEST_LIST = 1000


def nullable(codec: Codec) -> Codec:
    """A member that stands for None when left out, and is left out when None."""

    def read(value: Any, place: str) -> Any:
        return None if value is None else codec.read(value, place)

    return Codec(read, lambda value: None if value is None else codec.write(value), None)


def listing(codec: Codec, least: int = 0) -> Codec:
    """A list as a tuple; an element that has an id is named by it in refusals."""

    def read(value: Any, place: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or not least <= len(value) <= LONGEST_LIST:
            refuse(
                place,
                f"须为{least}至{LONGEST_LIST}项的列表",
                f"must be a list of {least} to {LONGEST_LIST} elements",
            )
        return tuple(codec.read(each, _place(place, each, index)) for index, each in enumerate(value))

    return Codec(read, lambda value: [codec.write(each) for each in value])


def _place(place: str, element: Any, index: int) -> str:
    name = element.get("id") if isinstance(element, Mapping) else None
    named = is_identifier(name)
    return f"{place}.{name}" if named else f"{place}[{index}]"


def by_id(codec: Codec) -> Codec:
    """A table from ids to values."""

    def read(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not value:
            refuse(place, "须为非空的表", "must be a table that is not empty")
        return {IDENTIFIER.read(key, place): codec.read(each, f"{place}.{key}") for key, each in value.items()}

    return Codec(read, lambda value: {key: codec.write(each) for key, each in value.items()})


def tagged(kinds: Mapping[str, tuple[type, Codec]]) -> Codec:
    """A table whose member ``kind`` says which of several values it is."""
    words = {made: name for name, (made, _) in kinds.items()}

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, Mapping):
            refuse(place, "须为表", "must be a table")
        kind = value.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            refuse(f"{place}.kind", f"未知的种类：{kind!a:.60}", f"unknown kind {kind!a:.60}")
        return kinds[kind][1].read({key: each for key, each in value.items() if key != "kind"}, place)

    def write(value: Any) -> dict[str, Any]:
        name = words[type(value)]
        return {"kind": name, **kinds[name][1].write(value)}

    return Codec(read, write)


def record(make: Callable[..., Any], **fields: Codec) -> Codec:
    """A table with exactly these members as a value of ``make``."""

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, Mapping):
            refuse(place, "须为表", "must be a table")
        for key in value:
            if key not in fields:
                refuse(place, f"未知的成员：{key!a}", f"unknown member {key!a}")
        return make(**{name: _member(value, name, codec, place) for name, codec in fields.items()})

    def write(value: Any) -> dict[str, Any]:
        members = {name: codec.write(getattr(value, name)) for name, codec in fields.items()}
        return {name: member for name, member in members.items() if member is not None}

    return Codec(read, write)


def _member(value: Mapping[str, Any], name: str, codec: Codec, place: str) -> Any:
    given = value.get(name, codec.default)
    if given is MISSING:
        refuse(f"{place}.{name}", "缺少该成员", "is missing")
    return codec.read(given, f"{place}.{name}")
