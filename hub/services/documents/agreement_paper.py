"""What the agreement's paper shows, filled from the agreement's rows."""

from collections import Counter
from collections.abc import Sequence

from hub.documents.agreement_document import AgreementDocument, Signatures
from hub.domain import labels
from hub.domain.application import Account
from hub.domain.balances import Balance
from hub.domain.card_role import CardRole
from hub.domain.log_chain import Head
from hub.domain.masks import mask_card, mask_mobile
from hub.services.agreements.signed_contents import contents_signed
from hub.services.log_heads import signing
from hub.services.negotiations import further_accounts, offer_contents
from hub.services.transaction import HubTransaction
from storage.records import AgreementRecord, NegotiationRecord, OfferRecord
from storage.submissions import submission_of


def paper_of(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> AgreementDocument:
    """The agreement as it is printed: the same rows give the same paper, whenever it is printed."""
    submission = submission_of(tx, negotiation)
    applicant = submission.applicant
    bank = tx.bank(negotiation.bank_code)
    contents = contents_signed(tx, agreement)
    return AgreementDocument(
        number=agreement.number,
        reference=negotiation.reference,
        bank_name_zh=bank.name_zh,
        bank_name_en=bank.name_en,
        cardholder_name=applicant.name,
        id_type_label=labels.ID_TYPES[applicant.id_type],
        id_number=applicant.id_number,
        signed_at=agreement.signed_at,
        contents=contents,
        is_over_loans=contents.is_over_loans,
        signatures=_signatures(tx, agreement, applicant.mobile),
        cards=_cards(further_accounts.cards_of(tx, negotiation)),
        cards_beside=cards_beside(submission.accounts, contents.balances),
        log_head=Head(sequence=negotiation.log_length, digest=negotiation.log_head),
        signed_head=signing.newest(tx),
    )


def _cards(numbers: Sequence[str]) -> dict[str, str]:
    """The masked numbers by their ends; cards that end alike by their first six digits and their ends."""
    ends = Counter(number[-4:] for number in numbers)
    return {
        number[-4:] if ends[number[-4:]] == 1 else number[:6] + number[-4:]: mask_card(number) for number in numbers
    }


def cards_beside(accounts: Sequence[Account], balances: Sequence[Balance]) -> tuple[str, ...]:
    """For each balance the other cards of its account, and the supplementary cards that owe nothing themselves.

    A card stands with one balance alone, and one that has a balance of its own with none.
    """
    left = [each for each in accounts if not any(_is_of(balance, each) for balance in balances)]
    lines = []
    for balance in balances:
        own = next((each for each in accounts if _is_of(balance, each)), None)
        shared = [] if own is None else [each for each in left if _share(own, each)]
        left = [each for each in left if each not in shared]
        lines.append("；".join(_words_of(each) for each in shared))
    return tuple(lines)


def _is_of(balance: Balance, account: Account) -> bool:
    number = account.card_number
    return not balance.is_loan and number.endswith(balance.last4) and number.startswith(balance.card_first6 or "")


def _share(own: Account, other: Account) -> bool:
    if own.account_group and other.account_group:
        return own.account_group.strip() == other.account_group.strip()
    return other.role is CardRole.SUPPLEMENTARY and own.role is CardRole.PRIMARY


def _words_of(account: Account) -> str:
    kind = "附属卡" if account.role is CardRole.SUPPLEMENTARY else "同一账户的卡"
    return f"{kind} {mask_card(account.card_number)}"


def _signatures(tx: HubTransaction, agreement: AgreementRecord, mobile: str) -> Signatures:
    offer = tx.session.get_one(OfferRecord, agreement.offer_id)
    return Signatures(
        bank_signed_at=offer.opened_at or offer.made_at,
        bank_method="在系统中发出方案",
        cardholder_signed_at=agreement.signed_at,
        cardholder_method="短信确认码",
        mobile=mask_mobile(mobile),
        offer_digest=offer_contents.digest(tx, offer),
    )
