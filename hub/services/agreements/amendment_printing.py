"""Printing the papers of signed amendments."""

from functools import partial

from hub.documents import amendment_document
from hub.documents.amendment_document import TITLES
from hub.documents.paper_seal import PaperSigner
from hub.domain.actor import HUB
from hub.jobs.port import Job
from hub.services.agreements.amendment_steps import PRINT_JOB
from hub.services.documents import amendment_paper
from hub.services.documents.papers import Paper, late_jobs, print_paper
from hub.services.documents.printing import Printer
from hub.services.transaction import HubTransaction, Transactions
from storage import amendments, documents
from storage.evidence_store import EvidenceStore
from storage.records import AmendmentRecord, NegotiationRecord


def print_amendment(
    transactions: Transactions,
    printer: Printer,
    store: EvidenceStore,
    amendment_id: str,
    signer: PaperSigner | None = None,
) -> None:
    """The amendment's paper is printed, kept with its SHA-256 and in the log. Printed once, however often this runs."""

    def compose(tx: HubTransaction, negotiation: NegotiationRecord) -> Paper | None:
        record = amendments.get(tx, negotiation.id, amendment_id)
        contents = amendments.contents_of(tx, record)
        if contents is None or record.position is None:
            return None
        return Paper(
            kind=documents.AMENDMENT,
            version=record.position,
            name_zh=TITLES[contents.kind],
            since=record.signed_at or tx.now,
            page=partial(amendment_document.html_of, amendment_paper.paper_of(tx, negotiation, record, contents)),
        )

    with transactions.reading(HUB) as tx:
        record = tx.session.get(AmendmentRecord, amendment_id)
        negotiation_id = None if record is None else record.negotiation_id
    if negotiation_id is not None:
        print_paper(transactions, printer, store, negotiation_id, compose=compose, signer=signer)


def jobs_unprinted(tx: HubTransaction) -> list[Job]:
    """A job for each amendment whose paper is long due."""
    return late_jobs(tx, PRINT_JOB, amendments.list_without_paper)
