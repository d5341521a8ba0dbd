"""What the agreement's paper shows, filled from the agreement's rows."""

from collections import Counter
from collections.abc import Sequence

from hub.documents.agreement_document import AgreementDocument, Signatures
from hub.domain import labels
from hub.domain.agreement import AgreementContents
from hub.domain.log_chain import Head
from hub.domain.masks import mask_card, mask_mobile
from hub.domain.plain import from_plain
from hub.services.negotiations import further_accounts, offer_contents
from hub.services.transaction import HubTransaction
from storage import offers
from storage.records import AgreementRecord, NegotiationRecord, OfferRecord
from storage.submissions import submission_of


def paper_of(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> AgreementDocument:
    """The agreement as it is printed: the same rows give the same paper, whenever it is printed."""
    submission = submission_of(tx, negotiation)
    applicant = submission.applicant
    bank = tx.bank(negotiation.bank_code)
    return AgreementDocument(
        number=agreement.number,
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        cardholder_name=applicant.name,
        id_type_label=labels.ID_TYPES[applicant.id_type],
        id_number=applicant.id_number,
        signed_at=agreement.signed_at,
        contents=from_plain(AgreementContents, offers.contents_of(tx, agreement)),
        signatures=_signatures(tx, agreement, applicant.mobile),
        cards=_cards(further_accounts.cards_of(tx, negotiation)),
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
    )


def _cards(numbers: Sequence[str]) -> dict[str, str]:
    """The masked numbers by their ends; cards that end alike by their first six digits and their ends."""
    ends = Counter(number[-4:] for number in numbers)
    return {
        number[-4:] if ends[number[-4:]] == 1 else number[:6] + number[-4:]: mask_card(number) for number in numbers
    }


def _signatures(tx: HubTransaction, agreement: AgreementRecord, mobile: str) -> Signatures:
    offer = tx.session.get_one(OfferRecord, agreement.offer_id)
    return Signatures(
        bank_signed_at=offer.opened_at or offer.made_at,
        bank_method="在系统中发出方案",
        cardholder_signed_at=agreement.signed_at,
        cardholder_method="短信确认码",
        mobile=mask_mobile(mobile),
        offer_digest=offer_contents.attachment(tx, offer).sha256,
    )
