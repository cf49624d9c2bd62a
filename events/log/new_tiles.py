"""Which tiles and bundles a tree's growth adds, and the bytes of the tiles."""

from collections.abc import Iterator

from events.log.lines import HASH_BYTES
from events.log.tiles import MAX_LEVEL, TILE_HEIGHT, TILE_WIDTH, Bundle, Tile, TileReader, check_tile, tile_at
from events.log.tree import Growth


def new_tiles(old: int, new: int) -> Iterator[Tile]:
    """Every tile of the tree of size `new` that the tree of size `old` had not, or had narrower."""
    for level in range(MAX_LEVEL // TILE_HEIGHT + 1):
        had, has = old >> TILE_HEIGHT * level, new >> TILE_HEIGHT * level
        if has <= had:
            return
        for index in range(had // TILE_WIDTH, -(-has // TILE_WIDTH)):
            yield tile_at(level, index, new)


def new_bundles(old: int, new: int) -> Iterator[Bundle]:
    """Every bundle of the log of size `new` that the log of size `old` had not, or had narrower."""
    if new > old:
        for index in range(old // TILE_WIDTH, -(-new // TILE_WIDTH)):
            yield Bundle(index, min(TILE_WIDTH, new - index * TILE_WIDTH))


def write_tiles(growth: Growth, read: TileReader) -> Iterator[tuple[Tile, bytes]]:
    """The tiles that a growth adds, with their bytes; reads at most one old partial tile per level.

    Raises:
        MalformedTileError: an old partial tile has not its length.
    """
    old, new = growth.before.size, growth.after.size
    for level in range(MAX_LEVEL // TILE_HEIGHT + 1):
        had, has = old >> TILE_HEIGHT * level, new >> TILE_HEIGHT * level
        if has <= had:
            return
        first, held = divmod(had, TILE_WIDTH)
        begun = check_tile(partial := Tile(level, first, held), read(partial)) if held else b""
        hashes = begun + b"".join(growth.nodes[TILE_HEIGHT * level])
        for index in range(first, -(-has // TILE_WIDTH)):
            tile, offset = tile_at(level, index, new), (index - first) * TILE_WIDTH * HASH_BYTES
            yield tile, hashes[offset : offset + tile.width * HASH_BYTES]
