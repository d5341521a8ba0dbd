"""Events of banks: those that were applied, known by their ids for ever, and those that were refused."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.records import BankEventRecord, NegotiationRecord, RefusedEventRecord, ServiceRequestRecord, new_id
from storage.transaction import Transaction

# Of each bank this many refusals for one reason are kept, so that a flood of forged calls fills no disk. Those without
# an id, which nobody signed, are apart: they wash away nothing that the bank itself sent.
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEvent:
    """An event that was refused, and why; `times` counts the same bytes that came again."""

    id: str
    bank_code: str
    code: str
    event_id: str | None
    negotiation_id: str | None
    # The reference of that negotiation or request, where it is one of this bank's.
    reference: str | None
    faults: str
    times: int
    first_at: datetime
    last_at: datetime
    seen_at: datetime | None


def find_digest(tx: Transaction, bank_code: str, event_id: str) -> str | None:
    """The digest of the bank's event of that id, where it was applied."""
    record = tx.session.get(BankEventRecord, (bank_code, event_id))
    return None if record is None else record.digest


def add_applied(
    tx: Transaction,
    *,
    bank_code: str,
    event_id: str,
    negotiation_id: str | None,
    request_id: str | None,
    type_: str,
    digest: str,
) -> None:
    """The event, of a negotiation or of a request, was applied in this transaction, and never will be again."""
    tx.session.execute(
        sa.insert(BankEventRecord),
        [
            {
                "bank_code": bank_code,
                "event_id": event_id,
                "negotiation_id": negotiation_id,
                "request_id": request_id,
                "type": type_,
                "digest": digest,
                "applied_at": tx.now,
            }
        ],
    )


def keep_refused(
    tx: Transaction,
    *,
    bank_code: str,
    code: str,
    digest: str,
    event_id: str | None,
    negotiation_id: str | None,
    faults: str | None = None,
) -> None:
    """The refusal is on record for the operator; the same bytes refused for the same reason only count."""
    known = tx.session.scalar(
        sa.select(RefusedEventRecord)
        .where(
            RefusedEventRecord.bank_code == bank_code,
            RefusedEventRecord.digest == digest,
            RefusedEventRecord.code == code,
        )
        .with_for_update()
    )
    if known is not None:
        known.times += 1
        known.last_at = tx.now
        return
    tx.session.add(
        RefusedEventRecord(
            id=new_id(),
            bank_code=bank_code,
            code=code,
            digest=digest,
            event_id=event_id,
            negotiation_id=negotiation_id,
            faults=faults and faults[:300],
            times=1,
            first_at=tx.now,
            last_at=tx.now,
        )
    )
    tx.session.flush()
    _forget_oldest(tx, bank_code, code, is_signed=event_id is not None)


def _forget_oldest(tx: Transaction, bank_code: str, code: str, *, is_signed: bool) -> None:
    mine = sa.and_(
        RefusedEventRecord.bank_code == bank_code,
        RefusedEventRecord.code == code,
        RefusedEventRecord.event_id.is_not(None) if is_signed else RefusedEventRecord.event_id.is_(None),
    )
    oldest = sa.select(RefusedEventRecord.id).where(mine).order_by(RefusedEventRecord.id.desc()).offset(MOST_KEPT)
    too_many = list(tx.session.scalars(oldest.limit(100)))
    if too_many:
        tx.session.execute(sa.delete(RefusedEventRecord).where(RefusedEventRecord.id.in_(too_many)))


def list_refused(tx: Transaction, *, limit: int, unseen_only: bool = False) -> list[RefusedEvent]:
    """Refused events, the newest first."""
    named = sa.and_(
        NegotiationRecord.id == RefusedEventRecord.negotiation_id,
        NegotiationRecord.bank_code == RefusedEventRecord.bank_code,
    )
    requested = sa.and_(
        ServiceRequestRecord.matter_id == RefusedEventRecord.negotiation_id,
        ServiceRequestRecord.bank_code == RefusedEventRecord.bank_code,
    )
    reference_found = sa.func.coalesce(NegotiationRecord.reference, ServiceRequestRecord.reference)
    query = (
        sa.select(RefusedEventRecord, reference_found)
        .outerjoin(NegotiationRecord, named)
        .outerjoin(ServiceRequestRecord, requested)
        .order_by(RefusedEventRecord.last_at.desc(), RefusedEventRecord.id)
        .limit(limit)
    )
    if unseen_only:
        query = query.where(RefusedEventRecord.seen_at.is_(None))
    return [
        RefusedEvent(
            id=record.id,
            bank_code=record.bank_code,
            code=record.code,
            event_id=record.event_id,
            negotiation_id=record.negotiation_id,
            reference=reference,
            faults=record.faults or "",
            times=record.times,
            first_at=record.first_at,
            last_at=record.last_at,
            seen_at=record.seen_at,
        )
        for record, reference in tx.session.execute(query)
    ]


def count_refused(tx: Transaction) -> int:
    """How many refused events nobody has looked at."""
    count = sa.select(sa.func.count()).where(RefusedEventRecord.seen_at.is_(None))
    return tx.session.scalar(count.select_from(RefusedEventRecord)) or 0


def mark_seen(tx: Transaction, refused_id: str) -> RefusedEventRecord | None:
    """The operator has looked at it; None where there is no such refusal."""
    record = tx.session.get(RefusedEventRecord, refused_id)
    if record is not None:
        record.seen_at = record.seen_at or tx.now
    return record
