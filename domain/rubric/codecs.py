"""Two-way readings of plain documents: every value is read strictly, and written back as it was read.

A codec's ``read(value, place)`` gives the value or raises RubricRefused naming ``place``; its ``write`` is
the inverse. A record refuses unknown and missing members, so nothing in a document is silently passed over.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from domain import points
from domain.rubric.refused import RubricRefused

LONGEST_LIST = 1000
LONGEST_TEXT = 4000
LARGEST = 10**9
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Codec:
    """A reading and its inverse; ``default`` is the document value an absent member stands for, if any."""

    read: Callable[[Any, str], Any]
    write: Callable[[Any], Any]
    default: Any = _MISSING

    def or_else(self, default: Any) -> "Codec":
        """The same codec for a member that may be left out, standing for ``default`` then."""
        return Codec(self.read, self.write, default)

    def or_usually(self, default: Any) -> "Codec":
        """The same, for a member that is also left out when it is what it usually is: so its coming changed nothing."""

        def write(value: Any) -> Any:
            written = self.write(value)
            return None if written == default else written

        return Codec(self.read, write, default)


def refuse(place: str, zh: str, en: str) -> NoReturn:
    """Raise the refusal."""
    raise RubricRefused(place, zh, en)


def _same(value: Any) -> Any:
    return value


def _text(value: Any, place: str) -> str:
    if type(value) is not str or not value.strip() or len(value) > LONGEST_TEXT:
        refuse(place, f"须为非空文本，至多{LONGEST_TEXT}字", f"must be a text of 1 to {LONGEST_TEXT} characters")
    if _UNPRINTABLE.search(value):
        refuse(place, "文本含控制字符", "the text holds a control character or a lone surrogate")
    return value


def _identifier(value: Any, place: str) -> str:
    if type(value) is not str or not _IDENTIFIER.fullmatch(value):
        refuse(place, "编号须为字母、数字、点、横线", "an id is 1 to 40 ASCII letters, digits, '.', '_' or '-'")
    return value


def _flag(value: Any, place: str) -> bool:
    if type(value) is not bool:
        refuse(place, "须为 true 或 false", "must be true or false")
    return value


def _points(value: Any, place: str) -> int:
    if type(value) is not str:
        refuse(place, "分值须为两位小数的文本", 'points are a text with two decimals ("1.60"), never a number')
    try:
        hundredths = points.parse(value)
    except points.BadPoints as bad:
        refuse(place, bad.zh, bad.en)
    if not 0 <= hundredths <= LARGEST:
        refuse(place, "分值超出范围", "points are below zero or too large")
    return hundredths


def _cap(value: Any, place: str) -> int | None:
    return None if value == "none" else _points(value, place)


def whole(least: int, most: int = LARGEST) -> Codec:
    """An integer within bounds; a bool or a float is none."""

    def read(value: Any, place: str) -> int:
        if type(value) is not int or not least <= value <= most:
            refuse(place, f"须为{least}至{most}的整数", f"must be an integer from {least} to {most}")
        return value

    return Codec(read, _same)


def word(*words: str) -> Codec:
    """One of the listed words."""

    def read(value: Any, place: str) -> str:
        if type(value) is not str or value not in words:
            refuse(place, f"须为其一：{'、'.join(words)}", f"must be one of: {', '.join(words)}")
        return value

    return Codec(read, _same)


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
    named = isinstance(name, str) and _IDENTIFIER.fullmatch(name)
    return f"{place}.{name}" if named else f"{place}[{index}]"


def by_id(codec: Codec) -> Codec:
    """A table from ids to values."""

    def read(value: Any, place: str) -> dict[str, Any]:
        if not isinstance(value, Mapping) or not value:
            refuse(place, "须为非空的表", "must be a table that is not empty")
        return {_identifier(key, place): codec.read(each, f"{place}.{key}") for key, each in value.items()}

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
    if given is _MISSING:
        refuse(f"{place}.{name}", "缺少该成员", "is missing")
    return codec.read(given, f"{place}.{name}")


TEXT = Codec(_text, _same)
IDENTIFIER = Codec(_identifier, _same)
FLAG = Codec(_flag, _same)
POINTS = Codec(_points, points.show)
CAP = Codec(_cap, lambda cap: "none" if cap is None else points.show(cap))
