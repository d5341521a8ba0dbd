"""The certificate of settlement that the hub prints for a bank that has none of its own to upload."""

from datetime import datetime
from functools import partial

from hub.documents import clearance_certificate
from hub.documents.agreement_document import title_of
from hub.documents.amendment_document import TITLES
from hub.documents.clearance_certificate import ClearanceCertificate, Supplement
from hub.documents.paper_seal import PaperSigner
from hub.domain import labels
from hub.domain.amendment import AmendmentKind
from hub.domain.balances import left_out_fen
from hub.domain.loan_wording import clearance_text
from hub.domain.log_chain import Head
from hub.domain.masks import mask_card
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
from hub.services.negotiations import further_accounts
from hub.services.notifications import clearance_mails
from hub.services.transaction import HubTransaction, Transactions
from storage import agreements, amendments, clearances, documents
from storage.evidence_store import EvidenceStore
from storage.records import AgreementRecord, ClearanceRecord, NegotiationRecord
from storage.submissions import submission_of

_JOB = "print_clearance"


def order(tx: HubTransaction, clearance: ClearanceRecord) -> None:
    """The newest certificate is on its way to the printer."""
    tx.jobs.enqueue(tx.session, print_job(_JOB, clearance.negotiation_id, why=f"issued:{clearance.version}"))


def print_clearance(
    transactions: Transactions,
    printer: Printer,
    store: EvidenceStore,
    negotiation_id: str,
    signer: PaperSigner | None = None,
) -> None:
    """The newest certificate is printed, kept with its SHA-256, in the log, and told; once, however often this runs."""
    print_paper(transactions, printer, store, negotiation_id, compose=_paper, printed=_printed, signer=signer)


def jobs_unprinted(tx: HubTransaction) -> list[Job]:
    """A job for each certificate that is long due."""
    return late_jobs(tx, _JOB, clearances.list_unprinted)


def _paper(tx: HubTransaction, negotiation: NegotiationRecord) -> Paper | None:
    agreement = agreements.find_agreement(tx, negotiation.id)
    clearance = None if agreement is None else clearances.find(tx, agreement.id)
    if agreement is None or clearance is None or clearance.issued_at is None:
        return None
    certificate = _certificate(tx, negotiation, agreement, clearance, clearance.issued_at)
    return Paper(
        kind=documents.CLEARANCE,
        version=clearance.version,
        name_zh=clearance_certificate.NAME_ZH,
        since=clearance.issued_at,
        page=partial(clearance_certificate.html_of, certificate),
    )


def _printed(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    agreement = agreements.find_agreement(tx, negotiation.id)
    clearance = None if agreement is None else clearances.find(tx, agreement.id)
    if clearance is not None:
        clearance_mails.issued(tx, negotiation, clearance)


def _certificate(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    agreement: AgreementRecord,
    clearance: ClearanceRecord,
    issued_at: datetime,
) -> ClearanceCertificate:
    contents = contents_signed(tx, agreement)
    submission = submission_of(tx, negotiation)
    bank = tx.bank(negotiation.bank_code)
    issuance = clearances.issuance_of(tx, clearance)
    rows = payment_rows(tx, agreement)
    return ClearanceCertificate(
        number=agreement.number,
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        cardholder_name=submission.applicant.name,
        id_type_label=labels.ID_TYPES[submission.applicant.id_type],
        id_number=submission.applicant.id_number,
        cards=tuple(f"合同尾号 {each.last4}" for each in contents.balances)
        if contents.is_over_loans
        else tuple(map(mask_card, further_accounts.cards_of(tx, negotiation))),
        is_over_loans=contents.is_over_loans,
        agreement_title=title_of(contents),
        signed_at=agreement.signed_at,
        supplements=_supplements(tx, agreement),
        settled_at=agreement.ended_at or issued_at,
        issued_at=issued_at,
        version=clearance.version,
        paid_fen=sum(row.paid_fen for row in rows),
        # What the bank waived at the end, and what the agreement waived beside its plan.
        waived_rest_fen=sum(row.open_fen for row in rows),
        waived_fen=contents.terms.waived.total_fen,
        left_out_fen=max(0, left_out_fen(contents.terms, contents.balances)),
        text=clearance_text(bank.rules.clearance_text, is_over_loans=contents.is_over_loans),
        remark="" if issuance is None else issuance.text,
        hotline=bank.rules.hotline,
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
    )


def _supplements(tx: HubTransaction, agreement: AgreementRecord) -> tuple[Supplement, ...]:
    signed = [(each, each.number, each.signed_at) for each in amendments.list_counting(tx, agreement.id)]
    return tuple(
        Supplement(title=TITLES[AmendmentKind(each.kind)], number=number, signed_at=at)
        for each, number, at in signed
        if number is not None and at is not None
    )
