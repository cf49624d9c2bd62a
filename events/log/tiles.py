"""C2SP tlog-tiles: which tiles a tree has, and what they are called.

A tile of level l and index n holds the hashes of the nodes at tree level 8·l from n·256 on: 256 of them when
it is full, fewer when it is the rightmost of its level ("partial"). An entry bundle cuts the entries alike.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from events.log.errors import MalformedTileError
from events.log.lines import HASH_BYTES, MAX_NUMBER

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_LEVEL = 63

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile of hashes: level 0 to 63, index from 0, width 1 to 256 (256 is full)."""

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MAX_LEVEL:
            raise MalformedTileError(f"level {self.level}")
        _check_place(self.index, self.width)

    @property
    def path(self) -> str:
        """`tile/<L>/<N>[.p/<W>]`, relative to the log's prefix."""
        return f"tile/{self.level}/{_place(self.index, self.width)}"


@dataclass(frozen=True, slots=True, order=True)
class Bundle:
    """A bundle of entries: index from 0, width 1 to 256 (256 is full)."""

    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        _check_place(self.index, self.width)

    @property
    def path(self) -> str:
        """`tile/entries/<N>[.p/<W>]`, relative to the log's prefix."""
        return f"tile/entries/{_place(self.index, self.width)}"

    @property
    def start(self) -> int:
        """The index of its first leaf."""
        return self.index * TILE_WIDTH


TileReader: TypeAlias = Callable[[Tile], bytes]
"""A tile to its bytes, exactly 32·width of them; raises TileMissingError when it cannot be had."""


def parse_path(path: str) -> Tile | Bundle:
    """The tile or bundle of a path written as `path` writes it.

    Raises:
        MalformedTileError: any other text, among them leading zeros and partial tiles of width 256.
    """
    match = _PATH.fullmatch(path)
    if not match:
        raise MalformedTileError(path[:80])
    index = int(match["index"].replace("x", "").replace("/", ""))
    width = int(match["width"] or TILE_WIDTH)
    found = Bundle(index, width) if match["level"] == "entries" else Tile(int(match["level"]), index, width)
    if found.path != path:
        raise MalformedTileError(path[:80])
    return found


def tile_at(level: int, index: int, size: int) -> Tile:
    """The tile of this level and index as wide as a tree of this size has it.

    Raises:
        MalformedTileError: the tree has no such tile.
    """
    return Tile(level, index, min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - index * TILE_WIDTH))


def partial_tiles(size: int) -> list[Tile]:
    """The partial tiles of a tree, from the leaves up; their hashes lie under exactly the tree's peaks."""
    widths = [(level, size >> TILE_HEIGHT * level) for level in range(MAX_LEVEL // TILE_HEIGHT + 1)]
    return [Tile(level, count // TILE_WIDTH, count % TILE_WIDTH) for level, count in widths if count % TILE_WIDTH]


def check_tile(tile: Tile, data: bytes) -> bytes:
    """The bytes themselves when they are as many as the tile is wide.

    Raises:
        MalformedTileError: otherwise.
    """
    if len(data) != tile.width * HASH_BYTES:
        raise MalformedTileError(tile.path)
    return data


def _check_place(index: int, width: int) -> None:
    if not 0 <= index <= MAX_NUMBER or not 1 <= width <= TILE_WIDTH:
        raise MalformedTileError(f"{index} / {width}")


def _place(index: int, width: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]]) + partial
