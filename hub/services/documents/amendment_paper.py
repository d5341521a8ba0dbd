"""The paper of an amendment: what is signed, by whom, and how."""

from hub.documents.agreement_document import Signatures
from hub.documents.amendment_document import AmendmentDocument
from hub.domain import labels
from hub.domain.actor import Party
from hub.domain.amendment import AmendmentContents, AmendmentKind
from hub.domain.log_chain import Head
from hub.domain.masks import mask_mobile
from hub.services.agreements.amendment_views import digest
from hub.services.agreements.signed_contents import is_over_loans
from hub.services.transaction import HubTransaction
from storage import signing_codes
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord
from storage.submissions import submission_of


def paper_of(
    tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, contents: AmendmentContents
) -> AmendmentDocument:
    """The signed amendment as it is printed: the same rows give the same paper, whenever it is printed."""
    applicant = submission_of(tx, negotiation).applicant
    bank = tx.bank(negotiation.bank_code)
    agreement = tx.session.get_one(AgreementRecord, record.agreement_id)
    signed_at = record.signed_at or tx.now
    return AmendmentDocument(
        number=record.number or "",
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        cardholder_name=applicant.name,
        id_type_label=labels.ID_TYPES[applicant.id_type],
        id_number=applicant.id_number,
        agreement_signed_at=agreement.signed_at,
        signed_at=signed_at,
        contents=contents,
        is_over_loans=is_over_loans(tx, agreement),
        signatures=_signatures(tx, record, contents, applicant.mobile),
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
    )


def _signatures(tx: HubTransaction, record: AmendmentRecord, contents: AmendmentContents, mobile: str) -> Signatures:
    signed_at = record.signed_at or tx.now
    is_by_code = bool(signing_codes.list_of(tx, record.id))
    if record.kind == AmendmentKind.EARLY_SETTLEMENT:
        method = "在系统中给出报价"
    elif record.by == Party.BANK:
        method = "在系统中提出调整"
    else:
        method = "在系统中同意申请"
    return Signatures(
        bank_signed_at=record.answered_at or signed_at,
        bank_method=method,
        # Where the bank took the request as it was, the person's word is the request.
        cardholder_signed_at=signed_at if is_by_code else record.asked_at,
        cardholder_method="短信确认码" if is_by_code else "登录后在系统中提出申请",
        mobile=mask_mobile(mobile),
        offer_digest=digest(contents),
    )
