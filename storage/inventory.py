"""Looking over everything stored, for the invariants; slow on purpose and never part of a request."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from hub.domain.evidence import EvidenceStatus, MediaType
from storage import evidence
from storage.records import (
    AgreementRecord,
    ApplicationRecord,
    CleanCopyRecord,
    ClockRecord,
    DeliveryRecord,
    DocumentRecord,
    EvidenceRecord,
    GivenEvidenceRecord,
    HoldRecord,
    MailRecord,
    NegotiationRecord,
    OfferRecord,
    PaymentRecord,
    Record,
    SearchKeyRecord,
    StaffRecord,
    SubmissionRecord,
    TeamRecord,
    ViewingPageRecord,
    WantedCopyRecord,
)
from storage.transaction import Transaction

# Every table whose rows belong to a negotiation; of those that may have none, another bank's can be named, but in
# mails: one about no negotiation is of a bank all the same.
_OF_A_NEGOTIATION: tuple[Any, ...] = tuple(
    mapper.class_
    for mapper in sorted(Record.registry.mappers, key=lambda each: each.class_.__name__)
    if {"negotiation_id", "bank_code"} <= set(mapper.columns.keys())
    and (not mapper.columns["negotiation_id"].nullable or mapper.class_ is MailRecord)
)


# Who and which team a row names: they are of its bank.
_NAMED: tuple[tuple[Any, Any, Any], ...] = (
    (NegotiationRecord, NegotiationRecord.owner_id, StaffRecord),
    (ClockRecord, ClockRecord.team_id, TeamRecord),
    (StaffRecord, StaffRecord.team_id, TeamRecord),
)


def rows_of_another_bank(tx: Transaction) -> Iterator[tuple[str, str]]:
    """(table, parent) of each row whose bank is not its parent's, or that names somebody or a team of another bank."""
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
    for record, named, theirs in _NAMED:
        rows = (
            sa.select(record.id)
            .join(theirs, theirs.id == named)
            .where(theirs.bank_code.is_distinct_from(record.bank_code))
        )
        for row_id in tx.session.scalars(rows):
            yield record.__tablename__, row_id


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
    """The row of every file whose bytes are kept, a few at a time."""
    yield from tx.session.scalars(
        sa.select(EvidenceRecord)
        .where(EvidenceRecord.file_key_sealed != evidence.NO_KEY)
        .order_by(EvidenceRecord.id)
        .execution_options(yield_per=200)
    )


def every_copy(tx: Transaction) -> Iterator[CleanCopyRecord]:
    """Every clean copy's row, a few at a time."""
    yield from tx.session.scalars(
        sa.select(CleanCopyRecord).order_by(CleanCopyRecord.id).execution_options(yield_per=200)
    )


def every_viewing_page(tx: Transaction) -> Iterator[ViewingPageRecord]:
    """Every page's row of the viewing copies, a few at a time."""
    yield from tx.session.scalars(
        sa.select(ViewingPageRecord).order_by(ViewingPageRecord.id).execution_options(yield_per=200)
    )


def files_without_copy(tx: Transaction) -> list[str]:
    """Ids of the files that were found clean, have no clean copy and wait for none."""
    has_one = sa.exists().where(CleanCopyRecord.id == EvidenceRecord.id)
    waits = sa.exists().where(WantedCopyRecord.id == EvidenceRecord.id, WantedCopyRecord.reason.is_(None))
    query = sa.select(EvidenceRecord.id).where(
        EvidenceRecord.status == EvidenceStatus.CLEAN, EvidenceRecord.media_type.in_(MediaType), ~has_one, ~waits
    )
    return list(tx.session.scalars(query))


def every_document(tx: Transaction) -> Iterator[DocumentRecord]:
    """Every printed document's row, a few at a time."""
    yield from tx.session.scalars(
        sa.select(DocumentRecord).order_by(DocumentRecord.id).execution_options(yield_per=200)
    )


_TAKEN: tuple[Any, ...] = (
    *(SubmissionRecord, OfferRecord, AgreementRecord),
    *(DocumentRecord, GivenEvidenceRecord, SearchKeyRecord),
)


def left_of_erased(tx: Transaction) -> Iterator[tuple[str, str]]:
    """(table, negotiation) of each row that an erasure should have taken, and of each that says who the person was."""
    erased = sa.select(NegotiationRecord.id).where(NegotiationRecord.erased_at.is_not(None))
    # What was written about the erasure itself stays: its own entry, and the message that tells the bank of it.
    for record in _TAKEN:
        query = sa.select(record.negotiation_id).where(record.negotiation_id.in_(erased)).distinct()
        for negotiation_id in tx.session.scalars(query):
            yield record.__tablename__, negotiation_id
    table = NegotiationRecord
    known = sa.or_(table.person_index != b"", table.mobile_index != b"", table.summary_sealed.is_not(None))
    for negotiation_id in tx.session.scalars(sa.select(table.id).where(table.erased_at.is_not(None), known)):
        yield table.__tablename__, negotiation_id
