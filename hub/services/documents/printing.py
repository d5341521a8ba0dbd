"""Printing: what a negotiation's documents show, filled from its rows; and keeping what was printed."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hub.documents.application_form import (
    AccountRow,
    AmountRow,
    ApplicantRow,
    ApplicationForm,
    ConsentRow,
    EvidenceRow,
    FinancesTable,
    ProposalTable,
)
from hub.documents.card_words import components_zh
from hub.documents.typesetting import percent
from hub.domain import labels
from hub.domain.affordability import Finances
from hub.domain.application import Account, Consent, Representative
from hub.domain.card_role import CardRole
from hub.domain.consent import Purpose
from hub.domain.debt_components import notes_on
from hub.domain.identity import IdentityLevel, needs_confirmation
from hub.domain.legal_stage import LegalStage, furthest, named_zh
from hub.domain.loan import LoanAccount
from hub.domain.log_chain import Attachment, Head
from hub.domain.masks import mask_card, mask_id, mask_mobile
from hub.domain.proposal import Proposal
from hub.domain.representatives import RepresentativeFlag, flags_of
from hub.domain.submission import Submission
from hub.services.evidence.contents import Content
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import consents, documents, evidence, given_evidence, negotiation_locks, stored_files
from storage.evidence_store import EvidenceStore
from storage.records import DocumentRecord, NegotiationRecord, new_id
from storage.stored_files import NewFile, StoredEvidence
from storage.submissions import submission_of

Printer = Callable[[str], bytes]

MAX_DOCUMENT_SIZE = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A document that lies in the store, without a row yet."""

    file: NewFile
    size: int
    sha256: str


def print_and_store(printer: Printer, store: EvidenceStore, html: str) -> Printed:
    """The page is printed and lies in the store. No transaction is open meanwhile."""
    return store_printed(store, printer(html))


def store_printed(store: EvidenceStore, pdf: bytes) -> Printed:
    """What was printed lies in the store. No transaction is open meanwhile."""
    reached("printing.printed")
    file = stored_files.new_file(new_id())
    stored = store.write(file.store_name, file.key, io.BytesIO(pdf).read, length=len(pdf), limit=MAX_DOCUMENT_SIZE)
    reached("printing.stored")
    return Printed(file=file, size=stored.size, sha256=stored.sha256)


def keep_document(
    tx: HubTransaction, negotiation: NegotiationRecord, stored: Printed | StoredEvidence, *, kind: str, version: int
) -> Attachment:
    """What lies in the store is the negotiation's document of that kind and version; gives what the log says of it.

    Raises `NegotiationErased` where it was erased while the paper was printed: the bytes are the sweeper's.
    """
    negotiation_locks.require_kept(negotiation)
    documents.add_document(
        tx,
        negotiation,
        kind=kind,
        version=version,
        file=stored.file,
        size=stored.size,
        sha256=stored.sha256,
    )
    return Attachment(id=stored.file.id, kind=kind, sha256=stored.sha256, size=stored.size)


def form_of(tx: HubTransaction, negotiation: NegotiationRecord) -> ApplicationForm:
    """The application form of the version in force."""
    submission = submission_of(tx, negotiation)
    bank = tx.bank(negotiation.bank_code)
    hardship = submission.hardship
    return ApplicationForm(
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        creditor_zh="银行" if bank.standing.is_bank else "贷款机构",
        submitted_at=negotiation.opened_at,
        prepared_at=tx.now,
        channel_label=labels.CHANNELS[submission.channel],
        applicant=_applicant(submission, IdentityLevel(negotiation.identity_level)),
        accounts=(*map(_account, submission.accounts), *map(_loan, submission.loans)),
        hardship_reasons=tuple(labels.HARDSHIP_REASONS[each] for each in hardship.reasons),
        hardship_since=hardship.since,
        hardship_description=hardship.description,
        finances=_finances(submission.finances),
        proposal=_proposal(submission.proposal),
        evidence=_files(tx, negotiation),
        consents=tuple(_consent(each, bank.name_zh) for each in submission.consents),
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
        missing_papers=tuple(labels.MISSING_PAPERS[each] for each in submission.missing_papers),
        support_needs=tuple(labels.SUPPORT_NEEDS[each] for each in submission.support_needs),
        corrections=negotiation.version - 1,
    )


def _applicant(submission: Submission, level: IdentityLevel) -> ApplicantRow:
    applicant, contact, helper = submission.applicant, submission.contact, submission.representative
    wishes: list[str] = []
    if contact is not None:
        wishes = [labels.CONTACT_CHANNELS.get(each, each) for each in contact.channels]
        wishes += [contact.hours] if contact.hours else []
    return ApplicantRow(
        name=applicant.name,
        id_type_label=labels.ID_TYPES[applicant.id_type],
        id_number=mask_id(applicant.id_number),
        mobile=mask_mobile(applicant.mobile),
        identity_note=_UNCHECKED if needs_confirmation(level, None) else "",
        email=applicant.email or "",
        contact_wishes="，".join(wishes),
        representative="" if helper is None else _helper(helper),
        representative_note=_AGENCY_NOTE if RepresentativeFlag.LIKELY_AGENCY in flags_of(helper) else "",
    )


_UNCHECKED = "身份未核验：申请人只验证了手机号，请与银行预留信息核对"
_AGENCY_NOTE = "协助人可能是代理机构，请核实授权，并与申请人本人核对。"


def _helper(helper: Representative) -> str:
    paper = "有" if helper.authority_evidence else "无"
    return f"{helper.name}（{helper.relation}），{mask_mobile(helper.mobile)}，授权材料：{paper}"


def _files(tx: HubTransaction, negotiation: NegotiationRecord) -> tuple[EvidenceRow, ...]:
    withheld = consents.withheld_of(tx, negotiation)
    return tuple(
        EvidenceRow(
            kind_label=labels.EVIDENCE_KINDS[given.kind],
            file_name=evidence.file_name_of(tx, record),
            size=record.size,
            sha256=record.sha256,
        )
        for given, record in given_evidence.list_given(tx, negotiation)
        if not withheld.holds(record.id, given.kind)
    )


def _consent(consent: Consent, bank_name_zh: str) -> ConsentRow:
    # Of the consents to sharing, the form of a bank holds the one that names it.
    to_this_bank = consent.purpose == Purpose.SHARE_WITH_BANK
    return ConsentRow(
        purpose_label=f"向{bank_name_zh}提供信息" if to_this_bank else labels.CONSENT_PURPOSES[consent.purpose],
        version=consent.version,
        given_at=consent.given_at,
    )


def _account(account: Account) -> AccountRow:
    return AccountRow(
        card=mask_card(account.card_number),
        principal_fen=account.principal_fen,
        interest_fen=account.interest_fen,
        fees_fen=account.fees_fen,
        penalty_fen=account.penalty_fen,
        overdue_since=account.overdue_since,
        as_printed=account.as_printed,
        legal_stage=_legal_stage(account),
        lines=_card_lines(account),
        notes=tuple(labels.COMPONENT_NOTES[each] for each in notes_on(account.components)),
    )


def _loan(loan: LoanAccount) -> AccountRow:
    return AccountRow(
        card=f"合同尾号 {loan.contract_last4}",
        principal_fen=loan.principal_fen,
        interest_fen=loan.interest_fen,
        fees_fen=loan.fees_fen,
        penalty_fen=loan.penalty_fen,
        overdue_since=loan.overdue_since,
        lines=_loan_lines(loan),
    )


def _loan_lines(loan: LoanAccount) -> tuple[str, ...]:
    rate = "" if loan.annual_rate_percent is None else f"，合同年利率 {percent(loan.annual_rate_percent)}"
    platform = f"，经“{loan.platform_name}”办理" if loan.platform_name else ""
    share = "由几家机构共同出借，这里只列贵机构的份额" if loan.is_share else ""
    return tuple(line for line in (f"贷款：{loan.product}{rate}{platform}", share) if line)


def _card_lines(account: Account) -> tuple[str, ...]:
    parts = components_zh(account.components)
    group = f"与其他卡共用账户（{account.account_group}），欠款只列一次" if account.account_group else ""
    supplementary = "附属卡，欠款由主卡持卡人承担" if account.role is CardRole.SUPPLEMENTARY else ""
    return tuple(line for line in (f"本金中：{parts}" if parts else "", group, supplementary) if line)


def _legal_stage(account: Account) -> str:
    if account.legal_stage is LegalStage.NONE:
        return ""
    return labels.LEGAL_STAGES[account.legal_stage] + named_zh(furthest([account]))


def _finances(finances: Finances) -> FinancesTable:
    return FinancesTable(
        monthly_income_fen=finances.monthly_income_fen,
        monthly_essential_spending_fen=finances.monthly_essential_spending_fen,
        other_debt_payments_fen=finances.other_debt_payments_fen,
        dependants=finances.dependants,
        household_size=finances.household_size,
        income=tuple(
            AmountRow(label=labels.INCOME_KINDS[each.kind], amount_fen=each.amount_fen) for each in finances.income
        ),
        spending=tuple(
            AmountRow(label=labels.SPENDING_KINDS[each.kind], amount_fen=each.amount_fen) for each in finances.spending
        ),
    )


def _proposal(proposal: Proposal) -> ProposalTable:
    return ProposalTable(
        kind=proposal.kind,
        kind_label=labels.PLAN_KINDS[proposal.kind],
        instalments=proposal.instalments,
        months=proposal.months,
        minimum_percent=proposal.minimum_percent,
        monthly_payment_fen=proposal.monthly_payment_fen,
        first_due_on=proposal.first_due_on,
        down_payment_fen=proposal.down_payment_fen,
        waive_interest=proposal.waive_interest,
        note=proposal.note,
        settlement_fen=proposal.settlement_fen,
        waived=proposal.waived,
    )


def document_content(tx: HubTransaction, store: EvidenceStore, record: DocumentRecord, name: str) -> Content:
    """A printed document's bytes, still to be read."""
    read = partial(store.read, record.store_name, documents.key_of(tx, record), record.size)
    return Content(
        store_name=record.store_name,
        file_name=name,
        media_type="application/pdf",
        size=record.size,
        sha256=record.sha256,
        chunks=read(),
        read=read,
    )
