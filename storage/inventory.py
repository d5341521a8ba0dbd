"""Looking over everything stored, for the invariants; slow on purpose and never part of a request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

# Every table whose rows belong to a negotiation; of those that may have none, another bank's can be named, but in
# mails: one about no negotiation is of a bank all the same.
_OF_A_NEGOTIATION: tuple[Any, ...] = tuple(
    mapper.class_
    for mapper in sorted(Record.registry.mappers, key=lambda each: each.class_.__name__)
    if {"negotiation_id", "bank_code"} <= set(mapper.columns.keys())
    and (not mapper.columns["negotiation_id"].nullable or mapper.class_ is MailRecord)
)


_OF_AN_AGREEMENT: tuple[Any, ...] = (PaymentRecord, HoldRecord)
# Who and which team a row names: they are of its bank.
_NAMED: tuple[tuple[Any, Any, Any], ...] = (
    (NegotiationRecord, NegotiationRecord.owner_id, StaffRecord),
    (ClockRecord, ClockRecord.team_id, TeamRecord),
    (StaffRecord, StaffRecord.team_id, TeamRecord),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Rows that belong to others, whose bank is theirs: the rows' table, what joins the two, and what names one."""

    table: sa.Table
    name: str
    joined: tuple[Any, Any]
    parent_bank: Any
    named_by: Any


def list_beside() -> list[Beside]:
    """Every such pair of tables."""
    return [
        *(_beside(each, NegotiationRecord, each.negotiation_id, each.negotiation_id) for each in _OF_A_NEGOTIATION),
        *(_beside(each, AgreementRecord, each.agreement_id, each.id) for each in _OF_AN_AGREEMENT),
        *(_beside(each, theirs, named, each.id, more=f".{named.key}") for each, named, theirs in _NAMED),
    ]


def _beside(record: Any, parent: Any, column: Any, named_by: Any, *, more: str = "") -> Beside:
    return Beside(
        table=record.__table__,
        name=f"{record.__tablename__}{more}",
        joined=(parent, parent.id == column),
        parent_bank=parent.bank_code,
        named_by=named_by,
    )


def rows_of_another_bank(tx: Transaction, beside: Beside, span: Span = WHOLE) -> Iterator[tuple[str, str]]:
    """(table, parent) of each row whose bank is not its parent's, or that names somebody or a team of another bank.

    `span` is of the rows' primary key.
    """
    table, (parent, condition) = beside.table, beside.joined
    query = sa.select(beside.named_by).select_from(table).join(parent, condition)
    which = (beside.parent_bank.is_distinct_from(table.c.bank_code), *span.of(*table.primary_key))
    for id_ in tx.session.scalars(query.where(*which)):
        yield table.name, id_


def applications_without_negotiation(tx: Transaction, span: Span = WHOLE) -> list[str]:
    """References of applications that opened nothing."""
    opened = sa.exists().where(NegotiationRecord.application_id == ApplicationRecord.id)
    which = (~opened, *span.of(ApplicationRecord.id))
    return list(tx.session.scalars(sa.select(ApplicationRecord.reference).where(*which)))


def agreements_of(tx: Transaction, negotiation_id: str) -> list[AgreementRecord]:
    """All agreements of the negotiation."""
    return list(tx.session.scalars(sa.select(AgreementRecord).where(AgreementRecord.negotiation_id == negotiation_id)))


def deliveries_of(tx: Transaction, negotiation_id: str) -> list[DeliveryRecord]:
    """All messages to the bank in the negotiation."""
    return list(tx.session.scalars(sa.select(DeliveryRecord).where(DeliveryRecord.negotiation_id == negotiation_id)))


KEPT_FILES = (EvidenceRecord, CleanCopyRecord, ViewingPageRecord, DocumentRecord)
"""What has bytes in the evidence store that are never to change."""
StoredRecord = EvidenceRecord | CleanCopyRecord | ViewingPageRecord | DocumentRecord


def list_kept_files(tx: Transaction, record: Any, span: Span = WHOLE) -> Sequence[StoredRecord]:
    """The rows of that table whose bytes are kept; `span` is of their ids."""
    which = (record.file_key_sealed != evidence.NO_KEY, *span.of(record.id))
    return list(tx.session.scalars(sa.select(record).where(*which).order_by(record.id)))


def files_without_copy(tx: Transaction, span: Span = WHOLE) -> list[str]:
    """Ids of the files that were found clean, have no clean copy and wait for none."""
    has_one = sa.exists().where(CleanCopyRecord.id == EvidenceRecord.id)
    waits = sa.exists().where(WantedCopyRecord.id == EvidenceRecord.id, WantedCopyRecord.reason.is_(None))
    which = (EvidenceRecord.status == EvidenceStatus.CLEAN, EvidenceRecord.media_type.in_(MediaType), ~has_one, ~waits)
    return list(tx.session.scalars(sa.select(EvidenceRecord.id).where(*which, *span.of(EvidenceRecord.id))))


TAKEN: tuple[Any, ...] = (
    *(SubmissionRecord, OfferRecord, AgreementRecord),
    *(DocumentRecord, GivenEvidenceRecord, SearchKeyRecord),
)
"""What an erasure takes whole. What was written about it stays: its own entry, and the message that tells the bank."""


def left_of_erased(tx: Transaction, record: Any, span: Span = WHOLE) -> Iterator[tuple[str, str]]:
    """(table, negotiation) of each row of one of `TAKEN` that an erasure should have taken.

    `span` is of its primary key.
    """
    table = NegotiationRecord
    which = (table.erased_at.is_not(None), *span.of(*record.__table__.primary_key))
    query = sa.select(record.negotiation_id).join(table, table.id == record.negotiation_id).where(*which).distinct()
    for negotiation_id in tx.session.scalars(query):
        yield record.__tablename__, negotiation_id


def known_after_erasure(tx: Transaction, span: Span = WHOLE) -> Iterator[tuple[str, str]]:
    """The same of each negotiation that was erased and says who the person was."""
    table = NegotiationRecord
    known = sa.or_(table.person_index != b"", table.mobile_index != b"", table.summary_sealed.is_not(None))
    which = (table.erased_at.is_not(None), known, *span.of(table.id))
    for negotiation_id in tx.session.scalars(sa.select(table.id).where(*which)):
        yield table.__tablename__, negotiation_id
