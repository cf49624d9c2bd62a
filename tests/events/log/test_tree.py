from typing import Any

import pytest
from hypothesis import given, strategies as st

from events.log.errors import MalformedTreeError
from events.log.tree import Edge, TreeHead, append, edge_at, leaf_hash, leaf_hashes, range_root

# roots of the public test tree at the sizes 0 to 8
PUBLIC_ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("size", range(9))
def test_the_public_roots_come_out_of_the_public_entries(public_entries: tuple[bytes, ...], size: int) -> None:
    edge = append(Edge(), leaf_hashes(public_entries[:size])).after
    assert edge.head == TreeHead(size, bytes.fromhex(PUBLIC_ROOTS[size]))


@given(st.lists(st.integers(0, 40), max_size=6))
def test_any_cutting_into_batches_gives_the_tree_of_the_whole(naive: Any, batches: Any) -> None:
    entries = [str(number).encode() for number in range(sum(batches))]
    edge, done = Edge(), 0
    for batch in batches:
        edge = append(edge, leaf_hashes(entries[done : done + batch])).after
        done += batch
    assert edge.head.root == naive(entries).root(0, len(entries))


@given(st.integers(0, 70), st.integers(0, 70))
def test_growth_names_every_new_complete_node_and_no_other(naive: Any, old: int, more: int) -> None:
    entries = [str(number).encode() for number in range(old + more)]
    model, leaves = naive(entries), leaf_hashes(entries)
    growth = append(append(Edge(), leaves[:old]).after, leaves[old:])
    for level in range(8):
        fresh = [model.node(level, index) for index in range(old >> level, old + more >> level)]
        assert fresh == (list(growth.nodes[level]) if level < len(growth.nodes) else [])


@given(st.integers(0, 200))
def test_the_edge_can_be_read_back_from_stored_nodes(naive: Any, size: int) -> None:
    model = naive([bytes([number]) for number in range(size)])
    assert edge_at(size, model.node) == append(Edge(), model.leaves).after
    assert range_root(0, size, model.node) == model.root(0, size)


def test_a_leaf_and_a_node_can_not_be_taken_for_one_another() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert append(Edge(), [left, right]).after.head.root != leaf_hash(left + right)


@pytest.mark.parametrize(
    ("size", "peaks"), [(-1, ()), (1, ()), (3, (bytes(32),)), (1, (bytes(31),)), (2**63, (bytes(32),))]
)
def test_an_edge_that_no_tree_has_is_refused(size: int, peaks: Any) -> None:
    with pytest.raises(MalformedTreeError):
        Edge(size, peaks)


def test_a_hash_of_another_length_never_enters_the_tree() -> None:
    with pytest.raises(MalformedTreeError):
        append(Edge(), [bytes(32), bytes(20)])
    with pytest.raises(MalformedTreeError):
        TreeHead(1, bytes(20))
