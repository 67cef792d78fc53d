"""The arithmetic of a Merkle tree of growing size: hashes, proofs and their checks. Knows no database and no picture.

RFC 6962, section 2.1, and RFC 9162, sections 2.1.3 and 2.1.4, whose letters the code keeps (MTH, fn, sn, fr, sr). A
node is named by its level (leaves are 0) and its place on it. Nodes whose whole span of 2^level leaves is there never
change again, so these alone are stored; the rest of a tree is folded out of them.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

Node = tuple[int, int]
"""(level, place)"""
Span = tuple[int, int]
"""Leaves from the first up to, and without, the second."""

EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def siblings(size: int) -> list[Node]:
    """The stored nodes that one more leaf after `size` others is joined with, the lowest first."""
    nodes = []
    level, place = 0, size
    while place & 1:
        nodes.append((level, place - 1))
        level, place = level + 1, place >> 1
    return nodes


def grown(size: int, leaf: bytes, stored: Mapping[Node, bytes]) -> Iterator[tuple[Node, bytes]]:
    """The new nodes when a leaf's hash is appended after `size` others. stored: has those of `siblings(size)`."""
    level, place, hash = 0, size, leaf
    yield (level, place), hash
    for left in siblings(size):
        level, place, hash = level + 1, place >> 1, node_hash(stored[left], hash)
        yield (level, place), hash


def cover(span: Span) -> list[Node]:
    """The stored nodes that make up a span of a tree, from left to right."""
    first, end = span
    nodes = []
    while first < end:
        level = (end - first).bit_length() - 1
        nodes.append((level, first >> level))
        first += 1 << level
    return nodes


def root_of(span: Span, stored: Mapping[Node, bytes]) -> bytes:
    """MTH of a span that a proof or a whole tree asks for. stored: has those of `cover(span)`."""
    hashes = [stored[node] for node in cover(span)]
    if not hashes:
        return EMPTY
    root = hashes.pop()
    while hashes:
        root = node_hash(hashes.pop(), root)
    return root


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove that a leaf is in a tree of that size (PATH), the lowest first."""
    first, end = 0, size
    spans: list[Span] = []
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """The spans whose hashes prove that a tree is the beginning of a larger one (PROOF), the lowest first."""
    if not 0 < old < size:
        return []
    first, end = 0, size
    spans: list[Span] = []
    whole = True  # what is left of the old tree is all of it, whose root the verifier has
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first, whole = middle, False
    return [*([] if whole else [(first, end)]), *spans[::-1]]


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def proves_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2."""
    if old == size:
        return not path and old_root == root
    if not 0 < old < size or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for c in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == root and sn == 0


def _split(size: int) -> int:
    """The largest power of two below it: where RFC 6962 divides a tree."""
    return 1 << (size - 1).bit_length() - 1
