"""Reading ahead for a list of negotiations: what hangs on them comes by one query a kind, not by one a negotiation.

What was read ahead is known until the transaction ends, so only one that writes nothing may do it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from storage.records import (
    AgreementRecord,
    AmendmentRecord,
    ClearanceRecord,
    ClockRecord,
    CollectionReportRecord,
    CreditNoteRecord,
    DocumentRecord,
    EvidenceRequestRecord,
    HoldRecord,
    NegotiationRecord,
    OfferRecord,
    PaymentRecord,
    ProposedAccountRecord,
    Record,
)
from storage.submissions import open_submissions
from storage.transaction import Known, Transaction

_KNOWN = Known[tuple[type[Record], str], list[Record]]()
R = TypeVar(
    "R",
    ClockRecord,
    OfferRecord,
    EvidenceRequestRecord,
    AgreementRecord,
    ProposedAccountRecord,
    CreditNoteRecord,
    AmendmentRecord,
    ClearanceRecord,
    CollectionReportRecord,
    DocumentRecord,
    HoldRecord,
    PaymentRecord,
)

# Made once, because making them costs about as much as asking them.
_ORDERS: Mapping[Any, tuple[Any, ...]] = {
    ClockRecord: (ClockRecord.opened_at, ClockRecord.id),
    OfferRecord: (OfferRecord.made_at, OfferRecord.id),
    EvidenceRequestRecord: (EvidenceRequestRecord.asked_at,),
    AgreementRecord: (AgreementRecord.signed_at,),
    CreditNoteRecord: (CreditNoteRecord.asked_at, CreditNoteRecord.id),
    ProposedAccountRecord: (ProposedAccountRecord.proposed_at, ProposedAccountRecord.id),
}
_OF_NEGOTIATIONS: Mapping[Any, sa.Select[Any]] = {
    kind: sa.select(kind).where(kind.negotiation_id.in_(sa.bindparam("ids", expanding=True))).order_by(*order)
    for kind, order in _ORDERS.items()
}
# What hangs on an agreement, by its negotiation or by itself; nothing is asked where there is none.
_ORDERS_BY_AGREEMENT: Mapping[Any, tuple[Any, ...]] = {
    AmendmentRecord: (AmendmentRecord.asked_at, AmendmentRecord.id),
    ClearanceRecord: (ClearanceRecord.id,),
    HoldRecord: (HoldRecord.recorded_at, HoldRecord.id),
    PaymentRecord: (PaymentRecord.recorded_at, PaymentRecord.id),
}
_OF_AGREEMENTS: Mapping[Any, sa.Select[Any]] = {
    kind: sa.select(kind).where(kind.agreement_id.in_(sa.bindparam("ids", expanding=True))).order_by(*order)
    for kind, order in _ORDERS_BY_AGREEMENT.items()
}
_ORDERS_BESIDE: Mapping[Any, tuple[Any, ...]] = {
    CollectionReportRecord: (CollectionReportRecord.reported_at, CollectionReportRecord.id),
    DocumentRecord: (DocumentRecord.version, DocumentRecord.printed_at),
}
_BESIDE_AGREEMENTS: Mapping[Any, sa.Select[Any]] = {
    kind: sa.select(kind).where(kind.negotiation_id.in_(sa.bindparam("ids", expanding=True))).order_by(*order)
    for kind, order in _ORDERS_BESIDE.items()
}


def read_ahead(tx: Transaction, negotiations: Sequence[NegotiationRecord]) -> None:
    """What hangs on `negotiations`, and their submissions in force, is known in `tx`."""
    if not negotiations:
        return
    _read(tx, _OF_NEGOTIATIONS, [each.id for each in negotiations], "negotiation_id")
    agreements = [each for one in negotiations for each in known_of(tx, AgreementRecord, one.id) or []]
    if agreements:
        _read(tx, _OF_AGREEMENTS, [each.id for each in agreements], "agreement_id")
        _read(tx, _BESIDE_AGREEMENTS, [each.negotiation_id for each in agreements], "negotiation_id")
    open_submissions(tx, negotiations)


def _read(tx: Transaction, statements: Mapping[Any, sa.Select[Any]], ids: Sequence[str], parent: str) -> None:
    for kind, statement in statements.items():
        found: dict[str, list[Record]] = {each: [] for each in ids}
        for record in tx.session.scalars(statement, {"ids": ids}):
            found[getattr(record, parent)].append(record)
        for parent_id, records in found.items():
            _KNOWN.of(tx)[kind, parent_id] = records


def known_of(tx: Transaction, kind: type[R], parent_id: str) -> list[R] | None:
    """The records of that kind of a negotiation or an agreement, in order; None where they were not read ahead."""
    known = _KNOWN.of(tx).get((kind, parent_id))
    # What is kept under a kind is of that kind.
    return None if known is None else cast("list[R]", list(known))
