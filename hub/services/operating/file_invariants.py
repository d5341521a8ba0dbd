"""What holds of stored files: the bytes are those that were recorded, and clean ones have a copy for banks."""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from hub.domain.errors import EvidenceDamaged, HubError, KeysUnusable, StoreFull
from hub.services.operating.breach import Breach
from hub.services.passes import Finder, Section
from hub.services.transaction import HubTransaction
from storage import clean_copies, documents, evidence, inventory, viewing_copies
from storage.evidence_store import EvidenceStore
from storage.inventory import StoredRecord
from storage.records import CleanCopyRecord, DocumentRecord, EvidenceRecord, ViewingPageRecord
from storage.spans import Span

# They are read whole, one after the other.
_FILES_TOGETHER: Final = 50


def sections(store: EvidenceStore) -> list[Section[Breach]]:
    """The files by table; no transaction is open while they are read."""
    found: list[Section[Breach]] = [
        Section(
            name=f"files/{record.__tablename__}",
            key=(record.id,),
            many=_FILES_TOGETHER,
            later=partial(_bytes_hold, store, record),
        )
        for record in inventory.KEPT_FILES
    ]
    return [*found, Section(name="copies", key=(EvidenceRecord.id,), look=_have_copies)]


def _have_copies(tx: HubTransaction, span: Span) -> Iterator[Breach]:
    for uncopied in inventory.files_without_copy(tx, span):
        yield Breach(invariant="clean_copy", subject=uncopied, detail="a clean file that no bank can be given")


def _bytes_hold(
    store: EvidenceStore, record: type[StoredRecord], tx: HubTransaction, span: Span
) -> Iterator[Finder[Breach]]:
    for file in inventory.list_kept_files(tx, record, span):
        try:
            key: bytes | HubError = _key_of(tx, file)
        except (EvidenceDamaged, KeysUnusable) as error:
            key = error
        yield partial(_read, store, file.id, file.store_name, key, file.size, file.sha256)


def _key_of(tx: HubTransaction, file: StoredRecord) -> bytes:
    key_of: Callable[[], bytes]
    match file:
        case EvidenceRecord():
            key_of = partial(evidence.file_key_of, tx, file)
        case CleanCopyRecord():
            key_of = partial(clean_copies.copy_key_of, tx, file)
        case ViewingPageRecord():
            key_of = partial(viewing_copies.page_key_of, tx, file)
        case DocumentRecord():
            key_of = partial(documents.key_of, tx, file)
    return key_of()


def _read(store: EvidenceStore, id_: str, name: str, key: bytes | HubError, size: int, sha256: str) -> Iterator[Breach]:
    digest = hashlib.sha256()
    try:
        if isinstance(key, HubError):
            raise key
        for chunk in store.read(name, key, size):
            digest.update(chunk)
    except (EvidenceDamaged, KeysUnusable, StoreFull, ValueError) as error:
        yield Breach(invariant="evidence_bytes", subject=id_, detail=f"cannot be read: {error}")
        return
    if digest.hexdigest() != sha256:
        yield Breach(invariant="evidence_bytes", subject=id_, detail="not the bytes that were recorded")
