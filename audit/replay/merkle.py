"""The Merkle tree hash of RFC 6962 section 2.1, computed as leaves come, in memory of log2(n).

A run of leaves is first folded to the roots of its *aligned* subtrees, which can be done in
another process; the tree then takes those roots in order.
"""

import hashlib
from collections.abc import Sequence

Node = tuple[int, bytes]
"""The root of a complete subtree: its level (0 is a leaf) and its hash."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def join(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def aligned_nodes(first: int, leaves: Sequence[bytes]) -> list[Node]:
    """Fold the leaves at `first`, `first` + 1, ... to the fewest aligned complete subtrees."""
    level, start, row = 0, first, list(leaves)
    before: list[Node] = []
    after: list[Node] = []
    sha256 = hashlib.sha256
    while row:
        if start & 1:
            before.append((level, row[0]))
            del row[0]
            start += 1
        if len(row) & 1:
            after.append((level, row.pop()))
        row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
        start, level = start >> 1, level + 1
    after.reverse()
    return before + after


class Tree:
    """A growing tree: the complete subtrees that its leaves make up, largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[Node] = []

    def append(self, leaf: bytes) -> None:
        """Take one leaf hash."""
        self.extend([(0, leaf)])

    def extend(self, nodes: Sequence[Node]) -> None:
        """Take aligned subtrees in order, as `aligned_nodes` gives them for the next leaf."""
        for level, value in nodes:
            if self.size & ((1 << level) - 1):
                raise ValueError("the subtree is not aligned to the tree's size")
            self.size += 1 << level
            while self._nodes and self._nodes[-1][0] == level:
                value, level = join(self._nodes.pop()[1], value), level + 1
            self._nodes.append((level, value))

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far."""
        if not self._nodes:
            return EMPTY_ROOT
        value = self._nodes[-1][1]
        for _, left in reversed(self._nodes[:-1]):
            value = join(left, value)
        return value
