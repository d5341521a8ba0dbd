"""A Merkle tree over a growing list of leaves, as RFC 9162 (Certificate Transparency 2.0), section 2.1, defines it.

Leaves are hashed behind the byte 0, inner nodes behind the byte 1, so that neither passes for the other. A tree never
changes what it held: of two of its sizes the smaller is proven to be the beginning of the larger. Here proofs are made;
`hub/documents/verify.py`, which needs nothing of the hub, checks them.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

EMPTY_ROOT = hashlib.sha256().digest()

NodeAt = Callable[[int, int], bytes]
"""The node of a level and a position: it stands over the leaves `position * 2**level` and on, `2**level` of them."""


def leaf_hash(data: bytes) -> bytes:
    """The node that stands for a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A whole node of the tree: no later leaf changes it."""

    level: int
    position: int
    hash: bytes


class Growing:
    """A tree that leaves are added to. It holds no more than its peaks, which are as many as `size` has bits set."""

    def __init__(self, size: int = 0, node_at: NodeAt | None = None) -> None:
        """A tree of `size` leaves, whose nodes `node_at` gives; an empty one needs none."""
        self.size = size
        self._peaks = [] if node_at is None else [node_at(level, place) for level, place in peaks_of(0, size)]

    def append(self, hashed_leaf: bytes) -> Iterator[Node]:
        """The leaf is the tree's last. Gives each node that is whole with it, the leaf itself first."""
        made = [Node(level=0, position=self.size, hash=hashed_leaf)]
        while self.size >> made[-1].level & 1:
            last = made[-1]
            joined = node_hash(self._peaks.pop(), last.hash)
            made.append(Node(level=last.level + 1, position=last.position >> 1, hash=joined))
        self._peaks.append(made[-1].hash)
        self.size += 1
        return iter(made)

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        return _joined(self._peaks)


def peaks_of(start: int, end: int) -> Iterator[tuple[int, int]]:
    """(level, position) of the largest whole nodes over the leaves from `start` to before `end`, from the left.

    `start` has to be where a subtree of that many leaves can begin.
    """
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def inclusion_path(node_at: NodeAt, index: int, size: int) -> list[bytes]:
    """The nodes that prove that the leaf at `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_over(node_at, middle, end))
            end = middle
        else:
            path.append(_over(node_at, start, middle))
            start = middle
    return path[::-1]


def consistency_path(node_at: NodeAt, earlier: int, later: int) -> list[bytes]:
    """The nodes that prove that a tree of `earlier` leaves is the beginning of one of `later` (RFC 9162, 2.1.4.1)."""
    if not 0 < earlier <= later:
        raise ValueError("no such tree")
    path: list[bytes] = []
    start, end, is_whole = 0, later, True
    while earlier < end:
        middle = start + _split(end - start)
        if earlier <= middle:
            path.append(_over(node_at, middle, end))
            end = middle
        else:
            path.append(_over(node_at, start, middle))
            start, is_whole = middle, False
    # Where the earlier tree is a node of the later one, whoever checks has its root already.
    return path[::-1] if is_whole else [_over(node_at, start, end), *path[::-1]]


def _split(size: int) -> int:
    """The largest power of two below `size`: how many leaves stand on the left."""
    return 1 << ((size - 1).bit_length() - 1)


def _over(node_at: NodeAt, start: int, end: int) -> bytes:
    return _joined([node_at(level, place) for level, place in peaks_of(start, end)])


def _joined(peaks: Sequence[bytes]) -> bytes:
    if not peaks:
        return EMPTY_ROOT
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))
