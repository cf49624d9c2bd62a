"""Arrays in PostgreSQL's binary form: one join of bytes instead of a Python call an element."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

BYTES, TEXTS = 1001, 1009  # pg_type.dat: _bytea, _text
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


def integers(array: bytes | None) -> list[int]:
    """The numbers of a bigint[] without NULLs; none of a NULL."""
    if not array:
        return []
    *_, count, _ = _HEADER.unpack_from(array)
    return [number for _, number in struct.iter_unpack("!iq", array[_HEADER.size :])] if count else []


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
