"""Merkle trees over digests, as RFC 6962 builds them: 0x00 before a leaf, 0x01 before two neighbours."""

import hashlib
from collections.abc import Iterable, Sequence

LEFT, RIGHT = "L", "R"


def root(leaves: Sequence[str]) -> str:
    """Give the root of hexadecimal digests in order; a single node at the end of a level goes up as it is."""
    level = _bottom(leaves)
    if not level:
        return hashlib.sha256(b"").hexdigest()
    while len(level) > 1:
        level = _above(level)
    return level[0].hex()


def path(leaves: Sequence[str], index: int) -> list[str]:
    """Give the way from one leaf to the root, each step as "L" or "R" and the neighbour's hash."""
    level, steps = _bottom(leaves), []
    while len(level) > 1:
        mate = index ^ 1
        if mate < len(level):
            steps.append((LEFT if mate < index else RIGHT) + level[mate].hex())
        level = _above(level)
        index //= 2
    return steps


def root_from(leaf: str, steps: Iterable[str]) -> str:
    """Walk a leaf up its way; gives the root that it belongs to."""
    node = _leaf(leaf)
    for step in steps:
        mate = bytes.fromhex(step[1:])
        node = _pair(mate, node) if step[0] == LEFT else _pair(node, mate)
    return node.hex()


def _leaf(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def _pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _bottom(leaves: Sequence[str]) -> list[bytes]:
    return [_leaf(digest) for digest in leaves]


def _above(level: list[bytes]) -> list[bytes]:
    pairs = [_pair(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    return pairs + ([level[-1]] if len(level) % 2 else [])
