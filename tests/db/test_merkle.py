"""The Merkle tree against RFC 6962's vectors, and every proof of every small tree."""

import hashlib

import pytest

from db.merkle import (
    EMPTY,
    Node,
    consistency_spans,
    cover,
    grown,
    inclusion_spans,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
    siblings,
)

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of the first 1 to 8 leaves: the test data of the Certificate Transparency project."""
MOST = 40


def tree(leaves: list[bytes]) -> dict[Node, bytes]:
    """The stored nodes of a tree, grown leaf by leaf."""
    stored: dict[Node, bytes] = {}
    for size, leaf in enumerate(leaves):
        assert all(node in stored for node in siblings(size))
        stored.update(grown(size, leaf_hash(leaf), stored))
    return stored


NUMBERS = [str(number).encode() for number in range(MOST)]
STORED = tree(NUMBERS)


def test_the_roots_are_those_of_the_rfcs_vectors() -> None:
    stored = tree([bytes.fromhex(leaf) for leaf in LEAVES])
    assert [root_of((0, size), stored).hex() for size in range(1, 9)] == ROOTS
    assert root_of((0, 0), stored) == EMPTY == hashlib.sha256().digest()


def test_every_leaf_of_every_tree_can_be_proved_and_no_other() -> None:
    for size in range(1, MOST + 1):
        root = root_of((0, size), STORED)
        for index in range(size):
            path = [root_of(span, STORED) for span in inclusion_spans(index, size)]
            leaf = leaf_hash(NUMBERS[index])
            assert proves_inclusion(leaf, index, size, path, root)
            assert not proves_inclusion(leaf_hash(b"another"), index, size, path, root)
            assert not proves_inclusion(leaf, (index + 1) % size, size, path, root) or size == 1
            assert not proves_inclusion(leaf, index, size, [*path, EMPTY], root)
            assert not path or not proves_inclusion(leaf, index, size, path[:-1], root)


def test_every_tree_can_be_proved_to_be_the_beginning_of_every_larger_one() -> None:
    roots = [root_of((0, size), STORED) for size in range(MOST + 1)]
    for old in range(1, MOST + 1):
        for size in range(old, MOST + 1):
            path = [root_of(span, STORED) for span in consistency_spans(old, size)]
            assert proves_consistency(old, size, roots[old], roots[size], path)
            assert not proves_consistency(old, size, roots[old - 1], roots[size], path)
            assert old == size or not proves_consistency(old, size, roots[old], roots[size - 1], path)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_a_place_outside_the_tree_proves_nothing(index: int, size: int) -> None:
    assert not proves_inclusion(leaf_hash(b""), index, size, [], EMPTY)


def test_an_empty_tree_is_the_beginning_of_nothing_that_could_be_proved() -> None:
    assert not proves_consistency(0, 5, EMPTY, root_of((0, 5), STORED), [])


def test_a_span_is_covered_by_the_fewest_stored_nodes() -> None:
    assert cover((0, 7)) == [(2, 0), (1, 2), (0, 6)]
    assert cover((4, 8)) == [(2, 1)]
    assert cover((3, 3)) == []
