"""The log in the database: right edge, heads, tiles and checkpoints, read as they stand and believed by nobody.

Written only through the functions of the schema `log`; each call is a whole transaction.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import psycopg

from events.log.errors import TileMissingError
from events.log.lines import HASH_BYTES
from events.log.notes import Note, parse_note, with_signatures
from events.log.signature_lines import parse_signatures
from events.log.signers import SignerKey
from events.log.tiles import Tile, TileReader
from events.log.tree import EMPTY_ROOT, Edge, Growth, TreeHead

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

_GROW = "SELECT log.grow(%s, %s, %b, %b, %b::int2[], %b::int8[], %b::bytea[])"
_NEWEST = "SELECT size, note FROM log.checkpoints ORDER BY size DESC LIMIT 1"
_NEWEST_AND_COSIGNED = """
SELECT c.note, coalesce(string_agg(s.line, '' ORDER BY s.key), '')
  FROM log.checkpoints c LEFT JOIN log.cosignatures s USING (size)
 WHERE c.size = (SELECT max(size) FROM log.checkpoints)
    OR c.size IN (SELECT size FROM log.cosignatures ORDER BY size DESC LIMIT %s)
 GROUP BY c.size ORDER BY c.size DESC
"""
_TILES = """
SELECT level, index, substring(hashes FOR width * 32) FROM log.tiles
  JOIN unnest(%s::int2[], %s::int8[], %s::int4[]) AS wanted (level, index, width) USING (level, index)
"""


def read_edge(connection: Connection) -> Edge:
    """The right edge of the tree that stands."""
    row = connection.execute("SELECT size, peaks FROM log.edge", binary=True).fetchone()
    size, peaks = row or (0, b"")
    return Edge(size, tuple(peaks[at : at + HASH_BYTES] for at in range(0, len(peaks), HASH_BYTES)))


def read_head(connection: Connection) -> TreeHead:
    """The newest tree head, of size 0 before the first growth."""
    row = connection.execute("SELECT size, root FROM log.heads ORDER BY size DESC LIMIT 1", binary=True).fetchone()
    return TreeHead(*row) if row else TreeHead(0, EMPTY_ROOT)


def tile_reader(connection: Connection) -> TileReader:
    """Reads tiles at any width they ever had.

    Raises:
        TileMissingError: the tile is not there, or is not that wide.
    """

    def read(tile: Tile) -> bytes:
        found = connection.execute(
            "SELECT substring(hashes FOR %s) FROM log.tiles WHERE level = %s AND index = %s",
            (tile.width * HASH_BYTES, tile.level, tile.index),
            binary=True,
        ).fetchone()
        if found is None or len(found[0]) != tile.width * HASH_BYTES:
            raise TileMissingError(tile.path)
        return bytes(found[0])

    return read


def write_growth(connection: Connection, growth: Growth, tiles: Iterable[tuple[Tile, bytes]]) -> bool:
    """Stores a growth whole; False when the tree no longer stands at its beginning, and then nothing was stored."""
    written = list(tiles)
    row = connection.execute(
        _GROW,
        (
            growth.before.size,
            growth.after.size,
            growth.after.head.root,
            b"".join(growth.after.peaks),
            [tile.level for tile, _ in written],
            [tile.index for tile, _ in written],
            [hashes for _, hashes in written],
        ),
    ).fetchone()
    return bool(row and row[0])


def read_checkpoint(connection: Connection) -> tuple[int, Note] | None:
    """The newest signed checkpoint with every cosignature it has, and its size; None before the first."""
    row = connection.execute(_NEWEST, binary=True).fetchone()
    return (row[0], _with_witnesses(connection, row[0], row[1])) if row else None


def read_newest(connection: Connection, cosignatures: int) -> list[bytes]:
    """The newest checkpoint and those the last so many cosignatures stand on, each with all of its cosignatures."""
    rows = connection.execute(_NEWEST_AND_COSIGNED, (cosignatures,), binary=True).fetchall()
    return [note + lines.encode() for note, lines in rows]


def read_tiles(connection: Connection, wanted: Sequence[Tile]) -> TileReader:
    """A reader of exactly these tiles, fetched in one round trip."""
    columns = tuple(map(list, zip(*((each.level, each.index, each.width) for each in wanted), strict=True)))
    rows = connection.execute(_TILES, columns, binary=True)
    found = {(level, index): hashes for level, index, hashes in rows}

    def read(tile: Tile) -> bytes:
        hashes: bytes = found.get((tile.level, tile.index), b"")
        if len(hashes) < tile.width * HASH_BYTES:
            raise TileMissingError(tile.path)
        return hashes[: tile.width * HASH_BYTES]

    return read


def read_checkpoint_at(connection: Connection, size: int) -> Note | None:
    """The signed checkpoint of exactly this size with its cosignatures, or None."""
    row = connection.execute("SELECT note FROM log.checkpoints WHERE size = %s", (size,), binary=True).fetchone()
    return _with_witnesses(connection, size, row[0]) if row else None


def publish(connection: Connection, head: TreeHead, note: bytes) -> None:
    """Stores a signed checkpoint; one that is there already stays as it is."""
    connection.execute("SELECT log.publish(%s, %b, %b)", (head.size, head.root, note))


def introduce(connection: Connection, purpose: str, keys: Iterable[SignerKey]) -> None:
    """Lists the public halves of keys among those the log signs with ("checkpoint" or "receipt")."""
    known = {key for (key,) in connection.execute("SELECT key FROM log.keys")}
    for key in keys:
        if key.verifier.text not in known:
            connection.execute("SELECT log.introduce(%s, %s)", (key.verifier.text, purpose))


def _with_witnesses(connection: Connection, size: int, note: bytes) -> Note:
    rows = connection.execute("SELECT line FROM log.cosignatures WHERE size = %s ORDER BY key", (size,))
    return with_signatures(parse_note(note), [each for (line,) in rows for each in parse_signatures(line)])
