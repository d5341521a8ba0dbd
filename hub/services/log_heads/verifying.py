"""Verifying the log whole: every chain, the heads that the hub has signed, and heads that others have kept.

Heads that were kept outside are what finds a log that somebody wrote anew, keys in hand; those in the database find
whoever has none.
"""

from collections.abc import Iterator, Sequence

from hub.domain.errors import InvalidValue
from hub.domain.log_chain import BreakReason, Broken
from hub.domain.log_heads import (
    LOST_BY_RESTORING,
    BrokenHead,
    Head,
    HeadFault,
    LostHead,
    PrintedHead,
    outside_fault,
)
from hub.services.log_heads import lost_heads
from hub.services.log_heads.heads_look import HeadsLook
from hub.services.transaction import HubTransaction
from storage import communications, log_heads
from storage.records import NegotiationRecord, ServiceRequestRecord
from storage.spans import WHOLE


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


def broken_heads(tx: HubTransaction, kept: Sequence[Head] = ()) -> Iterator[BrokenHead]:
    """Every head that does not hold: of the hub's own, and of those that somebody `kept` outside.

    Each chain is verified by itself; here it is what the heads say of all of them.
    """
    yield from HeadsLook().look(tx, WHOLE)
    yield from (each for each in broken_outside(tx, kept, ()) if isinstance(each, BrokenHead))


def broken_outside(
    tx: HubTransaction, kept: Sequence[Head], printed: Sequence[PrintedHead]
) -> Iterator[BrokenHead | LostHead]:
    """Every head from outside that is not the hub's own of its number; apart, one that a restore is known to have lost.

    What somebody altered since, the signature tells.
    """
    on_record = lost_heads.list_lost(tx) if kept or printed else frozenset()
    for each, fault in (*_kept_faults(tx, kept), *_printed_faults(tx, printed)):
        if fault in LOST_BY_RESTORING and each in on_record:
            yield LostHead(number=each.number)
        elif fault is not None:
            yield BrokenHead(number=each.number, fault=fault)


def _kept_faults(tx: HubTransaction, kept: Sequence[Head]) -> Iterator[tuple[PrintedHead, HeadFault | None]]:
    for head in kept:
        holds = tx.keyring.head_holds(head.signed_bytes, head.key_id, head.signature)
        yield PrintedHead.of(head), outside_fault(head, _own(tx, head.number), holds=holds)


def _printed_faults(
    tx: HubTransaction, printed: Sequence[PrintedHead]
) -> Iterator[tuple[PrintedHead, HeadFault | None]]:
    for each in printed:
        own = _own(tx, each.number)
        is_own = own is not None and own.root == each.root
        yield each, None if is_own else HeadFault.NUMBER if own is None else HeadFault.OTHER


def _own(tx: HubTransaction, number: int) -> Head | None:
    record = log_heads.find(tx, number)
    try:
        return None if record is None else log_heads.head_of(record)
    except InvalidValue:
        return None
