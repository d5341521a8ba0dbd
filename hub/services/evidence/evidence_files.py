"""Evidence: taking files in, giving them out again, and sweeping up what nobody owns; `judging` judges them.

Bytes are in the store before any row speaks of them: an orphan file is swept later, an orphan row is a loss.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from hub.domain.actor import HUB
from hub.domain.errors import EvidenceAttached, HubError, InvalidValue, StoreFull, Unavailable
from hub.domain.evidence import (
    MAX_FILE_SIZE,
    PICTURES,
    SNIFFED_LENGTH,
    EvidenceStatus,
    MediaType,
    file_name,
    media_type_of,
    name_of_copy,
)
from hub.domain.plain import Plain
from hub.services.evidence.recordings import record_type_of, sound_type_of
from hub.services.transaction import HubTransaction, Transactions
from storage import clean_copies, documents, evidence, given_evidence, negotiations, stored_files
from storage.evidence_store import EvidenceStore
from storage.records import CleanCopyRecord, EvidenceRecord, new_id
from storage.sealed_file import CHUNK_SIZE
from storage.stored_files import StoredEvidence

# A file without a row may belong to an upload that is just being answered; a day later it belongs to nobody.
ORPHAN_AGE = timedelta(hours=24)
_SWEEP_BATCH = 100


Read = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a caller says of the file it sends. `length` in bytes, None where it is not announced."""

    client_id: str
    subject: str | None
    kind: str
    file_name: str
    declared_type: str | None
    length: int | None


def receive(store: EvidenceStore, upload: Upload, read: Read) -> StoredEvidence:
    """The file lies whole and durable in the store; no row speaks of it yet. No transaction is open meanwhile.

    Raises `UnsupportedType` for what is not taken or not what its name says, before anything is kept, and
    `InvalidValue` for an empty file, `TooLarge`, `Malformed`, `StoreFull` with nothing kept.
    """
    return _receive(store, upload, read, lambda head, name: media_type_of(head, name=name))


def receive_recording(store: EvidenceStore, upload: Upload, read: Read) -> StoredEvidence:
    """The recording of a call lies whole and durable in the store; otherwise as `receive`, for sound."""
    return _receive(store, upload, read, sound_type_of)


def receive_call_record(store: EvidenceStore, upload: Upload, read: Read) -> StoredEvidence:
    """A person's own record of a call lies in the store: sound, or a picture or PDF; otherwise as `receive`."""
    return _receive(store, upload, read, record_type_of)


Receive = Callable[[EvidenceStore, Upload, Read], StoredEvidence]
"""`receive` below, or one of those for other sorts of files."""


@dataclass(slots=True)
class Keeping:
    """Whether a stored file got its row; whoever writes one says so."""

    kept: bool = False


@contextlib.contextmanager
def discarded_unless_kept(store: EvidenceStore, stored: StoredEvidence | None) -> Iterator[Keeping]:
    """At the end the stored bytes are gone, unless a row speaks of them; what cannot be deleted is the sweeper's.

    Where the end of a transaction is unknown, a row may speak of them: they stay, and are the sweeper's if none does.
    """
    keeping = Keeping()
    refused = False
    try:
        yield keeping
    except HubError as error:
        refused = not isinstance(error, Unavailable)
        raise
    finally:
        if stored is not None and (refused or not keeping.kept):
            delete_bytes(store, [stored.file.store_name])


def _receive(store: EvidenceStore, upload: Upload, read: Read, type_of: Callable[[bytes, str], str]) -> StoredEvidence:
    name = file_name(upload.file_name)
    # A whole piece at once: fewer bytes would have to be joined with those behind them, which copies them all.
    head = read(CHUNK_SIZE)
    while 0 < len(head) < SNIFFED_LENGTH and (more := read(CHUNK_SIZE - len(head))):
        head += more
    if not head:
        raise InvalidValue("file_empty")
    media_type = type_of(head, name)
    file = stored_files.new_file(new_id())
    stored = store.write(file.store_name, file.key, _behind(head, read), length=upload.length, limit=MAX_FILE_SIZE)
    return StoredEvidence(
        file=file,
        client_id=upload.client_id,
        subject=upload.subject,
        kind=upload.kind,
        file_name=name,
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
    )


def _behind(head: bytes, read: Read) -> Read:
    """The same stream again, with the bytes that were looked at in front."""
    left = [head]

    def again(wanted: int) -> bytes:
        if left and left[0]:
            first, left[0] = left[0][:wanted], left[0][wanted:]
            return first
        return read(wanted)

    return again


def keep(tx: HubTransaction, stored: StoredEvidence) -> Plain:
    """The file has a row, by one statement, and waits for its verdict; gives its view."""
    evidence.add_evidence(tx, stored)
    return {
        "id": stored.file.id,
        "kind": stored.kind,
        "file_name": stored.file_name,
        "media_type": stored.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "status": EvidenceStatus.CHECKING,
    }


def view(tx: HubTransaction, evidence_id: str, *, client_id: str) -> Plain:
    """The client's file as the API shows it; raises `NotFound`."""
    record = evidence.get_of_client(tx, evidence_id, client_id=client_id)
    shown: Plain = {
        "id": record.id,
        "kind": record.kind,
        "file_name": evidence.file_name_of(tx, record),
        "media_type": record.media_type,
        "size": record.size,
        "sha256": record.sha256,
        "status": record.status,
    }
    return shown if record.reason is None else {**shown, "reason": record.reason}


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
    """The file's bytes, still to be read; a damaged file raises `EvidenceDamaged` before its bad bytes come."""
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
    """What banks get of a clean file: of a picture its clean copy among `copies`, of anything else what was sent.

    None for a picture that has no copy: what was sent may say where it was taken.
    """
    if record.media_type not in PICTURES:
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


def file_name_for_banks(tx: HubTransaction, record: EvidenceRecord, copy: CleanCopyRecord | None) -> str:
    """What the file is called where banks see it: with the ending of its copy, where it has one."""
    name = evidence.file_name_of(tx, record)
    return name if copy is None else name_of_copy(name, MediaType(copy.media_type))


def content(tx: HubTransaction, store: EvidenceStore, evidence_id: str, *, client_id: str) -> Content:
    """The client's file; raises `NotFound`."""
    return content_of(tx, store, evidence.get_of_client(tx, evidence_id, client_id=client_id))


def remove(tx: HubTransaction, evidence_id: str, *, client_id: str) -> list[str]:
    """The file's row is gone; gives the names under which bytes are to be deleted after the commit.

    Raises `EvidenceAttached` for a file that belongs to an application.
    """
    record = evidence.get_of_client(tx, evidence_id, client_id=client_id, lock=True)
    if record.attached_at is not None:
        raise EvidenceAttached
    return evidence.remove(tx, record)


def delete_bytes(store: EvidenceStore, store_names: Iterable[str]) -> None:
    """The bytes of removed files are gone; what cannot be deleted now is the sweeper's."""
    for store_name in store_names:
        with contextlib.suppress(StoreFull):
            store.delete(store_name)


def sweep_orphans(transactions: Transactions, store: EvidenceStore, *, real_now: datetime) -> int:
    """Files that have lain for a day without a row are deleted, about a small lot a time; gives how many.

    Files are dated by their store, in real time, so it is handed in: a hub's clock may be days ahead for a demo.
    """
    names = iter(store.list_names(real_now - ORPHAN_AGE))
    orphans: list[str] = []
    while len(orphans) < _SWEEP_BATCH and (batch := list(islice(names, _SWEEP_BATCH))):
        with transactions.reading(HUB) as tx:
            known = evidence.known_store_names(tx, batch) | documents.known_store_names(tx, batch)
        orphans += [name for name in batch if name not in known]
    for name in orphans:
        store.delete(name)
    return len(orphans)


def of_bank(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, evidence_id: str, *, bank_code: str
) -> Content | None:
    """What the bank gets of a file given to its negotiation, or None; raises `NotFound` for another bank's."""
    negotiation = negotiations.get_of_bank(tx, negotiation_id, bank_code=bank_code)
    found = given_evidence.find_given(tx, negotiation.id, evidence_id)
    if found is None or found[1].status != EvidenceStatus.CLEAN:
        return None
    return copy_for_banks(tx, store, found[1], clean_copies.copies_of(tx, [evidence_id]))


__all__ = [
    "Content",
    "Keeping",
    "Read",
    "StoredEvidence",
    "Upload",
    "content",
    "content_of",
    "copy_for_banks",
    "delete_bytes",
    "discarded_unless_kept",
    "file_name_for_banks",
    "keep",
    "of_bank",
    "receive",
    "receive_call_record",
    "receive_recording",
    "remove",
    "sweep_orphans",
    "view",
]
