"""Looking over everything stored, for the invariants; slow on purpose and never part of a request."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from hub.domain.evidence import PICTURES, EvidenceStatus
from storage.records import (
    AgreementRecord,
    ApplicationRecord,
    CleanCopyRecord,
    DeliveryRecord,
    DocumentRecord,
    EvidenceRecord,
    HoldRecord,
    NegotiationRecord,
    PaymentRecord,
    Record,
)
from storage.transaction import Transaction

# Every table whose rows belong to a negotiation; of those that may have none, another bank's can be named.
_OF_A_NEGOTIATION: tuple[Any, ...] = tuple(
    mapper.class_
    for mapper in sorted(Record.registry.mappers, key=lambda each: each.class_.__name__)
    if {"negotiation_id", "bank_code"} <= set(mapper.columns.keys()) and not mapper.columns["negotiation_id"].nullable
)


def rows_of_another_bank(tx: Transaction) -> Iterator[tuple[str, str]]:
    """(table, parent) of each row whose bank is not its parent's."""
    for record in _OF_A_NEGOTIATION:
        query = (
            sa.select(record.negotiation_id)
            .join(NegotiationRecord, NegotiationRecord.id == record.negotiation_id)
            .where(record.bank_code != NegotiationRecord.bank_code)
        )
        for negotiation_id in tx.session.scalars(query):
            yield record.__tablename__, negotiation_id
    for of_agreement in (PaymentRecord, HoldRecord):
        rows = (
            sa.select(of_agreement.id)
            .join(AgreementRecord, AgreementRecord.id == of_agreement.agreement_id)
            .where(of_agreement.bank_code != AgreementRecord.bank_code)
        )
        for row_id in tx.session.scalars(rows):
            yield of_agreement.__tablename__, row_id


def applications_without_negotiation(tx: Transaction) -> list[str]:
    """References of applications that opened nothing."""
    opened = sa.exists().where(NegotiationRecord.application_id == ApplicationRecord.id)
    return list(tx.session.scalars(sa.select(ApplicationRecord.reference).where(~opened)))


def agreements_of(tx: Transaction, negotiation_id: str) -> list[AgreementRecord]:
    """All agreements of the negotiation."""
    return list(tx.session.scalars(sa.select(AgreementRecord).where(AgreementRecord.negotiation_id == negotiation_id)))


def deliveries_of(tx: Transaction, negotiation_id: str) -> list[DeliveryRecord]:
    """All messages to the bank in the negotiation."""
    return list(tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == negotiation_id)))


def every_evidence(tx: Transaction) -> Iterator[EvidenceRecord]:
    """Every file's row, a few at a time."""
    yield from tx.session.scalars(
        sa.select(EvidenceRecord).order_by(EvidenceRecord.id).execution_options(yield_per=200)
    )


def every_copy(tx: Transaction) -> Iterator[CleanCopyRecord]:
    """Every clean copy's row, a few at a time."""
    yield from tx.session.scalars(
        sa.select(CleanCopyRecord).order_by(CleanCopyRecord.id).execution_options(yield_per=200)
    )


def pictures_without_copy(tx: Transaction) -> list[str]:
    """Ids of the pictures that were found clean and have no clean copy."""
    has_one = sa.exists().where(CleanCopyRecord.id == EvidenceRecord.id)
    query = sa.select(EvidenceRecord.id).where(
        EvidenceRecord.status == EvidenceStatus.CLEAN, EvidenceRecord.media_type.in_(PICTURES), ~has_one
    )
    return list(tx.session.scalars(query))


def every_document(tx: Transaction) -> Iterator[DocumentRecord]:
    """Every printed document's row, a few at a time."""
    yield from tx.session.scalars(
        sa.select(DocumentRecord).order_by(DocumentRecord.id).execution_options(yield_per=200)
    )
