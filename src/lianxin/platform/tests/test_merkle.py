"""Merkle trees are those of RFC 6962, and a leaf is proved by its way to the root."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.platform import merkle

# The leaves and roots by which logs of certificates are tested everywhere.
KNOWN_LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
KNOWN_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
DIGESTS = st.lists(st.integers(0, 2**32).map(lambda n: f"{n:064x}"), min_size=1, max_size=20)


@pytest.mark.parametrize("count", KNOWN_ROOTS)
def test_roots_are_those_of_the_standard(count: int) -> None:
    assert merkle.root(KNOWN_LEAVES[:count]) == KNOWN_ROOTS[count]


@given(leaves=DIGESTS, data=st.data())
def test_any_changed_leaf_changes_the_root(leaves: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = [*leaves]
    other[place] = f"{int(other[place], 16) + 1:064x}"

    assert merkle.root(leaves) != merkle.root(other)


@given(leaves=DIGESTS, data=st.data())
def test_way_of_each_leaf_ends_at_the_root_and_that_of_another_does_not(leaves: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    steps = merkle.path(leaves, place)

    assert merkle.root_from(leaves[place], steps) == merkle.root(leaves)
    assert merkle.root_from(hashlib.sha256(bytes.fromhex(leaves[place])).hexdigest(), steps) != merkle.root(leaves)


def test_node_of_the_tree_is_no_leaf() -> None:
    first, second = "01" * 32, "02" * 32
    inside = merkle.root([first, second])

    assert merkle.root([inside]) != inside
