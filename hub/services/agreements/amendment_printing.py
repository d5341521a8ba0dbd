"""Printing the papers of signed amendments."""

from datetime import timedelta

from hub.documents import amendment_document
from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.log_chain import Attachment
from hub.jobs.port import Job
from hub.services.agreements.amendment_steps import print_job
from hub.services.documents import amendment_paper
from hub.services.documents.printing import Printer, print_and_store
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.transaction import HubTransaction, Transactions
from storage import amendments, documents, negotiation_locks
from storage.evidence_store import EvidenceStore
from storage.records import AmendmentRecord

# A paper that is not there this long after the signing lost its job, or met a store that was away.
_UNPRINTED_AFTER = timedelta(minutes=2)
_BATCH = 500


def print_amendment(transactions: Transactions, printer: Printer, store: EvidenceStore, amendment_id: str) -> None:
    """The amendment's paper is printed and kept with its SHA-256. Printed once, however often this runs."""
    with transactions.writing(HUB) as tx:
        record = tx.session.get(AmendmentRecord, amendment_id)
        if record is None or _is_printed(tx, record):
            return
        negotiation = negotiation_locks.lock(tx, record.negotiation_id)
        contents = amendments.contents_of(tx, record)
        if contents is None:
            return
        html = amendment_document.html_of(amendment_paper.paper_of(tx, negotiation, record, contents))
    printed = print_and_store(printer, store, html)
    with transactions.writing(HUB) as tx:
        record = tx.session.get_one(AmendmentRecord, amendment_id)
        negotiation = negotiation_locks.lock(tx, record.negotiation_id)
        if record.position is None or _is_printed(tx, record):
            return
        documents.add_document(
            tx,
            negotiation,
            kind=documents.AMENDMENT,
            version=record.position,
            file=printed.file,
            size=printed.size,
            sha256=printed.sha256,
        )
        paper = Attachment(id=printed.file.id, kind=documents.AMENDMENT, sha256=printed.sha256, size=printed.size)
        negotiation_log.note(tx, negotiation, entry(EntryKind.DOCUMENT_PRINTED, HUB, [paper], what="补充协议"))


def _is_printed(tx: HubTransaction, record: AmendmentRecord) -> bool:
    if record.position is None:
        return True
    return documents.find_document(tx, record.negotiation_id, documents.AMENDMENT, record.position) is not None


def jobs_unprinted(tx: HubTransaction) -> list[Job]:
    """A job for each amendment whose paper is long due; a new one each minute."""
    minute = tx.now.strftime("%Y%m%d%H%M")
    waiting = amendments.list_without_paper(tx, signed_before=tx.now - _UNPRINTED_AFTER, limit=_BATCH)
    return [print_job(amendment_id, why=f"late:{minute}") for amendment_id in waiting]
