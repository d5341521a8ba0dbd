"""The notice that an agreement is ended for default, printed with the end."""

from datetime import datetime
from functools import partial

from hub.documents import default_notice
from hub.documents.agreement_document import title_of
from hub.documents.default_notice import DefaultNotice, MissedRow
from hub.documents.paper_seal import PaperSigner
from hub.domain import labels, payments
from hub.domain.agreement_end import EndReason
from hub.domain.balances import left_out_fen
from hub.domain.log_chain import Head
from hub.domain.masks import mask_id
from hub.jobs.port import Job
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.signed_contents import contents_signed
from hub.services.documents.papers import (
    Paper,
    late_jobs,
    print_job,
    print_paper,
)
from hub.services.documents.printing import Printer
from hub.services.transaction import HubTransaction, Transactions
from storage import agreements, documents
from storage.evidence_store import EvidenceStore
from storage.records import AgreementRecord, NegotiationRecord
from storage.submissions import submission_of

_JOB = "print_default_notice"


def order(tx: HubTransaction, agreement: AgreementRecord) -> None:
    """The notice of the agreement's end is on its way, where the end is a default."""
    if agreement.end_reason == EndReason.DEFAULTED:
        tx.jobs.enqueue(tx.session, print_job(_JOB, agreement.negotiation_id, why="ended"))


def print_default_notice(
    transactions: Transactions,
    printer: Printer,
    store: EvidenceStore,
    negotiation_id: str,
    signer: PaperSigner | None = None,
) -> None:
    """The notice is printed, kept with its SHA-256 and in the log. Printed once, however often this runs."""
    print_paper(transactions, printer, store, negotiation_id, compose=_paper, signer=signer)


def jobs_unprinted(tx: HubTransaction) -> list[Job]:
    """A job for each notice that is long due."""
    return late_jobs(tx, _JOB, documents.list_without_default_notice)


def _paper(tx: HubTransaction, negotiation: NegotiationRecord) -> Paper | None:
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None or agreement.end_reason != EndReason.DEFAULTED or agreement.end_effective_at is None:
        return None
    return Paper(
        kind=documents.DEFAULT_NOTICE,
        version=1,
        name_zh=default_notice.NAME_ZH,
        since=agreement.ended_at or agreement.end_effective_at,
        page=partial(default_notice.html_of, _notice(tx, negotiation, agreement, agreement.end_effective_at)),
    )


def _notice(
    tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord, effective_at: datetime
) -> DefaultNotice:
    contents = contents_signed(tx, agreement)
    note = agreements.end_note_of(tx, agreement)
    rows = payment_rows(tx, agreement)
    has_sums = all(row.total_fen is not None for row in rows)
    applicant = submission_of(tx, negotiation).applicant
    bank = tx.bank(negotiation.bank_code)
    return DefaultNotice(
        number=agreement.number,
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        cardholder_name=applicant.name,
        id_type_label=labels.ID_TYPES[applicant.id_type],
        id_number=mask_id(applicant.id_number),
        agreement_title=title_of(contents),
        signed_at=agreement.signed_at,
        ended_at=agreement.ended_at or effective_at,
        effective_at=effective_at,
        reason="" if note is None else note.text,
        missed=tuple(
            MissedRow(number=row.number, due_on=row.due_on, total_fen=row.total_fen, paid_fen=row.paid_fen)
            for row in payments.missed_rows(rows)
        ),
        asked_fen=sum(row.total_fen or 0 for row in rows) if has_sums else None,
        paid_fen=sum(row.paid_fen for row in rows),
        open_fen=sum(row.open_fen for row in rows) if has_sums else None,
        left_out_fen=max(0, left_out_fen(contents.terms, contents.balances)),
        default_clause_zh=contents.default_clause_zh,
        hotline=bank.rules.hotline,
        complaint_channel=bank.rules.complaint_channel,
        is_supervised_locally=bank.standing.is_supervised_locally,
        is_over_loans=contents.is_over_loans,
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
    )
