"""Arrays in PostgreSQL's binary form: one join of bytes instead of a Python call an element."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEADER = struct.Struct("!iiIii")  # array_recv: dimensions, has nulls, element type, length, lower bound
_LENGTH = struct.Struct("!i")
_NULL = _LENGTH.pack(-1)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A parameter that PostgreSQL receives as bytea[]."""

    elements: Sequence[bytes | None]


@dataclass(frozen=True, slots=True)
class Texts:
    """A parameter that PostgreSQL receives as text[]."""

    elements: Sequence[str | None]


def _array(element_type: int, elements: Sequence[bytes | None]) -> bytes:
    parts = [_HEADER.pack(1, 1, element_type, len(elements), 1)]
    for element in elements:
        parts += (_NULL,) if element is None else (_LENGTH.pack(len(element)), element)
    return b"".join(parts)


class _BytesDumper(Dumper):
    format = Format.BINARY
    oid = 1001  # pg_type.dat: _bytea

    def dump(self, obj: Bytes) -> bytes:
        return _array(17, obj.elements)


class _TextsDumper(Dumper):
    format = Format.BINARY
    oid = 1009  # pg_type.dat: _text

    def dump(self, obj: Texts) -> bytes:
        return _array(25, [None if each is None else each.encode() for each in obj.elements])


psycopg.adapters.register_dumper(Bytes, _BytesDumper)
psycopg.adapters.register_dumper(Texts, _TextsDumper)
