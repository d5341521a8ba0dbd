"""Stored files by the name of their bytes: a slice of all there are, and the row that speaks of one."""

from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from storage import clean_copies, documents, evidence
from storage.records import CleanCopyRecord, DocumentRecord, EvidenceRecord, GivenEvidenceRecord
from storage.transaction import Transaction

R = TypeVar("R", EvidenceRecord, CleanCopyRecord, DocumentRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """What a row says of a stored file, and the key that opens it."""

    store_name: str
    size: int
    sha256: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The row of a stored file, and a negotiation it was given to, if it was given to any."""

    store_name: str
    table: str
    id: str
    negotiation_id: str | None
    bank_code: str | None


def slice_of_files(tx: Transaction, low: str, high: str, *, round_number: int, most: int) -> list[RecordedFile]:
    """The files whose names are at least `low` and below `high`.

    Where there are more than `most` of a kind, each round gives the next of them, and begins anew after the last.
    """
    files = _part_of(tx, EvidenceRecord, low, high, round_number, most)
    copies = _part_of(tx, CleanCopyRecord, low, high, round_number, most)
    papers = _part_of(tx, DocumentRecord, low, high, round_number, most)
    return [
        *(_recorded(row, evidence.file_key_of(tx, row)) for row in files),
        *(_recorded(row, clean_copies.copy_key_of(tx, row)) for row in copies),
        *(_recorded(row, documents.key_of(tx, row)) for row in papers),
    ]


def _part_of(tx: Transaction, table: type[R], low: str, high: str, round_number: int, most: int) -> list[R]:
    inside = (table.store_name >= low, table.store_name < high)
    count = tx.session.scalar(sa.select(sa.func.count(table.id)).where(*inside)) or 0
    parts = -(-count // most) or 1
    query = sa.select(table).where(*inside).order_by(table.store_name)
    return list(tx.session.scalars(query.offset(round_number % parts * most).limit(most)))


def _recorded(row: EvidenceRecord | CleanCopyRecord | DocumentRecord, key: bytes) -> RecordedFile:
    return RecordedFile(store_name=row.store_name, size=row.size, sha256=row.sha256, key=key)


def owner_of(tx: Transaction, store_name: str) -> Owner | None:
    """Whose bytes these are; None once no row speaks of them."""
    document = tx.session.scalar(sa.select(DocumentRecord).where(DocumentRecord.store_name == store_name))
    if document is not None:
        return Owner(
            store_name=store_name,
            table="document",
            id=document.id,
            negotiation_id=document.negotiation_id,
            bank_code=document.bank_code,
        )
    query = (
        sa.select(EvidenceRecord.id, GivenEvidenceRecord.negotiation_id, GivenEvidenceRecord.bank_code)
        .outerjoin(GivenEvidenceRecord, GivenEvidenceRecord.evidence_id == EvidenceRecord.id)
        .outerjoin(CleanCopyRecord, CleanCopyRecord.id == EvidenceRecord.id)
        .where(sa.or_(EvidenceRecord.store_name == store_name, CleanCopyRecord.store_name == store_name))
        .order_by(GivenEvidenceRecord.negotiation_id)
        .limit(1)
    )
    found = tx.session.execute(query).first()
    if found is None:
        return None
    id_, negotiation_id, bank_code = found
    return Owner(store_name=store_name, table="evidence", id=id_, negotiation_id=negotiation_id, bank_code=bank_code)
