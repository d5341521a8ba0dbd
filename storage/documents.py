"""Printed documents: their rows, and where their bytes lie."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.agreement_end import EndReason
from storage.reading_ahead import known_of
from storage.records import AgreementRecord, DocumentRecord, NegotiationRecord
from storage.stored_files import NewFile
from storage.transaction import Transaction

APPLICATION_FORM = "application_form"
AGREEMENT = "agreement"
DEFAULT_NOTICE = "default_notice"
AMENDMENT = "amendment"
CLEARANCE = "clearance"
RECORD = "record"


def add_document(
    tx: Transaction,
    negotiation: NegotiationRecord,
    *,
    kind: str,
    version: int,
    file: NewFile,
    size: int,
    sha256: str,
) -> None:
    """The printed document belongs to the negotiation."""
    tx.session.add(
        DocumentRecord(
            id=file.id,
            negotiation_id=negotiation.id,
            bank_code=negotiation.bank_code,
            kind=kind,
            version=version,
            sha256=sha256,
            size=size,
            store_name=file.store_name,
            file_key_sealed=tx.keyring.seal(file.key, table="document", column="file_key", row=file.id),
            printed_at=tx.now,
        )
    )
    tx.session.flush()


def find_document(tx: Transaction, negotiation_id: str, kind: str, version: int | None = None) -> DocumentRecord | None:
    """The newest printed document of that kind, or that of one `version`."""
    known = known_of(tx, DocumentRecord, negotiation_id)
    if known is not None:
        found = [each for each in known if each.kind == kind and version in (None, each.version)]
        return found[-1] if found else None
    query = sa.select(DocumentRecord).where(
        DocumentRecord.negotiation_id == negotiation_id, DocumentRecord.kind == kind
    )
    if version is not None:
        query = query.where(DocumentRecord.version == version)
    return tx.session.scalar(query.order_by(DocumentRecord.version.desc()).limit(1))


def key_of(tx: Transaction, record: DocumentRecord) -> bytes:
    """The key the document's bytes are sealed with."""
    return tx.keyring.open(record.file_key_sealed, table="document", column="file_key", row=record.id)


def list_all(tx: Transaction, negotiation_id: str) -> list[DocumentRecord]:
    """Every document printed for the negotiation, oldest first, of each kind by its version."""
    return list(
        tx.session.scalars(
            sa.select(DocumentRecord)
            .where(DocumentRecord.negotiation_id == negotiation_id)
            .order_by(DocumentRecord.version, DocumentRecord.printed_at)
        )
    )


def known_store_names(tx: Transaction, names: Sequence[str]) -> set[str]:
    """Those of `names` that a document's row speaks of."""
    return set(tx.session.scalars(sa.select(DocumentRecord.store_name).where(DocumentRecord.store_name.in_(names))))


def list_without_default_notice(tx: Transaction, *, since: datetime, before: datetime, limit: int) -> list[str]:
    """Ids of negotiations whose agreement ended in default in that time, and whose notice is not printed.

    Agreements that ended before notices were kept have none.
    """
    printed = sa.exists().where(
        DocumentRecord.negotiation_id == AgreementRecord.negotiation_id, DocumentRecord.kind == DEFAULT_NOTICE
    )
    query = (
        sa.select(AgreementRecord.negotiation_id)
        .where(
            AgreementRecord.end_reason == EndReason.DEFAULTED,
            AgreementRecord.end_effective_at.is_not(None),
            AgreementRecord.ended_at >= since,
            AgreementRecord.ended_at < before,
            ~printed,
        )
        .order_by(AgreementRecord.ended_at)
        .limit(limit)
    )
    return list(tx.session.scalars(query))


def list_without_agreement(tx: Transaction, *, since: datetime, before: datetime, limit: int) -> list[str]:
    """Ids of negotiations whose agreement was signed in that time and is not printed."""
    printed = sa.exists().where(
        DocumentRecord.negotiation_id == AgreementRecord.negotiation_id, DocumentRecord.kind == AGREEMENT
    )
    query = (
        sa.select(AgreementRecord.negotiation_id)
        .where(AgreementRecord.signed_at >= since, AgreementRecord.signed_at < before, ~printed)
        .order_by(AgreementRecord.signed_at)
        .limit(limit)
    )
    return list(tx.session.scalars(query))
