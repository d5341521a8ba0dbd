"""Reading ahead for a list of negotiations: what hangs on them comes by one query a kind, not by one a negotiation.

What was read ahead is known until the transaction ends, so only one that writes nothing may do it.
"""

from collections.abc import Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from storage.records import (
    AgreementRecord,
    ClockRecord,
    EvidenceRequestRecord,
    NegotiationRecord,
    OfferRecord,
    Record,
    SubmissionRecord,
)
from storage.transaction import Transaction

R = TypeVar("R", ClockRecord, OfferRecord, EvidenceRequestRecord, AgreementRecord)


def read_ahead(tx: Transaction, negotiations: Sequence[NegotiationRecord]) -> None:
    """Clocks, offers, requests, agreements and submissions in force of `negotiations` are known in `tx`."""
    ids = [each.id for each in negotiations]
    if not ids:
        return
    _read(tx, ids, ClockRecord, ClockRecord.opened_at, ClockRecord.id)
    _read(tx, ids, OfferRecord, OfferRecord.made_at, OfferRecord.id)
    _read(tx, ids, EvidenceRequestRecord, EvidenceRequestRecord.asked_at)
    _read(tx, ids, AgreementRecord, AgreementRecord.signed_at)
    in_force = sa.tuple_(SubmissionRecord.negotiation_id, SubmissionRecord.version)
    wanted = [(each.id, each.version) for each in negotiations]
    # Held, because the session forgets a record that nobody holds.
    tx.known["submissions_read_ahead"] = list(
        tx.session.scalars(sa.select(SubmissionRecord).where(in_force.in_(wanted)))
    )


def _read(tx: Transaction, ids: Sequence[str], kind: type[R], *order: InstrumentedAttribute[object]) -> None:
    found: dict[str, list[Record]] = {negotiation_id: [] for negotiation_id in ids}
    for record in tx.session.scalars(sa.select(kind).where(kind.negotiation_id.in_(ids)).order_by(*order)):
        found[record.negotiation_id].append(record)
    for negotiation_id, records in found.items():
        tx.known[kind, negotiation_id] = records


def known_of(tx: Transaction, kind: type[R], negotiation_id: str) -> list[R] | None:
    """The negotiation's records of that kind in their order, oldest first; None where they were not read ahead."""
    known: list[R] | None = tx.known.get((kind, negotiation_id))
    return None if known is None else list(known)
