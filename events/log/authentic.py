"""Reading a log from tiles somebody else holds: nothing is given out before it leads to a signed root.

First the partial tiles: their hashes lie under the peaks, which fold to the root. Then every full tile on
demand: its own root must stand in the authenticated tile above. A changed byte is met before it is used.
"""

from collections.abc import Iterator

from events.log.bundles import parse_bundle
from events.log.errors import OutOfTreeError, TileNotAuthenticError
from events.log.lines import HASH_BYTES
from events.log.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    Bundle,
    Tile,
    TileReader,
    check_tile,
    partial_tiles,
    tile_at,
)
from events.log.tree import TreeHead, fold, leaf_hashes, node_hash, peak_levels


class AuthenticTiles:
    """The nodes and entries of one signed tree, from an untrusted tile reader; authenticated tiles are kept.

    Raises:
        TileNotAuthenticError: on opening, when the partial tiles do not fold to the root.
        MalformedTileError: a tile of another length than the tree gives it.
    """

    def __init__(self, head: TreeHead, read: TileReader) -> None:
        self.head = head
        self._read = read
        self._trusted: dict[tuple[int, int], bytes] = {}
        partial = [(tile, check_tile(tile, read(tile))) for tile in partial_tiles(head.size)]
        # from the top level down, because higher peaks stand further left
        peaks = [peak for tile, data in reversed(partial) for peak in _peaks(tile.width, data)]
        if fold(peaks) != head.root:
            raise TileNotAuthenticError(f"size {head.size}")
        self._trusted = {(tile.level, tile.index): data for tile, data in partial}

    def node(self, level: int, index: int) -> bytes:
        """A HashReader: the hash of a complete node of the signed tree.

        Raises:
            OutOfTreeError: the tree has no such complete node.
            TileNotAuthenticError: a tile on the way does not lead to the root.
        """
        if index < 0 or index + 1 << level > self.head.size:
            raise OutOfTreeError(f"{level} / {index}")
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, first = divmod(index << height, TILE_WIDTH)
        return tile_root(self.tile(tile_level, tile_index), first, 1 << height)

    def tile(self, level: int, index: int) -> bytes:
        """The bytes of a tile as wide as the signed tree has it.

        Raises:
            MalformedTileError: the tree has no such tile, or its bytes have another length.
            TileNotAuthenticError: the tile or one above it does not lead to the root.
        """
        climbing: list[tuple[Tile, bytes]] = []
        while (level, index) not in self._trusted:
            tile = tile_at(level, index, self.head.size)
            climbing.append((tile, check_tile(tile, self._read(tile))))
            level, index = level + 1, index // TILE_WIDTH
        above = self._trusted[level, index]
        for tile, data in reversed(climbing):
            if tile_root(data, 0, TILE_WIDTH) != _hash(above, tile.index % TILE_WIDTH):
                raise TileNotAuthenticError(tile.path)
            self._trusted[tile.level, tile.index] = above = data
        return above

    def entries(self, bundle: Bundle, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The (leaf index, entry) pairs of a bundle whose every entry hashes to its leaf in the signed tree.

        Raises:
            MalformedTileError: not a bundle of this width.
            TileNotAuthenticError: an entry is not the one the root speaks of; names its leaf.
        """
        entries = parse_bundle(data, bundle.width)
        if bundle.start + bundle.width > self.head.size:
            raise OutOfTreeError(bundle.path)
        leaves = self.tile(0, bundle.index)
        for offset, leaf in enumerate(leaf_hashes(entries)):
            if leaf != _hash(leaves, offset):
                raise TileNotAuthenticError(f"leaf {bundle.start + offset}")
        return iter(enumerate(entries, bundle.start))


def _hash(data: bytes, at: int) -> bytes:
    return data[at * HASH_BYTES : (at + 1) * HASH_BYTES]


def tile_root(data: bytes, first: int, count: int) -> bytes:
    """The complete node over `count` (a power of two) hashes of one tile from its hash number `first` on."""
    row = [_hash(data, at) for at in range(first, first + count)]
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _peaks(width: int, data: bytes) -> Iterator[bytes]:
    first = 0
    for level in peak_levels(width):
        yield tile_root(data, first, 1 << level)
        first += 1 << level
