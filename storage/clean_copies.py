"""Clean copies: the pictures that banks get, without notes of where they were taken."""

from collections.abc import Iterable

import sqlalchemy as sa

from storage.records import CleanCopyRecord, EvidenceRecord
from storage.stored_files import StoredCopy
from storage.transaction import Transaction


def add_copy(tx: Transaction, record: EvidenceRecord, stored: StoredCopy) -> None:
    """The picture has its clean copy."""
    tx.session.add(
        CleanCopyRecord(
            id=record.id,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            store_name=stored.file.store_name,
            file_key_sealed=tx.keyring.seal(stored.file.key, table="clean_copy", column="file_key", row=record.id),
            made_at=tx.now,
            thumbnail_sealed=None if stored.thumbnail is None else _sealed(tx, record.id, stored.thumbnail),
        )
    )


def _sealed(tx: Transaction, evidence_id: str, thumbnail: bytes) -> bytes:
    return tx.keyring.seal(thumbnail, table="clean_copy", column="thumbnail", row=evidence_id)


def thumbnail_of(tx: Transaction, evidence_id: str) -> bytes | None:
    """The picture's thumbnail, a JPEG; None for what has none."""
    query = sa.select(CleanCopyRecord.thumbnail_sealed).where(CleanCopyRecord.id == evidence_id)
    sealed = tx.session.scalar(query)
    return None if sealed is None else tx.keyring.open(sealed, table="clean_copy", column="thumbnail", row=evidence_id)


def with_thumbnail(tx: Transaction, evidence_ids: Iterable[str]) -> set[str]:
    """Those of the files that have a thumbnail."""
    query = sa.select(CleanCopyRecord.id).where(
        CleanCopyRecord.id.in_(list(evidence_ids)), CleanCopyRecord.thumbnail_sealed.is_not(None)
    )
    return set(tx.session.scalars(query))


def find_copy(tx: Transaction, evidence_id: str) -> CleanCopyRecord | None:
    """The picture's clean copy; None for what is no picture, or has no verdict yet."""
    return tx.session.get(CleanCopyRecord, evidence_id)


def copies_of(tx: Transaction, evidence_ids: Iterable[str]) -> dict[str, CleanCopyRecord]:
    """The clean copies of those files that have one, by the files' ids."""
    wanted = list(evidence_ids)
    if not wanted:
        return {}
    found = tx.session.scalars(sa.select(CleanCopyRecord).where(CleanCopyRecord.id.in_(wanted)))
    return {copy.id: copy for copy in found}


def copy_key_of(tx: Transaction, copy: CleanCopyRecord) -> bytes:
    """The key the copy's bytes are sealed with."""
    return tx.keyring.open(copy.file_key_sealed, table="clean_copy", column="file_key", row=copy.id)
