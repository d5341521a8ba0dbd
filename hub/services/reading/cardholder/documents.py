"""What a person can keep of a negotiation of their own; whole papers are on record."""

from dataclasses import dataclass
from datetime import datetime

from hub.documents.record_paper import RecordPaper
from hub.services.accounts import cardholders
from hub.services.accounts.cardholders import Cardholder
from hub.services.documents import record_paper, records
from hub.services.documents.payment_days import calendar_of
from hub.services.documents.records import GatheredRecord
from hub.services.evidence.contents import Content
from hub.services.reading import reading_log
from hub.services.transaction import HubTransaction
from storage.evidence_store import EvidenceStore


def document(
    tx: HubTransaction, store: EvidenceStore, cardholder: Cardholder, negotiation_id: str, kind: str
) -> Content:
    """A printed document of the person's negotiation, and its reading on record.

    Raises `NotFound`, `DocumentNotReady`.
    """
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    content = records.document(tx, store, row, kind)
    reading_log.note(tx, row, kind)
    return content


def amendment_document(
    tx: HubTransaction, store: EvidenceStore, cardholder: Cardholder, negotiation_id: str, amendment_id: str
) -> Content:
    """The paper of a signed amendment of the person's negotiation, and its reading on record.

    Raises `NotFound`, `DocumentNotReady`.
    """
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    content = records.amendment_document(tx, store, row, amendment_id)
    reading_log.note(tx, row, f"amendment/{amendment_id}")
    return content


def payment_days(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str, *, language: str) -> bytes:
    """The payments of the person's agreement in force for a calendar; raises `NotFound`."""
    return calendar_of(tx, cardholders.get_for(tx, cardholder, negotiation_id).id, language=language)


def record(tx: HubTransaction, store: EvidenceStore, cardholder: Cardholder, negotiation_id: str) -> GatheredRecord:
    """All there is of the person's negotiation; raises `NotFound`."""
    return records.gather(tx, store, cardholders.get_for(tx, cardholder, negotiation_id))


def note_record(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> None:
    """That all of it was read is on record; raises `NotFound`."""
    reading_log.note(tx, cardholders.get_for(tx, cardholder, negotiation_id), reading_log.RECORD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A paper that there is or will be: its kind, its size in bytes and when it was printed; None while it is not."""

    kind: str
    size: int | None
    printed_at: datetime | None


def kept(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> list[Kept]:
    """The papers of the person's negotiation, those that are being printed too; the record where it was asked for.

    Raises `NotFound`.
    """
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    found = []
    for kind in records.FILE_NAMES:
        paper = records.find_paper(tx, row, kind)
        if paper is not None:
            found.append(Kept(kind=kind, size=paper.size, printed_at=paper.printed_at))
        elif kind != records.RECORD and records.is_coming(tx, row, kind):
            found.append(Kept(kind=kind, size=None, printed_at=None))
    return found


def record_to_print(tx: HubTransaction, cardholder: Cardholder, negotiation_id: str) -> RecordPaper:
    """The record of the person's negotiation as it would be printed now."""
    row = cardholders.get_for(tx, cardholder, negotiation_id)
    return record_paper.paper_of(tx, row)
