"""What both sides signed when an agreement was made: its contents, the texts it is under, its digest."""

from collections.abc import Sequence

from hub.domain.agreement import AgreementContents, Texts
from hub.domain.loan import key_of
from hub.domain.plain import Plain, from_plain
from hub.domain.terms import Kind
from hub.services.negotiations import further_accounts, offer_contents
from hub.services.transaction import HubTransaction
from storage import agreements
from storage.records import AgreementRecord, NegotiationRecord, OfferRecord


def contents_signed(tx: HubTransaction, agreement: AgreementRecord) -> AgreementContents:
    """All that the agreement says."""
    return from_plain(AgreementContents, agreements.contents_of(tx, agreement))


def debts_signed(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> tuple[str, ...]:
    """The numbers of the cards, or the keys of the loans, that the agreement is over: never of both."""
    loans = [each["contract_last4"] for each in _balances(tx, agreement) if each.get("contract_last4")]
    return tuple(map(key_of, loans)) if loans else further_accounts.cards_of(tx, negotiation)


def is_over_loans(tx: HubTransaction, agreement: AgreementRecord) -> bool:
    """Whether the agreement is over loans."""
    return any(each.get("contract_last4") for each in _balances(tx, agreement))


def _balances(tx: HubTransaction, agreement: AgreementRecord) -> Sequence[Plain]:
    balances: Sequence[Plain] = agreements.contents_of(tx, agreement)["balances"]
    return balances


def kind_signed(tx: HubTransaction, agreement: AgreementRecord) -> Kind:
    """What kind of plan was agreed on."""
    return Kind(agreements.contents_of(tx, agreement)["terms"]["kind"])


def digest_signed(tx: HubTransaction, agreement: AgreementRecord) -> str:
    """The digest of the offer that became the agreement."""
    return offer_contents.digest(tx, tx.session.get_one(OfferRecord, agreement.offer_id))


def tolerance_of(tx: HubTransaction, agreement: AgreementRecord) -> int:
    """How much may lack of a row that counts as paid: never less than on the day of signing."""
    signed_fen: int = agreements.contents_of(tx, agreement).get("tolerance_fen") or 0
    return max(signed_fen, tx.bank(agreement.bank_code).rules.tolerance_fen)


def texts_signed(tx: HubTransaction, agreement: AgreementRecord) -> Texts:
    """The bank's texts as they were signed, whatever the bank has set since."""
    contents = contents_signed(tx, agreement)
    of_bank = tx.bank(agreement.bank_code).rules.void_after_missed
    return Texts(
        default_clause=contents.default_clause_zh,
        payment_instructions=contents.payment_instructions_zh,
        void_after_missed=of_bank if contents.void_after_missed is None else contents.void_after_missed,
        annual_fee_during_plan=contents.annual_fee_during_plan,
    )
