"""The bytes of files given out again: to who sent them, and to banks as their clean copies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from hub.domain.errors import DocumentNotReady, EvidenceErased, NotHandedOn
from hub.domain.evidence import EvidenceStatus, MediaType, name_of_copy
from hub.services.transaction import HubTransaction
from storage import clean_copies, consents, evidence, given_evidence, negotiations
from storage.evidence_store import EvidenceStore
from storage.records import CleanCopyRecord, EvidenceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A file's bytes as they were sent, and what to say of them. `store_name` is for whoever finds them damaged."""

    store_name: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    chunks: Iterator[bytes]
    # The same bytes again, from the start.
    read: Callable[[], Iterator[bytes]]


def content_of(tx: HubTransaction, store: EvidenceStore, record: EvidenceRecord) -> Content:
    """The file's bytes, still to be read; a damaged file raises `EvidenceDamaged` before its bad bytes come.

    Raises `EvidenceErased` where they were deleted, as those of a rejected file are.
    """
    if not evidence.is_kept(record):
        raise EvidenceErased
    read = partial(store.read, record.store_name, evidence.file_key_of(tx, record), record.size)
    return Content(
        store_name=record.store_name,
        file_name=evidence.file_name_of(tx, record),
        media_type=record.media_type,
        size=record.size,
        sha256=record.sha256,
        chunks=read(),
        read=read,
    )


def copy_for_banks(
    tx: HubTransaction, store: EvidenceStore, record: EvidenceRecord, copies: Mapping[str, CleanCopyRecord]
) -> Content | None:
    """What banks get of a clean file: its clean copy among `copies`; the sound of a call as it was sent.

    None for a file that has no copy yet: what was sent may run something, or say where it was taken.
    """
    if not has_clean_copies(record.media_type):
        return content_of(tx, store, record)
    copy = copies.get(record.id)
    if copy is None:
        return None
    read = partial(store.read, copy.store_name, clean_copies.copy_key_of(tx, copy), copy.size)
    return Content(
        store_name=copy.store_name,
        file_name=file_name_for_banks(tx, record, copy),
        media_type=copy.media_type,
        size=copy.size,
        sha256=copy.sha256,
        chunks=read(),
        read=read,
    )


def has_clean_copies(media_type: str) -> bool:
    """Whether banks get a clean copy of files of that type; sound is not decoded and has none."""
    return media_type in set(MediaType)


def file_name_for_banks(tx: HubTransaction, record: EvidenceRecord, copy: CleanCopyRecord | None) -> str:
    """What the file is called where banks see it: with the ending of its copy, where it has one."""
    name = evidence.file_name_of(tx, record)
    return name if copy is None else name_of_copy(name, MediaType(copy.media_type))


def of_client(tx: HubTransaction, store: EvidenceStore, evidence_id: str, *, client_id: str) -> Content:
    """The client's file; raises `NotFound`, `EvidenceErased`."""
    return content_of(tx, store, evidence.get_of_client(tx, evidence_id, client_id=client_id))


def of_bank(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, evidence_id: str, *, bank_code: str
) -> Content | None:
    """What the bank gets of a file given to its negotiation, or None; raises `NotFound` for another bank's.

    Raises `NotHandedOn` for one to which the person took back their consent, and `DocumentNotReady`
    while it waits for its clean copy.
    """
    negotiation = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = given_evidence.find_given(tx, negotiation.id, evidence_id)
    if found is None or found[1].status != EvidenceStatus.CLEAN:
        return None
    if consents.withheld_of(tx, negotiation).holds(evidence_id, found[0].kind):
        raise NotHandedOn
    content = copy_for_banks(tx, store, found[1], clean_copies.copies_of(tx, [evidence_id]))
    if content is None and clean_copies.waiting_among(tx, [evidence_id]):
        raise DocumentNotReady
    return content
