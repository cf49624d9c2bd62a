"""Making one inclusion proof quickly: the few tiles it takes, in one round trip, and the proof checked before use.

The tiles are not authenticated one by one: a proof that verifies needs no other witness (RFC 9162 section 2.1.3.2).
"""

from events.log.authentic import AuthenticTiles, tile_root
from events.log.errors import NotProvedError
from events.log.lines import HASH_BYTES
from events.log.paths import inclusion_proof, verify_inclusion
from events.log.storage import Connection, read_tiles, tile_reader
from events.log.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, TileReader, partial_tiles, tile_at
from events.log.tree import HashReader, TreeHead


def prove_inclusion(connection: Connection, index: int, head: TreeHead) -> list[bytes]:
    """The path of a leaf in a stored tree, verified up to the head's root.

    Raises:
        NotProvedError: the stored tiles do not prove it; names the tile that does not lead to the root.
    """
    read = read_tiles(connection, tiles_of(index, head.size))
    try:
        path = inclusion_proof(index, head.size, nodes(head.size, read))
        tile, offset = divmod(index, TILE_WIDTH)
        leaves = read(tile_at(0, tile, head.size))
        verify_inclusion(leaves[offset * HASH_BYTES : (offset + 1) * HASH_BYTES], index, head, path)
    except NotProvedError:
        # says which tile is to blame, or nothing, when another one made it good meanwhile
        return inclusion_proof(index, head.size, AuthenticTiles(head, tile_reader(connection)).node)
    return path


def tiles_of(index: int, size: int) -> list[Tile]:
    """The tiles that hold every node of a leaf's path: those above the leaf, and the partial ones."""
    found = set(partial_tiles(size))
    for level in range((size - 1).bit_length() // TILE_HEIGHT + 1):
        above = index >> TILE_HEIGHT * (level + 1)
        if size >> TILE_HEIGHT * level > above * TILE_WIDTH:
            found.add(tile_at(level, above, size))
    return sorted(found)


def nodes(size: int, read: TileReader) -> HashReader:
    """Complete nodes of a tree, straight from its tiles."""

    def node(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT)
        tile_index, first = divmod(index << height, TILE_WIDTH)
        return tile_root(read(tile_at(tile_level, tile_index, size)), first, 1 << height)

    return node
