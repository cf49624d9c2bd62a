"""The RFC 6962 Merkle tree over SHA-256, kept as its right edge: appending never reads an old leaf again.

A node is addressed by (level, index): it covers the leaves index·2^level up to (index+1)·2^level, all there.
Sources: RFC 6962 section 2.1, RFC 9162 section 2.1.1, C2SP merkle-tree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from events.log.errors import MalformedTreeError
from events.log.lines import HASH_BYTES, MAX_NUMBER

HashReader: TypeAlias = Callable[[int, int], bytes]
"""(level, index) of a complete node to its 32-byte hash."""

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """The leaf hash of each entry, in order; the fast way for many."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class TreeHead:
    """A size and the root at that size: all a signer or a witness has to remember."""

    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_NUMBER or len(self.root) != HASH_BYTES:
            raise MalformedTreeError(f"size {self.size}")


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: its complete subtrees ("peaks"), largest first, one per set bit of size."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_NUMBER or self.size.bit_count() != len(self.peaks):
            raise MalformedTreeError(f"size {self.size}")
        _check_hashes(self.peaks)

    @property
    def head(self) -> TreeHead:
        """The size with the Merkle tree hash (RFC 6962 section 2.1)."""
        return TreeHead(self.size, fold(self.peaks))


@dataclass(frozen=True, slots=True)
class Growth:
    """What one append adds: the edges before and after, and per level the new complete nodes in order.

    `nodes[level][0]` has the index `before.size >> level`.
    """

    before: Edge
    after: Edge
    nodes: tuple[Sequence[bytes], ...]


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over peaks given from left to right."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in peaks[-2::-1]:
        root = node_hash(peak, root)
    return root


def append(edge: Edge, leaves: Sequence[bytes]) -> Growth:
    """The tree after these leaf hashes, level by level: about two SHA-256 per entry, nothing read.

    Raises:
        MalformedTreeError: a leaf hash is not 32 bytes long.
    """
    _check_hashes(leaves)
    old = dict(zip(peak_levels(edge.size), edge.peaks, strict=True))
    nodes: list[Sequence[bytes]] = []
    rightmost: list[bytes] = []
    level, fresh = 0, list(leaves)
    while fresh:
        nodes.append(fresh)
        row = [old[level], *fresh] if level in old else fresh
        if len(row) % 2:
            rightmost.append(row[-1])
        fresh = [sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)]
        level += 1
    untouched = [peak for above, peak in old.items() if above >= level]
    after = Edge(edge.size + len(leaves), (*untouched, *reversed(rightmost)))
    return Growth(edge, after, tuple(nodes))


def peak_levels(size: int) -> list[int]:
    """The levels of the peaks of a tree, from left to right."""
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


def range_root(start: int, end: int, read: HashReader) -> bytes:
    """The tree hash of the leaves [start, end) when start is aligned as in every split of RFC 6962."""
    peaks = []
    for level in peak_levels(end - start):
        peaks.append(read(level, start >> level))
        start += 1 << level
    return fold(peaks)


def edge_at(size: int, read: HashReader) -> Edge:
    """The right edge of the tree at this size, from stored nodes."""
    starts = [(level, size >> level + 1 << 1) for level in peak_levels(size)]
    return Edge(size, tuple(read(level, index) for level, index in starts))


def _check_hashes(hashes: Iterable[bytes]) -> None:
    # one pass in C: a hash of another length would shift every byte after it
    if set(map(len, hashes)) - {HASH_BYTES}:
        raise MalformedTreeError("hash length")
