from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from events.log.authentic import AuthenticTiles
from events.log.bundles import MAX_ENTRY_BYTES, parse_bundle, write_bundle
from events.log.errors import LogError, MalformedTileError, OutOfTreeError, TileNotAuthenticError
from events.log.new_tiles import write_tiles
from events.log.paths import inclusion_proof, verify_inclusion
from events.log.tiles import Bundle, Tile
from events.log.tree import Edge, TreeHead, append, leaf_hashes

sizes = st.one_of(st.integers(0, 300), st.sampled_from([256, 511, 512, 65_536, 65_537, 66_000]))


def entry(number: int) -> bytes:
    return b"entry %d" % number


@pytest.fixture(scope="module")
def log() -> Callable[[int], tuple[TreeHead, dict[Tile, bytes]]]:
    made: dict[int, tuple[TreeHead, dict[Tile, bytes]]] = {}

    def of(size: int) -> tuple[TreeHead, dict[Tile, bytes]]:
        if size not in made:
            growth = append(Edge(), leaf_hashes(map(entry, range(size))))
            made[size] = growth.after.head, dict(write_tiles(growth, {}.__getitem__))
        return made[size]

    return of


@given(sizes, st.data())
def test_every_leaf_of_an_honest_log_is_proved_from_its_tiles(log: Any, size: int, data: st.DataObject) -> None:
    head, tiles = log(size)
    reader = AuthenticTiles(head, tiles.__getitem__)
    if size:
        index = data.draw(st.integers(0, size - 1))
        path = inclusion_proof(index, size, reader.node)
        verify_inclusion(leaf_hashes([entry(index)])[0], index, head, path)


@given(st.integers(1, 300), st.data())
def test_every_node_read_from_tiles_is_the_node_of_the_definition(
    log: Any, naive: Any, size: int, data: st.DataObject
) -> None:
    head, tiles = log(size)
    level = data.draw(st.integers(0, size.bit_length() - 1))
    index = data.draw(st.integers(0, (size >> level) - 1))
    model = naive([entry(number) for number in range(size)])
    assert AuthenticTiles(head, tiles.__getitem__).node(level, index) == model.node(level, index)


@settings(max_examples=60)
@given(st.sampled_from([1, 255, 256, 257, 300, 66_000]), st.data())
def test_no_leaf_is_given_out_when_a_byte_of_its_tiles_has_changed(log: Any, size: int, data: st.DataObject) -> None:
    head, tiles = log(size)
    changed = data.draw(st.sampled_from(sorted(tiles)))
    at = data.draw(st.integers(0, len(tiles[changed]) - 1))
    bad = bytearray(tiles[changed])
    bad[at] ^= data.draw(st.integers(1, 255))

    def read(tile: Tile) -> bytes:
        return bytes(bad) if tile == changed else tiles[tile]

    first_leaf = changed.index * 256 << 8 * changed.level
    with pytest.raises(TileNotAuthenticError):
        AuthenticTiles(head, read).node(0, first_leaf)


def test_a_root_of_another_tree_opens_nothing(log: Any) -> None:
    head, tiles = log(300)
    with pytest.raises(TileNotAuthenticError):
        AuthenticTiles(TreeHead(300, bytes(32)), tiles.__getitem__)
    with pytest.raises(TileNotAuthenticError):
        AuthenticTiles(TreeHead(0, head.root), tiles.__getitem__)


def test_a_tile_of_another_length_is_refused(log: Any) -> None:
    head, tiles = log(300)
    with pytest.raises(MalformedTileError):
        AuthenticTiles(head, lambda tile: tiles[tile][:-1])
    honest = AuthenticTiles(head, lambda tile: tiles[tile] if tile.width < 256 else tiles[tile] + bytes(32))
    with pytest.raises(MalformedTileError):
        honest.node(0, 0)


@pytest.mark.parametrize(("level", "index"), [(0, 300), (0, -1), (9, 0), (8, 1), (70, 0)])
def test_a_node_the_tree_has_not_complete_is_never_given_out(log: Any, level: int, index: int) -> None:
    head, tiles = log(300)
    with pytest.raises(OutOfTreeError):
        AuthenticTiles(head, tiles.__getitem__).node(level, index)


def test_entries_come_out_only_when_each_hashes_to_its_leaf(log: Any) -> None:
    head, tiles = log(300)
    reader = AuthenticTiles(head, tiles.__getitem__)
    honest = [entry(number) for number in range(256, 300)]
    bundle = Bundle(1, 44)
    assert list(reader.entries(bundle, write_bundle(honest))) == list(enumerate(honest, 256))
    honest[7] = b"another"
    with pytest.raises(TileNotAuthenticError, match="leaf 263"):
        reader.entries(bundle, write_bundle(honest))
    with pytest.raises(OutOfTreeError):
        reader.entries(Bundle(1, 45), write_bundle([*honest, b"more"]))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=9))
def test_a_bundle_gives_back_its_entries(entries: list[bytes]) -> None:
    assert parse_bundle(write_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=60), st.integers(0, 256))
def test_any_other_bundle_is_refused_by_name(data: bytes, width: int) -> None:
    try:
        entries = parse_bundle(data, width)
    except LogError as refusal:
        assert isinstance(refusal, MalformedTileError)  # noqa: PT017 - most drawn bytes are no bundle
    else:
        assert write_bundle(entries) == data


def test_an_entry_is_at_most_what_its_length_can_say() -> None:
    longest = bytes(MAX_ENTRY_BYTES)
    assert parse_bundle(write_bundle([longest]), 1) == [longest]
    with pytest.raises(MalformedTileError):
        write_bundle([longest + b"x"])
