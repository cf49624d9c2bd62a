"""Two-way readings of plain documents: every value is read strictly, and written back as it was read.

A codec's ``read(value, place)`` gives the value or raises RubricRefused naming ``place``; its ``write`` is
the inverse. Lists and tables of values stand in ``containers``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeGuard

from domain import points
from domain.rubric.refused import RubricRefused

LONGEST_TEXT = 4000
LARGEST = 10**9
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Codec:
    """A reading and its inverse; ``default`` is the document value an absent member stands for, if any."""

    read: Callable[[Any, str], Any]
    write: Callable[[Any], Any]
    default: Any = MISSING

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


def is_identifier(value: Any) -> TypeGuard[str]:
    """Whether the value is an id as a rubric writes it."""
    return type(value) is str and _IDENTIFIER.fullmatch(value) is not None


def _identifier(value: Any, place: str) -> str:
    if not is_identifier(value):
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


TEXT = Codec(_text, _same)
IDENTIFIER = Codec(_identifier, _same)
FLAG = Codec(_flag, _same)
POINTS = Codec(_points, points.show)
CAP = Codec(_cap, lambda cap: "none" if cap is None else points.show(cap))
