"""The shipped check's second reading of Ed25519, of the Merkle tree, and of heads in what people keep."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.documents import verify
from hub.domain import log_heads, merkle
from tests.domain.test_log_heads import head
from tests.domain.test_merkle import LEAVES, Kept

# RFC 8032, 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe246"
            "55141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb"
            "00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc"
            "027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_signatures_of_the_rfc_hold_and_bent_ones_do_not(public: str, message: str, signature: str) -> None:
    key, said, signed = (bytes.fromhex(each) for each in (public, message, signature))
    assert verify.is_signed(key, said, signed)
    assert not verify.is_signed(key, said + b"x", signed)
    assert not verify.is_signed(key, said, bytes([signed[0] ^ 1]) + signed[1:])
    assert not verify.is_signed(key, said, signed[:-1] + bytes([signed[-1] ^ 0x10]))
    assert not verify.is_signed(bytes([key[0] ^ 1]) + key[1:], said, signed)
    assert not verify.is_signed(key[:-1], said, signed)
    assert not verify.is_signed(
        key, said, signed[:32] + (int.from_bytes(signed[32:], "little") + verify.ORDER).to_bytes(32, "little")
    )


@settings(max_examples=10)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80))
def test_it_agrees_with_the_library(seed: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert verify.is_signed(key.public_key().public_bytes_raw(), message, key.sign(message))


def bends(path: list[bytes]) -> Iterator[list[bytes]]:
    """The proof with each of its nodes in turn another one."""
    for place, node in enumerate(path):
        yield [*path[:place], hashlib.sha256(node).digest(), *path[place + 1 :]]


@given(LEAVES, st.data())
def test_each_leaf_is_proven_to_be_in_the_tree_and_no_other_is(leaves: list[bytes], data: st.DataObject) -> None:
    kept, size = Kept(leaves), len(leaves)
    index, root = data.draw(st.integers(0, size - 1)), kept.tree.root
    path = merkle.inclusion_path(kept.node_at, index, size)
    assert verify.root_above(leaves[index], index, size, path) == root
    assert verify.root_above(leaves[index] + b"x", index, size, path) != root
    assert all(verify.root_above(leaves[index], index, size, each) != root for each in bends(path))
    for wrong in ([*path, root], path[:-1]) if path else ([root],):
        with pytest.raises(ValueError, match="proof"):
            verify.root_above(leaves[index], index, size, wrong)
    with pytest.raises(ValueError, match="outside"):
        verify.root_above(leaves[index], size, size, path)


@given(LEAVES, st.data())
def test_a_tree_is_proven_to_have_grown_from_an_earlier_one_and_from_no_other(
    leaves: list[bytes], data: st.DataObject
) -> None:
    kept, size = Kept(leaves), len(leaves)
    earlier = data.draw(st.integers(1, size))
    before, root = merkle.Growing(earlier, kept.node_at).root, kept.tree.root
    grown = merkle.consistency_path(kept.node_at, earlier, size)
    if earlier < size:
        assert verify.roots_above(earlier, size, before, grown) == (before, root)
        assert all(verify.roots_above(earlier, size, before, each) != (before, root) for each in bends(grown))
    for sizes, wrong in (((earlier, size), [*grown, root]), ((size + 1, size), grown)):
        with pytest.raises(ValueError, match="proof"):
            verify.roots_above(*sizes, before, wrong)


def test_both_find_the_same_heads_in_a_file() -> None:
    kept = f"保存 {json.dumps(head().whole)}\n{json.dumps({'items': [head(2).whole]}, indent=1)}".encode()
    assert verify.heads_in(kept) == [each.whole for each in log_heads.heads_in(kept)] == [head().whole, head(2).whole]
