"""Looking at the signed heads in their order, some at a time: each over the leaves that it added to the tree."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy.exc import NoResultFound

from hub.domain.errors import InvalidValue
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.log_heads import BrokenHead, Head, HeadFault, signature_fault
from hub.domain.merkle import Growing
from hub.services.transaction import HubTransaction
from storage import log_heads
from storage.records import LogHeadRecord
from storage.spans import Span


class HeadsLook:
    """One look along all heads, a span of numbers after the other.

    Where it begins in the middle, the tree up to there is taken from the nodes that are kept: whoever looked at the
    spans before has compared them with the leaves, and each root that is made on them is compared with a signature.
    """

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        self.has_other_nodes = False
        """Whether a node that is kept, of which proofs are made, is another than the one over the leaves."""
        self._number: int | None = None
        self._count = 0
        self._entries = 0
        self._previous: Head | None = None
        # None once a leaf is missing: no root over it or any behind it can be had.
        self._tree: Growing | None = None
        self._is_any_broken = self._is_over = False

    def look(self, tx: HubTransaction, span: Span) -> Iterator[BrokenHead]:
        """Every head of the span that does not hold, and at the end one that is missing behind the last."""
        after = 0 if span.after is None else int(span.after[0])
        if self._number != after:
            self._begin(tx, after)
        for record in log_heads.list_heads_of(tx, span):
            if self._is_over:
                return
            yield from self._look_at(tx, record)
            self._number = record.number
        if span.upto is None and not self._is_over:
            yield from self._look_behind(tx)

    def _begin(self, tx: HubTransaction, after: int) -> None:
        self._number, self._count, self._tree = after, after, Growing()
        record = log_heads.find(tx, after)
        if record is None:
            return
        try:
            self._previous = log_heads.head_of(record)
            self._entries = self._previous.entries
            self._tree = Growing(record.size, partial(log_heads.node_at, tx) if record.size else None)
        except (InvalidValue, NoResultFound):
            # Named with the span that it is of.
            self._tree = None

    def _look_at(self, tx: HubTransaction, record: LogHeadRecord) -> Iterator[BrokenHead]:
        try:
            head = log_heads.head_of(record)
        except InvalidValue:
            self._is_any_broken = self._is_over = True
            yield BrokenHead(number=record.number, fault=HeadFault.SIGNATURE)
            return
        self._count += 1
        root = self._root_at(tx, record.size)
        checks = (
            (HeadFault.NUMBER, head.number == self._count),
            (HeadFault.PREVIOUS, head.previous == (NO_PREVIOUS if self._previous is None else self._previous.digest)),
            (HeadFault.ROOT, head.root == root),
            (HeadFault.ENTRIES, head.entries == self._entries),
        )
        holds = tx.keyring.head_holds(head.signed_bytes, head.key_id, head.signature)
        fault = signature_fault(holds=holds) or next((fault for fault, is_so in checks if not is_so), None)
        if fault is not None:
            self._is_any_broken = True
            yield BrokenHead(number=record.number, fault=fault)
        self._previous = head

    def _root_at(self, tx: HubTransaction, size: int) -> str | None:
        """The root over the first `size` leaves, None where there is none; the leaves' entries are counted."""
        tree = self._tree
        if tree is None or size < tree.size:
            return None
        before, made = tree.size, dict[tuple[int, int], bytes]()
        for end, entries in log_heads.list_leaves(tx, before, size):
            if end.position != tree.size:
                break
            made.update(((node.level, node.position), node.hash) for node in tree.append(log_heads.chain_end(end).leaf))
            self._entries += entries
        if tree.size < size:
            self._tree, self.has_other_nodes = None, True
            return None
        if log_heads.nodes_over(tx, before, size) != made:
            self.has_other_nodes = True
        return tree.root.hex()

    def _look_behind(self, tx: HubTransaction) -> Iterator[BrokenHead]:
        size = 0 if self._tree is None else self._tree.size
        if self._tree is not None and log_heads.is_any_node_beyond(tx, size):
            self.has_other_nodes = True
        if not self._is_any_broken and log_heads.is_any_leaf_from(tx, size):
            # Leaves are noted with the head that is over them: it was taken away.
            number = 1 if self._previous is None else self._previous.number + 1
            yield BrokenHead(number=number, fault=HeadFault.NUMBER)
