"""Viewing copies: the pages of files as pictures, and the files whose pages are still to be drawn."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

import sqlalchemy as sa

from hub.domain.viewing import ViewingStatus
from storage import traces
from storage.records import EvidenceRecord, Record, ViewingCopyRecord, ViewingPageRecord
from storage.stored_files import StoredPage
from storage.transaction import Transaction

_COPIES = Record.metadata.tables["viewing_copy"]
# Ids of files, the longest waiting first.
WAITING = (
    sa.select(_COPIES.c.id)
    .where(sa.text("status = 'waiting'"))
    .order_by(_COPIES.c.asked_at)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def ask(tx: Transaction, evidence_id: str) -> None:
    """The pages of the file wait to be drawn, unless somebody asked for them before."""
    if find(tx, evidence_id) is None:
        tx.session.add(
            ViewingCopyRecord(id=evidence_id, status=ViewingStatus.WAITING, pages=0, left_out=0, asked_at=tx.now)
        )


def find(tx: Transaction, evidence_id: str, *, lock: bool = False) -> ViewingCopyRecord | None:
    """How far the file's viewing copy is; None where nobody has asked for one."""
    return tx.session.get(ViewingCopyRecord, evidence_id, with_for_update=lock, populate_existing=lock)


def list_waiting(tx: Transaction, *, limit: int) -> list[str]:
    """Ids of the files whose pages wait to be drawn, the longest waiting first."""
    return list(tx.session.scalars(WAITING, {"limit": limit}))


def settle(
    tx: Transaction,
    copy: ViewingCopyRecord,
    pages: Sequence[StoredPage],
    *,
    left_out: int,
    reason: str | None,
    thumbnail: bytes | None,
) -> None:
    """The copy is made, or has failed for want of any page."""
    copy.status = ViewingStatus.MADE if pages else ViewingStatus.FAILED
    copy.reason, copy.pages, copy.left_out, copy.made_at = reason, len(pages), left_out, tx.now
    if thumbnail is not None:
        copy.thumbnail_sealed = tx.keyring.seal(thumbnail, table="viewing_copy", column="thumbnail", row=copy.id)
    tx.session.add_all(
        ViewingPageRecord(
            id=page.file.id,
            evidence_id=copy.id,
            number=number,
            width=page.width,
            height=page.height,
            size=page.size,
            sha256=page.sha256,
            store_name=page.file.store_name,
            file_key_sealed=tx.keyring.seal(page.file.key, table="viewing_page", column="file_key", row=page.file.id),
            picture_hash_sealed=None
            if page.picture_hash is None
            else tx.keyring.seal(page.picture_hash, table="viewing_page", column="picture_hash", row=page.file.id),
        )
        for number, page in enumerate(pages, 1)
    )
    for number, page in enumerate(pages, 1):
        if page.picture_hash is not None:
            traces.add_picture(tx, copy.id, number, page.picture_hash)


def find_page(tx: Transaction, evidence_id: str, number: int) -> ViewingPageRecord | None:
    """That page of the file, counted from 1."""
    return tx.session.scalar(
        sa.select(ViewingPageRecord).where(
            ViewingPageRecord.evidence_id == evidence_id, ViewingPageRecord.number == number
        )
    )


def pages_of(tx: Transaction, evidence_ids: Sequence[str]) -> dict[str, list[ViewingPageRecord]]:
    """The pages of those files of which any are drawn, by the files' ids, in their order."""
    found: dict[str, list[ViewingPageRecord]] = {}
    if evidence_ids:
        query = sa.select(ViewingPageRecord).where(ViewingPageRecord.evidence_id.in_(evidence_ids))
        for page in tx.session.scalars(query.order_by(ViewingPageRecord.evidence_id, ViewingPageRecord.number)):
            found.setdefault(page.evidence_id, []).append(page)
    return found


def picture_hash_of(tx: Transaction, page: ViewingPageRecord) -> bytes | None:
    """The perceptual hash of the page, where it has one."""
    if page.picture_hash_sealed is None:
        return None
    return tx.keyring.open(page.picture_hash_sealed, table="viewing_page", column="picture_hash", row=page.id)


def picture_hashes_of(tx: Transaction, pages: AbstractSet[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
    """The perceptual hashes of those of the pages, (file, number), that have one."""
    page = ViewingPageRecord
    query = sa.select(page.id, page.evidence_id, page.number, page.picture_hash_sealed).where(
        page.evidence_id.in_({evidence_id for evidence_id, _ in pages}), page.picture_hash_sealed.is_not(None)
    )
    return {
        (evidence_id, number): tx.keyring.open(sealed, table="viewing_page", column="picture_hash", row=id_)
        for id_, evidence_id, number, sealed in tx.session.execute(query)
        if sealed is not None and (evidence_id, number) in pages
    }


def page_key_of(tx: Transaction, page: ViewingPageRecord) -> bytes:
    """The key the page's bytes are sealed with."""
    return tx.keyring.open(page.file_key_sealed, table="viewing_page", column="file_key", row=page.id)


def thumbnail_of(tx: Transaction, evidence_id: str) -> bytes | None:
    """The first page as a small JPEG; None where it is not drawn."""
    query = sa.select(ViewingCopyRecord.thumbnail_sealed).where(ViewingCopyRecord.id == evidence_id)
    sealed = tx.session.scalar(query)
    if sealed is None:
        return None
    return tx.keyring.open(sealed, table="viewing_copy", column="thumbnail", row=evidence_id)


def with_pages(tx: Transaction, evidence_ids: Iterable[str]) -> set[str]:
    """Those of the files that have pages to look at, and so a thumbnail."""
    query = sa.select(ViewingCopyRecord.id).where(
        ViewingCopyRecord.id.in_(list(evidence_ids)), ViewingCopyRecord.status == ViewingStatus.MADE
    )
    return set(tx.session.scalars(query))


def remove(tx: Transaction, record: EvidenceRecord) -> list[str]:
    """The file has no viewing copy any more; gives the names of its pages' bytes, which are the sweeper's."""
    copy = find(tx, record.id, lock=True)
    if copy is None:
        return []
    pages = list(tx.session.scalars(sa.select(ViewingPageRecord).where(ViewingPageRecord.evidence_id == record.id)))
    names = [page.store_name for page in pages]
    for page in pages:
        tx.session.delete(page)
    tx.session.flush()
    tx.session.delete(copy)
    tx.session.flush()
    return names
