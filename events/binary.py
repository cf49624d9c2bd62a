"""The entries of a commit as PostgreSQL's binary bytea[]: one join of bytes instead of a Python call an entry."""

import struct
from collections.abc import Sequence

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_BYTEA, _BYTEA_ARRAY = 17, 1001  # pg_type.dat
_HEADER = struct.Struct("!iiIii")  # array_recv: dimensions, has nulls, element type, length, lower bound
_LENGTH = struct.Struct("!i")


class Entries:
    """A parameter that PostgreSQL receives as bytea[]."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Sequence[bytes]) -> None:
        self._entries = entries

    def dump(self) -> bytes:
        """The array in PostgreSQL's binary form."""
        parts = [_HEADER.pack(1, 0, _BYTEA, len(self._entries), 1)]
        for entry in self._entries:
            parts += (_LENGTH.pack(len(entry)), entry)
        return b"".join(parts)


class _EntriesDumper(Dumper):
    oid = _BYTEA_ARRAY
    format = Format.BINARY

    def dump(self, obj: Entries) -> bytes:
        return obj.dump()


psycopg.adapters.register_dumper(Entries, _EntriesDumper)
