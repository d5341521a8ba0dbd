"""Stored files by the name of their bytes: a slice of all there are, and the row that speaks of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from storage import clean_copies, documents, evidence, exports, viewing_copies
from storage.records import (
    CleanCopyRecord,
    DocumentRecord,
    EvidenceRecord,
    ExportRecord,
    GivenEvidenceRecord,
    ViewingPageRecord,
)
from storage.transaction import Transaction

R = TypeVar("R", EvidenceRecord, CleanCopyRecord, ViewingPageRecord, DocumentRecord, ExportRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """What a row says of a stored file, and the key that opens it."""

    store_name: str
    size: int
    sha256: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredName:
    """Under which name a stored file lies, and the size of the clear one."""

    store_name: str
    size: int


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
    pages = _part_of(tx, ViewingPageRecord, low, high, round_number, most)
    papers = _part_of(tx, DocumentRecord, low, high, round_number, most)
    tables = _part_of(tx, ExportRecord, low, high, round_number, most)
    return [
        *(_recorded(row, evidence.file_key_of(tx, row)) for row in files),
        *(_recorded(row, clean_copies.copy_key_of(tx, row)) for row in copies),
        *(_recorded(row, viewing_copies.page_key_of(tx, row)) for row in pages),
        *(_recorded(row, documents.key_of(tx, row)) for row in papers),
        *(_recorded(row, exports.key_of(tx, row)) for row in tables),
    ]


def _part_of(tx: Transaction, table: type[R], low: str, high: str, round_number: int, most: int) -> list[R]:
    inside = (table.store_name >= low, table.store_name < high, table.file_key_sealed != evidence.NO_KEY)
    count = tx.session.scalar(sa.select(sa.func.count(table.id)).where(*inside)) or 0
    parts = -(-count // most) or 1
    query = sa.select(table).where(*inside).order_by(table.store_name)
    return list(tx.session.scalars(query.offset(round_number % parts * most).limit(most)))


def few_files(tx: Transaction, *, most: int) -> list[StoredName]:
    """Some uploads whose bytes are kept, those with the lowest names."""
    table = EvidenceRecord
    query = sa.select(table.store_name, table.size).where(table.file_key_sealed != evidence.NO_KEY)
    found = tx.session.execute(query.order_by(table.store_name).limit(most))
    return [StoredName(store_name=name, size=size) for name, size in found]


def every_file(tx: Transaction) -> Iterator[tuple[str, str, RecordedFile]]:
    """(table, id, file) of every row whose bytes are kept, a few at a time."""
    for row in _every(tx, EvidenceRecord):
        yield row.__tablename__, row.id, _recorded(row, evidence.file_key_of(tx, row))
    for copy in _every(tx, CleanCopyRecord):
        yield copy.__tablename__, copy.id, _recorded(copy, clean_copies.copy_key_of(tx, copy))
    for page in _every(tx, ViewingPageRecord):
        yield page.__tablename__, page.id, _recorded(page, viewing_copies.page_key_of(tx, page))
    for paper in _every(tx, DocumentRecord):
        yield paper.__tablename__, paper.id, _recorded(paper, documents.key_of(tx, paper))
    for table in _every(tx, ExportRecord):
        yield table.__tablename__, table.id, _recorded(table, exports.key_of(tx, table))


def _every(tx: Transaction, table: type[R]) -> Iterator[R]:
    kept = (table.store_name.is_not(None), table.file_key_sealed != evidence.NO_KEY)
    yield from tx.session.scalars(sa.select(table).where(*kept).order_by(table.id).execution_options(yield_per=200))


def is_kept(tx: Transaction, store_name: str) -> bool:
    """Whether any row still speaks of these bytes and has their key."""
    tables = (EvidenceRecord, CleanCopyRecord, ViewingPageRecord, DocumentRecord, ExportRecord)
    queries = [
        sa.select(table.id).where(table.store_name == store_name, table.file_key_sealed != evidence.NO_KEY)
        for table in tables
    ]
    return tx.session.scalar(sa.union_all(*queries).limit(1)) is not None


def _recorded(row: R, key: bytes) -> RecordedFile:
    # An export has a size and a digest wherever it has a name, and only named files are asked for.
    return RecordedFile(store_name=row.store_name or "", size=row.size or 0, sha256=row.sha256 or "", key=key)


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
    table = tx.session.scalar(sa.select(ExportRecord).where(ExportRecord.store_name == store_name))
    if table is not None:
        return Owner(store_name=store_name, table="export", id=table.id, negotiation_id=None, bank_code=table.bank_code)
    page = tx.session.scalar(sa.select(ViewingPageRecord).where(ViewingPageRecord.store_name == store_name))
    if page is None:
        its = sa.or_(EvidenceRecord.store_name == store_name, CleanCopyRecord.store_name == store_name)
    else:
        its = EvidenceRecord.id == page.evidence_id
    query = (
        sa.select(EvidenceRecord.id, GivenEvidenceRecord.negotiation_id, GivenEvidenceRecord.bank_code)
        .outerjoin(GivenEvidenceRecord, GivenEvidenceRecord.evidence_id == EvidenceRecord.id)
        .outerjoin(CleanCopyRecord, CleanCopyRecord.id == EvidenceRecord.id)
        .where(its)
        .order_by(GivenEvidenceRecord.negotiation_id)
        .limit(1)
    )
    found = tx.session.execute(query).first()
    if found is None:
        return None
    id_, negotiation_id, bank_code = found
    return Owner(
        store_name=store_name,
        table="evidence" if page is None else "viewing_page",
        # Each damaged page is named for itself: of a file more than one may be.
        id=id_ if page is None else page.id,
        negotiation_id=negotiation_id,
        bank_code=bank_code,
    )
