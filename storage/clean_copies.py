"""Clean copies: what banks get of files, and the files whose copies are still to be made."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.active_content import ActiveContent
from hub.domain.pdf_origin import PdfOrigin
from hub.domain.plain import from_plain, to_plain
from storage.records import CleanCopyRecord, EvidenceRecord, Record, WantedCopyRecord
from storage.sealed_json import open_json, seal_json
from storage.stored_files import StoredCopy
from storage.transaction import Transaction

_WANTED = Record.metadata.tables["wanted_copy"]
# Ids of files, the longest waiting first.
WAITING = (
    sa.select(_WANTED.c.id)
    .where(sa.text("reason IS NULL"))
    .order_by(_WANTED.c.asked_at)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def add_copy(tx: Transaction, record: EvidenceRecord, stored: StoredCopy) -> None:
    """The file has its clean copy."""
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
            removed=" ".join(stored.removed),
            was_signed=stored.was_signed,
            origin_sealed=None
            if stored.origin is None
            else seal_json(tx, to_plain(stored.origin), table="clean_copy", column="origin", row=record.id),
        )
    )


def origin_of(tx: Transaction, copy: CleanCopyRecord) -> PdfOrigin | None:
    """What the PDF said of its making; None for what is no PDF, or was copied before that was read."""
    if copy.origin_sealed is None:
        return None
    found = open_json(tx, copy.origin_sealed, table="clean_copy", column="origin", row=copy.id)
    return from_plain(PdfOrigin, found)


def removed_from(copy: CleanCopyRecord) -> list[ActiveContent]:
    """What the file held beside its pages, which its copy does not."""
    return [ActiveContent(each) for each in copy.removed.split()]


def want(tx: Transaction, evidence_id: str) -> None:
    """The file waits for its clean copy."""
    tx.session.add(WantedCopyRecord(id=evidence_id, asked_at=tx.now))


def find_wanted(tx: Transaction, evidence_id: str, *, lock: bool = False) -> WantedCopyRecord | None:
    """The row that says that the file has no clean copy yet, or can have none."""
    return tx.session.get(WantedCopyRecord, evidence_id, with_for_update=lock, populate_existing=lock)


def list_waiting(tx: Transaction, *, limit: int) -> list[str]:
    """Ids of the files that wait for their clean copy, the longest waiting first."""
    return list(tx.session.scalars(WAITING, {"limit": limit}))


def waiting_among(tx: Transaction, evidence_ids: Sequence[str], *, since: datetime | None = None) -> set[str]:
    """Those of the files that wait for their clean copy, and have waited only `since` then."""
    if not evidence_ids:
        return set()
    query = sa.select(WantedCopyRecord.id).where(
        WantedCopyRecord.id.in_(evidence_ids), WantedCopyRecord.reason.is_(None)
    )
    return set(tx.session.scalars(query if since is None else query.where(WantedCopyRecord.asked_at >= since)))


def count_waiting_since(tx: Transaction, before: datetime) -> int:
    """How many files have waited for their clean copy since before `before`."""
    query = sa.select(sa.func.count()).where(WantedCopyRecord.reason.is_(None), WantedCopyRecord.asked_at < before)
    return tx.session.scalar(query.select_from(WantedCopyRecord)) or 0


def _sealed(tx: Transaction, evidence_id: str, thumbnail: bytes) -> bytes:
    return tx.keyring.seal(thumbnail, table="clean_copy", column="thumbnail", row=evidence_id)


def thumbnail_of(tx: Transaction, evidence_id: str) -> bytes | None:
    """The file's thumbnail, a JPEG; None for what has none."""
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
    """The file's clean copy; None for what has none, or has none yet."""
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
