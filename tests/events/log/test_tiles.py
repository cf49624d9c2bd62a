from hashlib import sha256

import pytest
from hypothesis import given, strategies as st

from events.log.errors import MalformedTileError
from events.log.new_tiles import new_bundles, new_tiles, write_tiles
from events.log.tiles import Bundle, Tile, parse_path, partial_tiles, tile_at
from events.log.tree import Edge, append


def leaves(count: int) -> list[bytes]:
    return [sha256(str(number).encode()).digest() for number in range(count)]


@pytest.mark.parametrize(
    ("found", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 5, 17), "tile/1/005.p/17"),
        (Tile(63, 999), "tile/63/999"),
        (Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
        (Bundle(1234067), "tile/entries/x001/x234/067"),
        (Bundle(273, 112), "tile/entries/273.p/112"),
    ],
)
def test_a_place_and_its_path_are_two_spellings_of_one_thing(found: Tile | Bundle, path: str) -> None:
    assert found.path == path
    assert parse_path(path) == found


@given(st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_every_place_comes_back_from_its_path(level: int, index: int, width: int) -> None:
    assert parse_path(Tile(level, index, width).path) == Tile(level, index, width)
    assert parse_path(Bundle(index, width).path) == Bundle(index, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/00",
        "tile/0/1234",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/067",
        "tile/0/001/067",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/0/０００",
        "tile/data/000",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(MalformedTileError):
        parse_path(path)


@given(st.text(max_size=40) | st.from_regex(r"tile/[0-9a-z]*/[x0-9/]*(\.p/[0-9]*)?"))
def test_a_path_is_refused_by_name_or_written_back_as_it_was(path: str) -> None:
    try:
        assert parse_path(path).path == path
    except MalformedTileError:
        return


def test_a_tree_of_seventy_thousand_has_the_tiles_the_specification_counts() -> None:
    tiles = list(new_tiles(0, 70_000))
    assert len(tiles) == 273 + 1 + 1 + 1 + 1
    assert partial_tiles(70_000) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(new_tiles(0, 256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(new_bundles(0, 70_000))[-1] == Bundle(273, 112)


@given(st.integers(0, 200_000), st.integers(0, 3_000))
def test_growing_touches_the_tiles_that_differ_between_the_sizes_and_no_other(old: int, more: int) -> None:
    assert set(new_tiles(old, old + more)) == set(new_tiles(0, old + more)) - set(new_tiles(0, old))
    assert set(new_bundles(old, old + more)) == set(new_bundles(0, old + more)) - set(new_bundles(0, old))


@given(st.lists(st.integers(0, 400), max_size=5))
def test_tiles_written_in_batches_are_the_tiles_written_at_once(batches: list[int]) -> None:
    every, edge, done = leaves(sum(batches)), Edge(), 0
    stored: dict[Tile, bytes] = {}
    for batch in batches:
        growth = append(edge, every[done : done + batch])
        written = dict(write_tiles(growth, stored.__getitem__))
        assert set(written) == set(new_tiles(done, done + batch))
        stored, edge, done = stored | written, growth.after, done + batch
    at_once = dict(write_tiles(append(Edge(), every), stored.__getitem__))
    assert at_once == {tile: stored[tile] for tile in new_tiles(0, done)}


def test_an_old_partial_tile_of_another_length_stops_the_writing() -> None:
    first = append(Edge(), leaves(3))
    growth = append(first.after, leaves(2))
    with pytest.raises(MalformedTileError):
        dict(write_tiles(growth, lambda _: bytes(64)))


@pytest.mark.parametrize(("level", "index", "size"), [(0, 1, 256), (1, 0, 255), (0, -1, 9), (64, 0, 9)])
def test_a_tile_the_tree_has_not_can_not_be_named(level: int, index: int, size: int) -> None:
    with pytest.raises(MalformedTileError):
        tile_at(level, index, size)
