"""What banks said of payments: writing and finding it. A row is never changed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from hub.domain.payments import PaymentWord
from hub.domain.plain import from_plain, to_plain
from storage.reading_ahead import known_of
from storage.records import AgreementRecord, PaymentRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfPayment:
    """The bank's word on a row: what came, and on which day; no day and nothing where it speaks of no money."""

    status: PaymentWord
    paid_on: date | None = None
    amount_fen: int = 0


def add(tx: Transaction, agreement: AgreementRecord, number: int, said: SaidOfPayment) -> PaymentRecord:
    """What the bank says of the row `number` is kept, sealed."""
    record = PaymentRecord(
        id=new_id(),
        agreement_id=agreement.id,
        bank_code=agreement.bank_code,
        number=number,
        recorded_at=tx.now,
    )
    record.said_sealed = seal_json(tx, to_plain(said), table="payment", column="said", row=record.id)
    tx.session.add(record)
    tx.session.flush()
    return record


def said_of(tx: Transaction, record: PaymentRecord) -> SaidOfPayment:
    """What the bank said; raises `EvidenceDamaged` for what was changed, or moved here from another row."""
    plain: Any = open_json(tx, record.said_sealed, table="payment", column="said", row=record.id)
    return from_plain(SaidOfPayment, plain)


def list_of(tx: Transaction, agreement_id: str) -> list[PaymentRecord]:
    """What the bank said of the agreement's payments, oldest first."""
    known = known_of(tx, PaymentRecord, agreement_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(PaymentRecord)
            .where(PaymentRecord.agreement_id == agreement_id)
            .order_by(PaymentRecord.recorded_at, PaymentRecord.id)
        )
    )
