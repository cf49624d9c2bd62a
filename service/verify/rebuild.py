"""The tree computed again from the entries, against the tree that is stored: which of the two was touched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from events.log.authentic import AuthenticTiles
from events.log.errors import LogError
from events.log.lines import HASH_BYTES
from events.log.new_tiles import write_tiles
from events.log.storage import Connection, read_edge, read_head, tile_reader
from events.log.tiles import TILE_WIDTH, Tile
from events.log.tree import Edge, TreeHead, append
from service.verify.findings import Findings

_TILES = "SELECT level, index, hashes FROM log.tiles WHERE level = %s AND index BETWEEN %s AND %s"
_HEADS = "SELECT size, root FROM log.heads ORDER BY size"


@dataclass(slots=True)
class Rebuild:
    """Takes leaf hashes in order, up to the size of the stored tree, and compares as it goes."""

    connection: Connection
    findings: Findings
    edge: Edge = field(default_factory=Edge)
    size: int = 0
    heads: dict[int, bytes] = field(default_factory=dict)
    _grown: dict[tuple[int, int], bytes] = field(default_factory=dict)
    _wrong: list[tuple[Tile, bytes, bytes]] = field(default_factory=list)
    _roots: dict[int, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.size = read_edge(self.connection).size
        self.heads = dict(self.connection.execute(_HEADS, binary=True).fetchall())

    def watch(self, sizes: Iterable[int]) -> None:
        """Asks for the root at further sizes, for checkpoints kept elsewhere."""
        for size in sizes:
            self.heads.setdefault(size, b"")

    def root_at(self, size: int) -> bytes | None:
        """The root computed from the entries for a size that was asked for."""
        return self._roots.get(size)

    def take(self, leaves: Sequence[bytes]) -> None:
        """Grows the computed tree, stopping at every size that has a head."""
        leaves = leaves[: self.size - self.edge.size]
        start, end = self.edge.size, self.edge.size + len(leaves)
        stops = sorted(size for size in self.heads if start < size < end)
        for stop in [*stops, *([end] if end > start else [])]:
            growth = append(self.edge, leaves[self.edge.size - start : stop - start])
            written = list(write_tiles(growth, lambda tile: self._grown[tile.level, tile.index]))
            for tile, data in written:
                self._grown[tile.level, tile.index] = data
            self.edge = growth.after
            self._roots[stop] = self.edge.head.root
            full = [each for each in written if each[0].width == TILE_WIDTH]
            self._compare(full)
            for tile, _ in full:
                del self._grown[tile.level, tile.index]

    def finish(self) -> None:
        """Compares the partial tiles, the edge and every head; then names what was touched."""
        if self.edge.size == self.size:
            self._compare([(Tile(*at, len(data) // HASH_BYTES), data) for at, data in self._grown.items()])
            if read_edge(self.connection) != self.edge and not self._changed():
                self.findings.add("log.edge", "右边缘与条目不符", "the right edge is not that of the entries")
        for size, root in self.heads.items():
            computed = self._roots.get(size)
            if root and computed not in (None, root) and not self._changed():
                self.findings.add(f"head {size}", "树根与条目不符", "the root is not that of the entries")
            if root and size > self.size:
                self.findings.add(f"head {size}", "树比其树根所述的短", "the tree is shorter than this head says")
        self._blame()

    def _changed(self) -> bool:
        # other leaves than were stored: every root above them is explained by that
        return any(tile.level == 0 for tile, _, _ in self._wrong)

    def _compare(self, computed: Sequence[tuple[Tile, bytes]]) -> None:
        for level in {tile.level for tile, _ in computed}:
            mine = {tile.index: (tile, data) for tile, data in computed if tile.level == level}
            rows = self.connection.execute(_TILES, (level, min(mine), max(mine)), binary=True)
            stored = {index: hashes for _, index, hashes in rows}
            self._wrong += [
                (tile, data, stored.get(index, b""))
                for index, (tile, data) in mine.items()
                if stored.get(index) != data
            ]

    def _blame(self) -> None:
        """Entries or tiles? Where the entries still lead to the newest root, the tiles were touched."""
        head = read_head(self.connection)
        honest = self._roots.get(head.size) == head.root
        for tile, computed, stored in self._wrong:
            if not stored:
                self.findings.add(tile.path, "缺少瓦片", "a tile is missing")
            elif honest or self._unsound(head, tile, stored):
                self.findings.add(tile.path, "瓦片被改动", "the tile was changed")
            elif tile.level == 0:
                for position in differing(tile, computed, stored):
                    self.findings.at(position, "条目与树不符", "the entry is not the one in the tree")

    def _unsound(self, head: TreeHead, tile: Tile, stored: bytes) -> bool:
        """Whether the stored tile itself does not lead to the stored root."""
        try:
            return AuthenticTiles(head, tile_reader(self.connection)).tile(tile.level, tile.index) != stored
        except LogError as reason:
            return reason.detail == tile.path


def differing(tile: Tile, computed: bytes, stored: bytes) -> list[int]:
    """The positions whose leaves differ between two versions of a tile of leaves."""
    pairs = (
        (computed[at : at + HASH_BYTES], stored[at : at + HASH_BYTES]) for at in range(0, len(computed), HASH_BYTES)
    )
    return [tile.index * TILE_WIDTH + offset + 1 for offset, (mine, theirs) in enumerate(pairs) if mine != theirs]
