"""What a host app is shown of its own people: negotiations, applications and papers; whole papers are on record."""

from collections.abc import Sequence

from hub.domain.lifecycle import Status
from hub.domain.paging import Page
from hub.domain.plain import Plain, instant
from hub.services.documents import records
from hub.services.documents.payment_days import calendar_of
from hub.services.documents.records import GatheredRecord
from hub.services.evidence.contents import Content
from hub.services.reading import reading_log, views
from hub.services.reading.views import Listed
from hub.services.transaction import HubTransaction
from storage import applications, negotiation_locks, negotiations
from storage.evidence_store import EvidenceStore
from storage.reading_ahead import read_ahead
from storage.records import NegotiationRecord


def list_negotiations(
    tx: HubTransaction,
    client_id: str,
    *,
    statuses: Sequence[Status],
    subject: str | None,
    page: Page,
    language: str,
) -> Listed:
    """The client's negotiations, newest first; of one person where `subject` is named."""
    indexes = None if subject is None else tx.keyring.indexes(subject, purpose="subject")
    rows = negotiations.list_of_client(tx, client_id, statuses=statuses, subject_indexes=indexes, page=page)
    shown = rows[: page.limit]
    read_ahead(tx, shown)
    return Listed(
        items=[views.negotiation_view(tx, row, language=language) for row in shown],
        next_place=(shown[-1].opened_at, shown[-1].id) if len(rows) > page.limit else None,
    )


def application(tx: HubTransaction, application_id: str, *, client_id: str, language: str) -> Plain:
    """The client's application with its negotiations; raises `NotFound`."""
    found = applications.get_application(tx, application_id, client_id=client_id)
    negotiation_locks.require_any_kept(negotiations.list_of_application(tx, application_id))
    return views.application_view(tx, found, language=language)


def require_negotiation(tx: HubTransaction, negotiation_id: str, *, client_id: str) -> NegotiationRecord:
    """The client's negotiation; raises `NotFound` for an unknown one and another's alike, before anything is judged."""
    return negotiations.get_of_client(tx, negotiation_id, client_id=client_id)


def negotiation(tx: HubTransaction, negotiation_id: str, *, client_id: str, language: str) -> Plain:
    """The client's negotiation, whole, or what is left of an erased one; raises `NotFound`."""
    row = negotiations.find_of_client(tx, negotiation_id, client_id=client_id)
    return views.negotiation_view(tx, row, language=language)


def document(tx: HubTransaction, store: EvidenceStore, negotiation_id: str, kind: str, *, client_id: str) -> Content:
    """A printed document of the client's negotiation, and its reading on record.

    Raises `NotFound`, `DocumentNotReady`.
    """
    row = require_negotiation(tx, negotiation_id, client_id=client_id)
    content = records.document(tx, store, row, kind)
    reading_log.note(tx, row, kind)
    return content


def payment_days(tx: HubTransaction, negotiation_id: str, *, client_id: str, language: str) -> bytes:
    """The days of the client's agreement in force for a calendar, and their reading on record; raises `NotFound`."""
    row = require_negotiation(tx, negotiation_id, client_id=client_id)
    content = calendar_of(tx, row.id, language=language)
    reading_log.note(tx, row, reading_log.NEGOTIATION)
    return content


def amendment_document(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, amendment_id: str, *, client_id: str
) -> Content:
    """The paper of a signed amendment of the client's negotiation, and its reading on record.

    Raises `NotFound`, `DocumentNotReady`.
    """
    row = require_negotiation(tx, negotiation_id, client_id=client_id)
    content = records.amendment_document(tx, store, row, amendment_id)
    reading_log.note(tx, row, f"amendment/{amendment_id}")
    return content


def accesses(tx: HubTransaction, negotiation_id: str, *, client_id: str) -> list[Plain]:
    """Who read what of the client's negotiation, oldest first, by role; raises `NotFound`."""
    row = require_negotiation(tx, negotiation_id, client_id=client_id)
    return [
        {"at": instant(each.at), "role": each.reader, "what": each.what, "reason": each.reason or each.words or None}
        for each in reading_log.readings_of(tx, row.id)
    ]


def record(
    tx: HubTransaction, store: EvidenceStore, negotiation_id: str, *, client_id: str, heads: Sequence[int] = ()
) -> GatheredRecord:
    """All there is of the client's negotiation, proven under those `heads` too; raises `NotFound`."""
    return records.gather(tx, store, require_negotiation(tx, negotiation_id, client_id=client_id), heads)


def note_record(tx: HubTransaction, negotiation_id: str, *, client_id: str) -> None:
    """That all of it was read is on record; raises `NotFound`."""
    row = require_negotiation(tx, negotiation_id, client_id=client_id)
    reading_log.note(tx, row, reading_log.RECORD)
