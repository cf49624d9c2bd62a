"""Restricted JCS (RFC 8785): the one JSON text of a value, as bytes.

Restricted means: no floats at all, integers within ±(2^53−1) (RFC 8785 section 3.2.2.3 would print the
others as doubles), member names in the Basic Multilingual Plane (there, sorting by code point and by UTF-16
unit, section 3.2.3, is the same thing), and no NUL or lone surrogate in any text.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

LARGEST = 2**53 - 1
_encoder = msgspec.json.Encoder(order="sorted")
_NUL = rb"\u0000"  # as the encoder writes it; a text may also say so, hence only a suspicion
_BEYOND = tuple(bytes([lead]) for lead in range(0xF0, 0xF5))  # first bytes of what a name may not hold, but a text may


class NotCanonical(ValueError):
    """The value has no restricted JCS form; the message names the place."""


def canonical(value: Mapping[str, Any]) -> bytes:
    """The bytes of ``value``; raises NotCanonical naming the offending member."""
    if _plain(value):
        try:
            text = _encoder.encode(value)
        except UnicodeEncodeError:
            text = _NUL
        if not _suspicious(text):
            return text
    _check(value, "$")
    return _encoder.encode(value)


def storable(text: str) -> bool:
    """Whether PostgreSQL and JSON can both hold ``text``: it has no NUL and no lone surrogate."""
    return "\x00" not in text and (text.isascii() or _encodable(text))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _suspicious(text: bytes) -> bool:
    return _NUL in text or (not text.isascii() and any(lead in text for lead in _BEYOND))


def _plain(value: Any) -> bool:
    """True when all types are right. The texts are looked at as one, when they are written: an entry is mostly text."""
    kind = type(value)
    if kind is dict:
        for name, member in value.items():
            if type(name) is not str or not (type(member) is str or _plain(member)):
                return False
        return True
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if kind is list:
        return all(map(_plain, value))
    return kind is str or value is None or kind is bool


def _check(value: Any, place: str) -> None:
    kind = type(value)
    if kind is str:
        _check_text(value, place)
    elif kind is int:
        if not -LARGEST <= value <= LARGEST:
            raise NotCanonical(f"{place}: integer outside ±(2^53−1)")
    elif kind is dict:
        for name, member in value.items():
            _check_name(name, place)
            _check(member, f"{place}.{name}")
    elif kind is list or kind is tuple:
        for index, member in enumerate(value):
            _check(member, f"{place}[{index}]")
    elif value is not None and kind is not bool:
        raise NotCanonical(f"{place}: {kind.__name__} is not restricted JSON")


def _check_name(name: Any, place: str) -> None:
    if type(name) is not str or any(letter > "\uffff" for letter in name):
        raise NotCanonical(f"{place}: a member name must be text of the Basic Multilingual Plane")
    _check_text(name, place)


def _check_text(text: str, place: str) -> None:
    if not storable(text):
        raise NotCanonical(f"{place}: text holds a NUL or a lone surrogate")
