"""Inclusion and consistency proofs: made from stored nodes, checked from nothing but two tree heads.

Making: RFC 6962 sections 2.1.1 and 2.1.2. Checking: RFC 9162 sections 2.1.3.2 and 2.1.4.2, whose step numbers
stand in the comments; the empty and equal cases follow C2SP merkle-tree.
"""

from collections.abc import Sequence

from events.log.errors import (
    ConsistencyNotProvedError,
    InclusionNotProvedError,
    MalformedProofError,
    OutOfTreeError,
)
from events.log.lines import HASH_BYTES
from events.log.tree import EMPTY_ROOT, HashReader, TreeHead, node_hash, range_root


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """The siblings from the leaf up to the root: PATH(index, D[size]).

    Raises:
        OutOfTreeError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise OutOfTreeError(f"{index} / {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end, read))
            end = middle
        else:
            path.append(range_root(start, middle, read))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: HashReader) -> list[bytes]:
    """The nodes that rebuild both roots: PROOF(old, D[new]); empty for an old size of 0 or of `new`.

    Raises:
        OutOfTreeError: the old tree is larger than the new one.
    """
    if not 0 <= old <= new:
        raise OutOfTreeError(f"{old} / {new}")
    if old == 0:
        return []
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(middle, end, read))
            end = middle
        else:
            path.append(range_root(start, middle, read))
            start = middle
    # start 0 means the old tree is itself a node on the way: its root is known to the checker
    if start:
        path.append(range_root(start, end, read))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, head: TreeHead, path: Sequence[bytes]) -> None:
    """Return only if the leaf hash stands at this index of the tree with this head.

    Raises:
        MalformedProofError: something in the path is not a hash.
        InclusionNotProvedError: the path does not lead from the leaf to the root.
    """
    _check_hashes((leaf, *path))
    if not 0 <= index < head.size:  # step 1
        raise InclusionNotProvedError(f"{index} / {head.size}")
    fn, sn = index, head.size - 1  # step 2
    r = leaf  # step 3
    for p in path:  # step 4
        if sn == 0:  # a
            raise InclusionNotProvedError(f"{index} / {head.size}")
        if fn & 1 or fn == sn:  # b
            r = node_hash(p, r)
            fn, sn = _skip(fn, sn)
        else:  # c
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1  # d
    if sn != 0 or r != head.root:  # step 5
        raise InclusionNotProvedError(f"{index} / {head.size}")


def verify_consistency(old: TreeHead, new: TreeHead, path: Sequence[bytes]) -> None:
    """Return only if the old tree is the beginning of the new one.

    Raises:
        MalformedProofError: something in the path is not a hash.
        ConsistencyNotProvedError: the path does not lead to both roots.
    """
    _check_hashes(path)
    if old.size > new.size or not _roots_possible(old, new):
        raise ConsistencyNotProvedError(f"{old.size} / {new.size}")
    if old.size in (0, new.size):  # nothing to walk: C2SP wants an empty proof
        if path:
            raise ConsistencyNotProvedError(f"{old.size} / {new.size}")
    elif not path or not _both_roots(old, new, path):  # step 1: an empty path fails
        raise ConsistencyNotProvedError(f"{old.size} / {new.size}")


def _both_roots(old: TreeHead, new: TreeHead, path: Sequence[bytes]) -> bool:
    if old.size.bit_count() == 1:  # step 2: a complete old tree is itself the first node
        path = (old.root, *path)
    fn, sn = old.size - 1, new.size - 1  # step 3
    while fn & 1:  # step 4
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]  # step 5
    for c in path[1:]:  # step 6
        if sn == 0:  # a
            return False
        if fn & 1 or fn == sn:  # b
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            fn, sn = _skip(fn, sn)
        else:  # c
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1  # d
    return fr == old.root and sr == new.root and sn == 0  # step 7


def _skip(fn: int, sn: int) -> tuple[int, int]:
    # the end of step b in both algorithms: climb where the right edge has no sibling
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _roots_possible(old: TreeHead, new: TreeHead) -> bool:
    # an empty tree has one root only, and one size has one root only
    empties = all(head.root == EMPTY_ROOT for head in (old, new) if head.size == 0)
    return empties and (old.size != new.size or old.root == new.root)


def _split(size: int) -> int:
    # the largest power of two smaller than size
    return 1 << (size - 1).bit_length() - 1


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise MalformedProofError("hash length")
