"""The Merkle tree hash against its definition in RFC 6962 section 2.1."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.log.entry import leaf_hash
from audit.replay.merkle import EMPTY_ROOT, Tree, aligned_nodes

# The leaf inputs and roots that certificate-transparency's own test suite uses.
INPUTS = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
]
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


def defined(leaves: list[bytes]) -> bytes:
    """The definition, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:k]) + defined(leaves[k:])).digest()


def test_the_roots_are_those_of_certificate_transparency():
    tree = Tree()
    assert tree.root() == EMPTY_ROOT
    for data, root in zip(INPUTS, ROOTS, strict=True):
        tree.append(leaf_hash(data))
        assert tree.root().hex() == root


@given(st.lists(st.integers(0, 70), max_size=12))
def test_runs_of_any_length_give_the_root_of_the_definition(lengths):
    leaves = [hashlib.sha256(bytes([i % 256, i // 256])).digest() for i in range(sum(lengths))]
    tree, first = Tree(), 0
    for length in lengths:
        tree.extend(aligned_nodes(first, leaves[first : first + length]))
        first += length
    assert tree.size == len(leaves)
    assert tree.root() == defined(leaves)


def test_a_run_in_the_wrong_place_is_refused():
    leaves = [hashlib.sha256(bytes([i])).digest() for i in range(4)]
    tree = Tree()
    tree.append(leaves[0])
    with pytest.raises(ValueError, match="aligned"):
        tree.extend(aligned_nodes(2, leaves[2:]))
