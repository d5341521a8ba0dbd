"""Reading ahead for a list of negotiations: what hangs on them comes by one query a kind, not by one a negotiation.

What was read ahead is known until the transaction ends, so only one that writes nothing may do it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

import sqlalchemy as sa

from storage.records import (
    AgreementRecord,
    ClockRecord,
    CreditNoteRecord,
    EvidenceRequestRecord,
    NegotiationRecord,
    OfferRecord,
    ProposedAccountRecord,
    Record,
)
from storage.submissions import open_submissions
from storage.transaction import Known, Transaction

_KNOWN = Known[tuple[type[Record], str], list[Record]]()
R = TypeVar(
    "R", ClockRecord, OfferRecord, EvidenceRequestRecord, AgreementRecord, ProposedAccountRecord, CreditNoteRecord
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


def read_ahead(tx: Transaction, negotiations: Sequence[NegotiationRecord]) -> None:
    """What hangs on `negotiations`, and their submissions in force, is known in `tx`."""
    if not negotiations:
        return
    ids = [each.id for each in negotiations]
    for kind, statement in _OF_NEGOTIATIONS.items():
        found: dict[str, list[Record]] = {negotiation_id: [] for negotiation_id in ids}
        for record in tx.session.scalars(statement, {"ids": ids}):
            found[record.negotiation_id].append(record)
        for negotiation_id, records in found.items():
            _KNOWN.of(tx)[kind, negotiation_id] = records
    open_submissions(tx, negotiations)


def known_of(tx: Transaction, kind: type[R], negotiation_id: str) -> list[R] | None:
    """The negotiation's records of that kind in their order, oldest first; None where they were not read ahead."""
    known = _KNOWN.of(tx).get((kind, negotiation_id))
    # What is kept under a kind is of that kind.
    return None if known is None else cast("list[R]", list(known))
