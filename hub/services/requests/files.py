"""Files that a person gives with a request: given once, seen by the request's bank alone, as clean copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.domain.errors import DocumentNotReady, Fault, NotFound, Refused
from hub.domain.evidence import EvidenceStatus
from hub.domain.evidence_category import MAX_FILES
from hub.domain.plain import Plain, instant
from hub.domain.viewing import ViewingStatus
from hub.services.evidence import contents, viewing_copies
from hub.services.evidence.contents import Content
from hub.services.operating import audit, many_readings
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from storage import clean_copies, evidence, request_files
from storage import viewing_copies as drawn
from storage.evidence_store import EvidenceStore
from storage.records import CleanCopyRecord, EvidenceRecord, ServiceRequestRecord, ViewingPageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class FileShown:
    """A file of a request. `reason` is why it cannot be used, None for any other.

    `is_ready`: it was found clean and its copy is made, so the bank can have it.
    """

    id: str
    kind: str
    file_name: str
    size: int
    status: EvidenceStatus
    reason: str | None
    is_ready: bool
    record: EvidenceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLookedAt:
    """A file with the pages that are drawn of it; `is_waiting`: they are still to be drawn."""

    file: FileShown
    pages: tuple[ViewingPageRecord, ...]
    left_out: int
    is_waiting: bool


def give(
    tx: HubTransaction, record: ServiceRequestRecord, file_ids: Sequence[str], *, kind: str
) -> list[EvidenceRecord]:
    """The client's files belong to the request from now on; gives those that did not before.

    Raises `Refused` for files that are unknown, of another kind, or more than a request takes. The row must be locked.
    """
    held = {each.id for each in request_files.list_of(tx, record.id)}
    found = evidence.lock_of_client(tx, file_ids, client_id=record.client_id)
    faults = []
    for place, each in enumerate(file_ids):
        if each not in found:
            faults.append(Fault(f"/evidence/{place}", "evidence_unknown"))
        elif evidence.kind_of(tx, found[each]) != kind:
            faults.append(Fault(f"/evidence/{place}", "unknown_choice", {"choices": kind}))
    fresh = [found[each] for each in dict.fromkeys(file_ids) if each in found and each not in held]
    if not faults and len(held) + len(fresh) > MAX_FILES:
        name = evidence.file_name_of(tx, fresh[-1])
        faults.append(Fault("/evidence", "too_many_files", {"name": name, "most": MAX_FILES}))
    if faults:
        raise Refused(*faults)
    request_files.give(tx, record, fresh)
    return fresh


def list_of(tx: HubTransaction, record: ServiceRequestRecord) -> list[FileShown]:
    """The files of the request, in the order they were uploaded."""
    rows = request_files.list_of(tx, record.id)
    copies = clean_copies.copies_of(tx, [each.id for each in rows])
    return [_shown(tx, each, copies.get(each.id)) for each in rows]


def _shown(tx: HubTransaction, row: EvidenceRecord, copy: CleanCopyRecord | None) -> FileShown:
    return FileShown(
        id=row.id,
        kind=evidence.kind_of(tx, row),
        file_name=contents.file_name_for_banks(tx, row, copy),
        size=row.size if copy is None else copy.size,
        status=EvidenceStatus(row.status),
        reason=row.reason,
        is_ready=row.status == EvidenceStatus.CLEAN and copy is not None,
        record=row,
    )


def views_of(tx: HubTransaction, record: ServiceRequestRecord) -> list[Plain]:
    """The same as API and exports show them."""
    return [
        {
            "id": each.id,
            "kind": each.kind,
            "file_name": each.file_name,
            "status": each.status,
            "reason": each.reason,
            "uploaded_at": instant(each.record.uploaded_at),
        }
        for each in list_of(tx, record)
    ]


def content_for_bank(tx: HubTransaction, store: EvidenceStore, record: ServiceRequestRecord, file_id: str) -> Content:
    """The clean copy of a file of the request; that it was read is on record.

    Raises `NotFound` where it is none of the request's or cannot be used, `DocumentNotReady` while it waits.
    """
    row = _of(tx, record, file_id)
    if row.status == EvidenceStatus.CHECKING:
        raise DocumentNotReady
    if row.status != EvidenceStatus.CLEAN:
        raise NotFound
    content = contents.copy_for_banks(tx, store, row, clean_copies.copies_of(tx, [file_id]))
    if content is None:
        raise DocumentNotReady
    _note_read(tx, record, file_id)
    return content


def own_content(tx: HubTransaction, store: EvidenceStore, record: ServiceRequestRecord, file_id: str) -> Content:
    """The file as the person sent it; raises `NotFound`, `EvidenceErased`."""
    return contents.content_of(tx, store, _of(tx, record, file_id))


def look_at(tx: HubTransaction, record: ServiceRequestRecord, file_id: str) -> FileLookedAt:
    """The file with its pages, which are asked for where nobody has yet; that it was read is on record.

    Raises `NotFound`.
    """
    row = _of(tx, record, file_id)
    shown = _shown(tx, row, clean_copies.copies_of(tx, [file_id]).get(file_id))
    if not shown.is_ready:
        is_waiting = shown.status is not EvidenceStatus.REJECTED
        return FileLookedAt(file=shown, pages=(), left_out=0, is_waiting=is_waiting)
    drawn.ask(tx, file_id)
    tx.session.flush()
    copy = drawn.find(tx, file_id)
    pages = drawn.pages_of(tx, [file_id]).get(file_id, [])
    if pages:
        _note_read(tx, record, file_id)
    return FileLookedAt(
        file=shown,
        pages=tuple(pages),
        left_out=0 if copy is None else copy.left_out,
        is_waiting=copy is not None and copy.status == ViewingStatus.WAITING,
    )


def page_for_bank(
    tx: HubTransaction, store: EvidenceStore, record: ServiceRequestRecord, file_id: str, number: int
) -> Content:
    """The picture of a page of a file of the request; raises `NotFound`."""
    row = _of(tx, record, file_id)
    page = drawn.find_page(tx, file_id, number) if row.status == EvidenceStatus.CLEAN else None
    if page is None or not clean_copies.copies_of(tx, [file_id]):
        raise NotFound
    return viewing_copies.content_of(tx, store, page)


def _note_read(tx: HubTransaction, record: ServiceRequestRecord, file_id: str) -> None:
    # The access log is of negotiations alone, and a line of the request's own would be a change of it.
    audit.note(tx, AuditKind.REQUEST_FILE_READ, record.reference, bank_code=record.bank_code, file=file_id)
    many_readings.look(tx, bank_code=record.bank_code)


def _of(tx: HubTransaction, record: ServiceRequestRecord, file_id: str) -> EvidenceRecord:
    found = request_files.find(tx, record.id, file_id)
    if found is None:
        raise NotFound
    return found
