"""The Merkle tree against a second, naive reading of RFC 9162, section 2.1."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain import merkle


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def half(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def naive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return sha(b"\x00", leaves[0])
    k = half(len(leaves))
    return sha(b"\x01", naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = half(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], *, whole: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = half(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole=whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], whole=False), naive_root(leaves[:k])]


class Kept:
    """A tree whose nodes are kept, as the database keeps them."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.tree = merkle.Growing()
        for leaf in leaves:
            for node in self.tree.append(merkle.leaf_hash(leaf)):
                assert (node.level, node.position) not in self.nodes
                self.nodes[node.level, node.position] = node.hash

    def node_at(self, level: int, position: int) -> bytes:
        return self.nodes[level, position]


LEAVES = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


@given(LEAVES)
def test_the_root_is_that_of_the_rfc_at_every_size(leaves: list[bytes]) -> None:
    kept = Kept(leaves)
    assert kept.tree.root == naive_root(leaves)
    for size in range(len(leaves) + 1):
        assert merkle.Growing(size, kept.node_at).root == naive_root(leaves[:size])


@given(LEAVES, LEAVES)
def test_a_tree_that_was_put_away_goes_on_as_if_it_had_not_been(first: list[bytes], more: list[bytes]) -> None:
    kept = Kept(first)
    again = merkle.Growing(len(first), kept.node_at)
    for leaf in more:
        assert list(again.append(merkle.leaf_hash(leaf))) == list(kept.tree.append(merkle.leaf_hash(leaf)))
    assert again.root == naive_root([*first, *more])


@given(LEAVES, st.data())
def test_the_proof_of_each_leaf_is_that_of_the_rfc(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    assert merkle.inclusion_path(Kept(leaves).node_at, index, len(leaves)) == naive_path(index, leaves)


@given(LEAVES, st.data())
def test_the_proof_that_a_tree_has_grown_is_that_of_the_rfc(leaves: list[bytes], data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, len(leaves)))
    assert merkle.consistency_path(Kept(leaves).node_at, earlier, len(leaves)) == naive_proof(earlier, leaves)


def test_the_example_of_the_rfc_has_its_shape() -> None:
    # RFC 9162, 2.1.5: seven leaves; the proof of d3 is [c, g, l], that of three leaves to seven [c, d, g, l].
    leaves = [bytes([n]) for n in range(7)]
    a, b, c, d, e, f, j = (merkle.leaf_hash(leaf) for leaf in leaves)
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, d), merkle.node_hash(e, f)
    k, l = merkle.node_hash(g, h), merkle.node_hash(i, j)  # noqa: E741 - the RFC's letter
    kept = Kept(leaves)
    assert kept.tree.root == merkle.node_hash(k, l)
    assert merkle.inclusion_path(kept.node_at, 3, 7) == [c, g, l]
    assert merkle.consistency_path(kept.node_at, 3, 7) == [c, d, g, l]
    assert merkle.consistency_path(kept.node_at, 4, 7) == [l]
    assert merkle.consistency_path(kept.node_at, 6, 7) == [i, j, k]


def test_nothing_is_proven_of_a_place_that_is_not_there() -> None:
    kept = Kept([b"a", b"b"])
    for index, size in ((2, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="no such"):
            merkle.inclusion_path(kept.node_at, index, size)
    for earlier, later in ((0, 2), (3, 2)):
        with pytest.raises(ValueError, match="no such"):
            merkle.consistency_path(kept.node_at, earlier, later)
