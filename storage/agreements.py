"""Agreements as rows: found, made, ended by their only writer, and what they say sealed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from hub.domain.agreement_end import AgreementStatus, EndNote, EndReason, status_after
from hub.domain.payment_standing import PaymentStanding
from hub.domain.plain import from_plain, to_plain
from storage.reading_ahead import known_of
from storage.records import AgreementRecord, NegotiationRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def find_agreement(tx: Transaction, negotiation_id: str) -> AgreementRecord | None:
    """The negotiation's newest agreement."""
    known = known_of(tx, AgreementRecord, negotiation_id)
    if known is not None:
        return known[-1] if known else None
    return tx.session.scalar(
        sa.select(AgreementRecord)
        .where(AgreementRecord.negotiation_id == negotiation_id)
        .order_by(AgreementRecord.signed_at.desc())
        .limit(1)
    )


def refresh_agreement(tx: Transaction, record: AgreementRecord) -> None:
    """The row says what is stored now. The negotiation must be locked."""
    tx.session.refresh(record)


def add_agreement(tx: Transaction, record: AgreementRecord, contents: Any) -> None:
    """The agreement is in force, with what it says sealed."""
    record.contents_sealed = seal_json(tx, contents, table="agreement", column="contents", row=record.id)
    tx.session.add(record)
    tx.session.flush()


def end_agreement(
    tx: Transaction, record: AgreementRecord, reason: EndReason, note: EndNote, *, effective_at: datetime
) -> None:
    """The agreement stands where the domain's table says, since now; raises `StatusConflict` for one that has ended.

    After `add_agreement` this is the only place that writes an agreement's status. The negotiation must be locked.
    """
    ended_for = None if record.end_reason is None else EndReason(record.end_reason)
    record.status = status_after(AgreementStatus(record.status), reason, ended_for=ended_for)
    record.end_reason = reason
    record.ended_at = tx.now
    record.end_effective_at = effective_at
    record.end_note_sealed = seal_json(tx, to_plain(note), table="agreement", column="end_note", row=record.id)


def end_note_of(tx: Transaction, record: AgreementRecord) -> EndNote | None:
    """What was said of the end; None while there is none, and in what ended before that was kept."""
    if record.end_note_sealed is None:
        return None
    plain = open_json(tx, record.end_note_sealed, table="agreement", column="end_note", row=record.id)
    return from_plain(EndNote, plain)


def contents_of(tx: Transaction, record: AgreementRecord) -> Any:
    """What the agreement says, as plain data."""
    return open_json(tx, record.contents_sealed, table="agreement", column="contents", row=record.id)


def set_standing(tx: Transaction, record: AgreementRecord, standing: PaymentStanding) -> None:
    """The agreement is found by these figures from now on, but for the sums, which no list asks for."""
    record.next_due_on = standing.next_due_on
    record.missed_rows, record.part_paid_rows = standing.missed_rows, standing.part_paid_rows
    record.followed_at = tx.now


def list_unfollowed(tx: Transaction, limit: int) -> list[str]:
    """Ids of agreements whose standing has to be worked out."""
    query = sa.select(AgreementRecord.id).where(sa.text("agreement.followed_at IS NULL"))
    return list(tx.session.scalars(query.order_by(AgreementRecord.id).limit(limit)))


def follow_anew(tx: Transaction, bank_code: str) -> None:
    """The standing of the bank's agreements in force is worked out again: what counts as paid is told otherwise now."""
    mine = (AgreementRecord.bank_code == bank_code, AgreementRecord.status == AgreementStatus.IN_FORCE)
    tx.session.execute(sa.update(AgreementRecord).where(*mine).values(followed_at=None))


def list_to_judge(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Negotiations with a plan of one payment in force that is to be judged by now, the longest due first."""
    return _list_due(tx, AgreementRecord.judged_at, at, limit)


def list_to_remind(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Negotiations with an agreement of which a payment is to be told by now, the longest due first."""
    return _list_due(tx, AgreementRecord.remind_at, at, limit)


def _list_due(tx: Transaction, due: InstrumentedAttribute[datetime | None], at: datetime, limit: int) -> list[str]:
    found = sa.select(AgreementRecord.negotiation_id).where(due <= at).order_by(due, AgreementRecord.id).limit(limit)
    return list(tx.session.scalars(found))


def list_in_force(
    tx: Transaction, person_indexes: Sequence[bytes], bank_codes: Sequence[str]
) -> list[sa.Row[AgreementRecord, NegotiationRecord]]:
    """Agreements in force of the person with any of the banks, over all clients, oldest first."""
    return list_of_person(tx, person_indexes, bank_codes, statuses=(AgreementStatus.IN_FORCE,))


def list_of_person(
    tx: Transaction,
    person_indexes: Sequence[bytes],
    bank_codes: Sequence[str],
    *,
    statuses: Sequence[AgreementStatus],
) -> list[sa.Row[AgreementRecord, NegotiationRecord]]:
    """Agreements of the person with any of the banks that stand so, over all clients, oldest first."""
    return list(
        tx.session.execute(
            sa.select(AgreementRecord, NegotiationRecord)
            .join(NegotiationRecord, NegotiationRecord.id == AgreementRecord.negotiation_id)
            .where(
                NegotiationRecord.person_index.in_(person_indexes),
                NegotiationRecord.bank_code.in_(bank_codes),
                AgreementRecord.status.in_(statuses),
            )
            .order_by(AgreementRecord.signed_at, AgreementRecord.id)
        )
    )
