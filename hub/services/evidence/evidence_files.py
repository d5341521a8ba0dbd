"""Evidence: taking files in, and sweeping up what nobody owns. `judging` judges them, `contents` gives them out.

Bytes are in the store before any row speaks of them: an orphan file is swept later, an orphan row is a loss.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from hub.domain.actor import HUB
from hub.domain.errors import EvidenceAttached, HubError, InvalidValue, StoreFull, Unavailable
from hub.domain.evidence import MAX_FILE_SIZE, SNIFFED_LENGTH, EvidenceStatus, file_name, media_type_of
from hub.domain.plain import Plain
from hub.services.evidence.recordings import record_type_of, sound_type_of
from hub.services.transaction import HubTransaction, Transactions
from storage import documents, evidence, exports, stored_files
from storage.evidence_store import PARTS, EvidenceStore
from storage.records import new_id
from storage.sealed_file import CHUNK_SIZE
from storage.stored_files import StoredEvidence

# A file without a row may belong to an upload that is just being answered; a day later it belongs to nobody.
ORPHAN_AGE = timedelta(hours=24)
_SWEEP_BATCH = 500
# What nobody can open may lie for a few days; a store of many millions is not listed whole for it each hour. The hours
# of a round are no multiple of a day's: whoever runs at the same time each day has every part in its turn.
_HOURS_OF_ROUND = 131


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
"""`receive`, or one of those for other sorts of files."""


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
    again = _behind(head, read)
    stored = store.write(file.store_name, file.key, again, length=upload.length, limit=MAX_FILE_SIZE, is_original=True)
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
        "kind": evidence.kind_of(tx, record),
        "file_name": evidence.file_name_of(tx, record),
        "media_type": record.media_type,
        "size": record.size,
        "sha256": record.sha256,
        "status": record.status,
    }
    return shown if record.reason is None else {**shown, "reason": record.reason}


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


def parts_of_hour(at: datetime) -> Sequence[int]:
    """Which parts of the store are swept at that hour, two at most: where a worker never rests all within a week."""
    turn = int(at.timestamp()) // 3600 % _HOURS_OF_ROUND
    return range(turn * PARTS // _HOURS_OF_ROUND, (turn + 1) * PARTS // _HOURS_OF_ROUND)


def sweep_orphans(
    transactions: Transactions, store: EvidenceStore, *, real_now: datetime, parts: Sequence[int] = range(PARTS)
) -> int:
    """Files of those parts of the store that have lain for a day without a row are deleted; gives how many.

    Files are dated by their store, in real time, so it is handed in: a hub's clock may be days ahead for a demo.
    """
    names = chain.from_iterable(store.list_names(real_now - ORPHAN_AGE, part=part) for part in parts)
    swept = 0
    while batch := list(islice(names, _SWEEP_BATCH)):
        with transactions.reading(HUB) as tx:
            known = evidence.known_store_names(tx, batch) | documents.known_store_names(tx, batch)
            known |= exports.known_store_names(tx, batch)
        for name in batch:
            if name not in known:
                store.delete(name)
                swept += 1
    return swept


__all__ = [
    "Keeping",
    "Read",
    "StoredEvidence",
    "Upload",
    "delete_bytes",
    "discarded_unless_kept",
    "keep",
    "parts_of_hour",
    "receive",
    "receive_call_record",
    "receive_recording",
    "remove",
    "sweep_orphans",
    "view",
]
