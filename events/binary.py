"""Arrays in PostgreSQL's binary form: one join of bytes instead of a Python call an element."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

INTEGER, TEXT, BYTES, TEXTS = 23, 25, 1001, 1009  # pg_type.dat: int4, text, _bytea, _text
_HEADER = struct.Struct("!iiIii")  # array_recv: dimensions, has nulls, element type, length, lower bound
_LENGTH = struct.Struct("!i")
_NULL = _LENGTH.pack(-1)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A parameter that PostgreSQL receives as bytea[]."""

    elements: Sequence[bytes | None]


def bytes_array(elements: Sequence[bytes | None]) -> bytes:
    """A bytea[]."""
    return _array(17, elements)


def texts_array(elements: Sequence[str | None]) -> bytes:
    """A text[]."""
    return _array(25, [None if each is None else each.encode() for each in elements])


def elements(array: bytes | None) -> list[bytes]:
    """The elements of an array without NULLs, each in its own binary form; none of a NULL."""
    found = []
    place = _HEADER.size  # an empty array ends before, with its number of dimensions
    while array and place < len(array):
        (length,) = _LENGTH.unpack_from(array, place)
        place += _LENGTH.size + length
        found.append(array[place - length : place])
    return found


def integer(value: bytes | None) -> int:
    """An integer of any width; 0 of a NULL."""
    return int.from_bytes(value or b"", "big", signed=True)


def _array(element_type: int, elements: Sequence[bytes | None]) -> bytes:
    parts = [_HEADER.pack(1, 1, element_type, len(elements), 1)]
    for element in elements:
        parts += (_NULL,) if element is None else (_LENGTH.pack(len(element)), element)
    return b"".join(parts)


class _BytesDumper(Dumper):
    format = Format.BINARY
    oid = BYTES

    def dump(self, obj: Bytes) -> bytes:
        return bytes_array(obj.elements)


psycopg.adapters.register_dumper(Bytes, _BytesDumper)
