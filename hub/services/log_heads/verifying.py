"""Verifying the log whole: every chain, the heads that the hub has signed, and heads that others have kept.

Heads that were kept outside are what finds a log that somebody wrote anew, keys in hand; those in the database find
whoever has none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.domain.errors import InvalidValue
from hub.domain.log_chain import NO_PREVIOUS, BreakReason, Broken
from hub.domain.log_heads import BrokenHead, Head, HeadFault, PrintedHead, row_digest
from hub.domain.merkle import Growing
from hub.services.transaction import HubTransaction
from storage import communications, log_heads, row_seals
from storage.records import LogEndRecord, LogHeadRecord, NegotiationRecord, ServiceRequestRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRow:
    """A row of the access log or the audit that does not hold, by its place or its id, and why."""

    log: str
    row: str
    reason: str


def break_under_heads(
    tx: HubTransaction,
    negotiation: NegotiationRecord | ServiceRequestRecord,
    lines: Sequence[dict[str, object]],
) -> Broken | None:
    """What is wrong with a chain that holds by itself, against its signed end and what heads cover."""
    end = communications.end_of(negotiation)
    if negotiation.log_mac is not None and not communications.is_end_signed(tx, end, negotiation.log_mac):
        return Broken(sequence=end.length, reason=BreakReason.SIGNED)
    ends = log_heads.list_ends(tx, negotiation.id)
    for covered in ends:
        if covered.length > len(lines):
            return Broken(sequence=len(lines) + 1, reason=BreakReason.COVERED)
        if lines[covered.length - 1]["digest"] != covered.head:
            return Broken(sequence=covered.length, reason=BreakReason.COVERED)
        if negotiation.log_mac is None and covered.length == end.length:
            # Whoever covers a chain with a head signs its end as well.
            return Broken(sequence=end.length, reason=BreakReason.SIGNED)
    if negotiation.log_covered and negotiation.log_covered not in {each.length for each in ends}:
        # Nobody would ever cover it: it says that a head does.
        return Broken(sequence=negotiation.log_covered, reason=BreakReason.COVERED)
    return None


def broken_heads(
    tx: HubTransaction, kept: Sequence[Head] = (), printed: Sequence[PrintedHead] = ()
) -> Iterator[BrokenHead]:
    """Every head that does not hold: of the hub's own, of those that somebody `kept` outside, and on papers.

    Each chain is verified by itself; here it is what the heads say of all of them.
    """
    roots, uncovered = _roots(tx)
    previous, is_any_broken = None, False
    own: dict[int, Head] = {}
    for number, record in enumerate(log_heads.list_heads(tx), start=1):
        try:
            head = log_heads.head_of(record)
        except InvalidValue:
            yield BrokenHead(number=record.number, fault=HeadFault.SIGNATURE)
            return
        fault = _fault_of(tx, head, number, previous, roots, record)
        if fault is not None:
            is_any_broken = True
            yield BrokenHead(number=record.number, fault=fault)
        own[record.number] = previous = head
    if uncovered and not is_any_broken:
        # Leaves are noted with the head that is over them: it was taken away.
        yield BrokenHead(number=1 if previous is None else previous.number + 1, fault=HeadFault.NUMBER)
    for head in kept:
        fault = _signature_fault(tx, head)
        if fault is None and own.get(head.number) != head:
            fault = HeadFault.OTHER if head.number in own else HeadFault.NUMBER
        if fault is not None:
            yield BrokenHead(number=head.number, fault=fault)
    for each in printed:
        mine = own.get(each.number)
        if mine is None or mine.root != each.root:
            yield BrokenHead(number=each.number, fault=HeadFault.NUMBER if mine is None else HeadFault.OTHER)


def _fault_of(
    tx: HubTransaction,
    head: Head,
    number: int,
    previous: Head | None,
    roots: dict[int, tuple[str, int]],
    record: LogHeadRecord,
) -> HeadFault | None:
    root, entries = roots.get(record.size, ("", -1))
    checks = (
        (HeadFault.NUMBER, head.number == number),
        (HeadFault.PREVIOUS, head.previous == (NO_PREVIOUS if previous is None else previous.digest)),
        (HeadFault.ROOT, head.root == root),
        (HeadFault.ENTRIES, head.entries == entries),
    )
    broken = (fault for fault, holds in checks if not holds)
    return _signature_fault(tx, head) or next(broken, None)


def _signature_fault(tx: HubTransaction, head: Head) -> HeadFault | None:
    match tx.keyring.head_holds(head.signed_bytes, head.key_id, head.signature):
        case None:
            return HeadFault.KEY
        case False:
            return HeadFault.SIGNATURE
        case _:
            return None


def _roots(tx: HubTransaction) -> tuple[dict[int, tuple[str, int]], bool]:
    """The root over the first leaves and the entries that they come to, by how many leaves, as far as heads ask.

    And whether leaves are there that no head is over.
    """
    asked = {record.size for record in log_heads.list_heads(tx)}
    tree, lengths, entries = Growing(), dict[str, int](), 0
    found = {0: (tree.root.hex(), 0)} if 0 in asked else {}
    for end in log_heads.iterate_ends(tx):
        if end.position != tree.size:
            # A leaf is missing: no root over it or any behind it can be had.
            break
        tree.append(log_heads.chain_end(end).leaf)
        entries += end.length - lengths.get(end.chain, 0)
        lengths[end.chain] = end.length
        if tree.size in asked:
            found[tree.size] = (tree.root.hex(), entries)
    return found, tree.size > max(asked, default=0)


def has_other_nodes(tx: HubTransaction) -> bool:
    """Whether the nodes that are kept, out of which proofs are made, are others than those over the leaves."""
    tree = Growing()
    kept = log_heads.nodes_by_place(tx)
    for end in log_heads.iterate_ends(tx):
        if end.position != tree.size:
            return True
        if any(
            kept.pop((node.level, node.position), None) != node.hash
            for node in tree.append(log_heads.chain_end(end).leaf)
        ):
            return True
    return bool(kept)


def missing_chains(tx: HubTransaction) -> Iterator[str]:
    """The ids of negotiations and requests that heads cover and that are not there any more."""
    yield from log_heads.list_chains_gone(tx, but=row_seals.LOGS)


def broken_rows(tx: HubTransaction) -> Iterator[BrokenRow]:
    """What is wrong with the access log and the audit: the first row of each that does not hold, and one put in."""
    for log in row_seals.LOGS:
        broken = _first_broken_row(tx, log)
        if broken is not None:
            yield broken
        put_in = row_seals.find_put_in(tx, log)
        if put_in is not None:
            yield BrokenRow(log=log, row=put_in, reason="put in afterwards")


def _first_broken_row(tx: HubTransaction, log: str) -> BrokenRow | None:
    covered = {end.length: end for end in log_heads.list_ends(tx, log)}
    previous, sequence = NO_PREVIOUS, 0
    for sequence, (seal, row) in enumerate(row_seals.iterate(tx, log), start=1):
        if row is None:
            return BrokenRow(log=log, row=str(seal.row_id), reason="removed")
        right = row_digest(log=log, sequence=sequence, previous=previous, row=row)
        if seal.sequence != sequence or seal.digest != right or not _is_covered(covered.pop(sequence, None), right):
            return BrokenRow(log=log, row=str(seal.row_id), reason="changed")
        previous = right
    if covered:
        return BrokenRow(log=log, row=str(sequence + 1), reason="removed")
    return None


def _is_covered(end: LogEndRecord | None, digest: str) -> bool:
    return end is None or end.head == digest
