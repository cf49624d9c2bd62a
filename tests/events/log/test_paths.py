from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from events.log.errors import (
    ConsistencyNotProvedError,
    InclusionNotProvedError,
    LogError,
    MalformedProofError,
    OutOfTreeError,
)
from events.log.paths import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from events.log.tree import EMPTY_ROOT, TreeHead, node_hash

sizes = st.integers(1, 130)
hashes = st.binary(min_size=32, max_size=32)

# proofs of the public test tree as other implementations print them
PUBLIC_INCLUSION = [
    (0, 1, []),
    (0, 8, ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]),
    (5, 8, ["bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"]),
    (2, 3, ["fac54203e7cc696c"]),
    (1, 5, ["6e340b9cffb37a98", "5f083f0a1a33ca07", "bc1a0643b12e4d2d"]),
]
PUBLIC_CONSISTENCY = [
    (1, 1, []),
    (1, 8, ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]),
    (6, 8, ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"]),
    (2, 5, ["5f083f0a1a33ca07", "bc1a0643b12e4d2d"]),
]


def numbered(naive: Any, size: int) -> Any:
    return naive([str(number).encode() for number in range(size)])


def head(tree: Any, size: int) -> Any:
    return TreeHead(size, tree.root(0, size))


@pytest.mark.parametrize(("index", "size", "begins"), PUBLIC_INCLUSION)
def test_the_public_inclusion_proofs_are_made_and_hold(public_tree: Any, index: int, size: int, begins: Any) -> None:
    path = inclusion_proof(index, size, public_tree.node)
    assert [each.hex()[:16] for each in path] == begins
    verify_inclusion(public_tree.leaves[index], index, head(public_tree, size), path)


@pytest.mark.parametrize(("old", "new", "begins"), PUBLIC_CONSISTENCY)
def test_the_public_consistency_proofs_are_made_and_hold(public_tree: Any, old: int, new: int, begins: Any) -> None:
    path = consistency_proof(old, new, public_tree.node)
    assert [each.hex()[:16] for each in path] == begins
    verify_consistency(head(public_tree, old), head(public_tree, new), path)


@given(st.data(), sizes)
def test_every_leaf_is_proved_by_the_path_of_the_definition(naive: Any, data: st.DataObject, size: int) -> None:
    tree, index = numbered(naive, size), data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, tree.node)
    assert path == tree.path(index, 0, size)
    verify_inclusion(tree.leaves[index], index, head(tree, size), path)


@given(st.data(), sizes)
def test_every_beginning_is_proved_by_the_proof_of_the_definition(naive: Any, data: st.DataObject, new: int) -> None:
    tree, old = numbered(naive, new), data.draw(st.integers(1, new))
    path = consistency_proof(old, new, tree.node)
    assert path == tree.proof(old, 0, new)
    verify_consistency(head(tree, old), head(tree, new), path)


@given(st.data(), st.integers(2, 130))
def test_an_inclusion_proof_holds_for_no_other_leaf_index_or_length(naive: Any, data: st.DataObject, size: int) -> None:
    tree, index = numbered(naive, size), data.draw(st.integers(0, size - 1))
    path, true = inclusion_proof(index, size, tree.node), head(tree, size)
    other = data.draw(st.integers(0, size + 1).filter(lambda drawn: drawn != index))
    wrong = [(tree.leaves[index], other, path), (tree.leaves[index - 1], index, path)]
    wrong += [(tree.leaves[index], index, path[1:]), (tree.leaves[index], index, [*path, bytes(32)])]
    for leaf, at, claimed in wrong:
        with pytest.raises(InclusionNotProvedError):
            verify_inclusion(leaf, at, true, claimed)


@given(st.data(), st.integers(2, 130))
def test_a_rewritten_leaf_breaks_every_consistency_proof_over_it(naive: Any, data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    tree = numbered(naive, new)
    forged = naive([b"forged" if number == changed else str(number).encode() for number in range(new)])
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(head(tree, old), head(forged, new), consistency_proof(old, new, forged.node))


@given(st.data(), sizes, st.lists(hashes, max_size=9))
def test_an_invented_path_proves_nothing(naive: Any, data: st.DataObject, size: int, path: Any) -> None:
    tree, index = numbered(naive, size), data.draw(st.integers(0, size - 1))
    assume(path != inclusion_proof(index, size, tree.node))
    with pytest.raises(InclusionNotProvedError):
        verify_inclusion(tree.leaves[index], index, head(tree, size), path)
    old = data.draw(st.integers(0, size))
    assume(path != consistency_proof(old, size, tree.node))
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(head(tree, old), head(tree, size), path)


@given(hashes, st.integers(-1, 2**64), st.integers(0, 2**63 - 1), st.lists(st.binary(max_size=40), max_size=70))
def test_malformed_proofs_are_refused_by_name_only(leaf: Any, index: int, size: int, path: Any) -> None:
    with pytest.raises((InclusionNotProvedError, MalformedProofError)):
        verify_inclusion(leaf, index, TreeHead(size, bytes(32)), path)
    with pytest.raises((ConsistencyNotProvedError, MalformedProofError)):
        verify_consistency(TreeHead(size // 2, bytes(32)), TreeHead(size, bytes(32)), path)


def test_a_path_too_long_or_too_short_for_the_size_is_refused_though_it_ends_at_the_root(public_tree: Any) -> None:
    leaf, above = public_tree.leaves[0], bytes(32)
    with pytest.raises(InclusionNotProvedError):
        verify_inclusion(leaf, 0, TreeHead(1, node_hash(above, leaf)), [above])
    with pytest.raises(InclusionNotProvedError):
        verify_inclusion(leaf, 0, TreeHead(8, public_tree.root(0, 4)), inclusion_proof(0, 4, public_tree.node))
    path = consistency_proof(3, 4, public_tree.node)
    taller = [TreeHead(size, node_hash(above, public_tree.root(0, size))) for size in (3, 4)]
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(*taller, [*path, above])
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(head(public_tree, 3), TreeHead(8, public_tree.root(0, 4)), path)


def test_the_empty_tree_has_one_root_and_is_the_beginning_of_every_tree(public_tree: Any) -> None:
    empty, full = TreeHead(0, EMPTY_ROOT), head(public_tree, 8)
    verify_consistency(empty, full, consistency_proof(0, 8, public_tree.node))
    verify_consistency(empty, empty, [])
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(TreeHead(0, bytes(32)), full, [])
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(empty, full, [bytes(32)])


def test_one_size_never_has_two_roots(public_tree: Any) -> None:
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(head(public_tree, 8), TreeHead(8, bytes(32)), [])


def test_a_log_never_shrinks(public_tree: Any) -> None:
    with pytest.raises(ConsistencyNotProvedError):
        verify_consistency(head(public_tree, 8), head(public_tree, 7), [])
    with pytest.raises(OutOfTreeError):
        consistency_proof(8, 7, public_tree.node)
    with pytest.raises(OutOfTreeError):
        inclusion_proof(8, 8, public_tree.node)


def test_a_refusal_speaks_both_languages() -> None:
    text = str(InclusionNotProvedError("3 / 8"))
    assert InclusionNotProvedError.zh in text
    assert InclusionNotProvedError.en in text
    assert text.endswith("3 / 8")


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    def kinds(kind: Any) -> Any:
        return [kind, *(below for child in kind.__subclasses__() for below in kinds(child))]

    every = kinds(LogError)
    assert len({kind.zh for kind in every}) == len({kind.en for kind in every}) == len(every)
