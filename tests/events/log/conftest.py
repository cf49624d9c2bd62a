"""The naive tree: RFC 6962 section 2.1 as its definition, the model every fast path is held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest

# the eight entries and nine roots that every RFC 6962 implementation publishes
PUBLIC_ENTRIES = tuple(
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)


@dataclass(frozen=True)
class NaiveTree:
    leaves: tuple[bytes, ...]

    @classmethod
    def of(cls, entries: Sequence[bytes]) -> "NaiveTree":
        return cls(tuple(sha256(b"\x00" + entry).digest() for entry in entries))

    def root(self, start: int, end: int) -> bytes:
        if end - start <= 1:
            return self.leaves[start] if end > start else sha256(b"").digest()
        middle = start + self.split(end - start)
        return sha256(b"\x01" + self.root(start, middle) + self.root(middle, end)).digest()

    def path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + self.split(end - start)
        if index < middle:
            return [*self.path(index, start, middle), self.root(middle, end)]
        return [*self.path(index, middle, end), self.root(start, middle)]

    def proof(self, old: int, start: int, end: int, *, known: bool = True) -> list[bytes]:
        if old == end:
            return [] if known else [self.root(start, end)]
        middle = start + self.split(end - start)
        if old <= middle:
            return [*self.proof(old, start, middle, known=known), self.root(middle, end)]
        return [*self.proof(old, middle, end, known=False), self.root(start, middle)]

    def node(self, level: int, index: int) -> bytes:
        assert index + 1 << level <= len(self.leaves), "only complete nodes may be asked for"
        return self.root(index << level, index + 1 << level)

    @staticmethod
    def split(size: int) -> int:
        half = 1
        while half * 2 < size:
            half *= 2
        return half


@pytest.fixture(scope="session")
def naive() -> Any:
    """NaiveTree.of(entries)."""
    return NaiveTree.of


@pytest.fixture(scope="session")
def public_tree() -> Any:
    """The public test tree of eight leaves."""
    return NaiveTree.of(PUBLIC_ENTRIES)


@pytest.fixture(scope="session")
def public_entries() -> Any:
    return PUBLIC_ENTRIES
