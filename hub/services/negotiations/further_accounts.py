"""What a negotiation is about: the cards and loans of the application, and further cards agreed to be included."""

from collections.abc import Sequence

from hub.domain.amounts import owed_fen, yuan
from hub.domain.balances import Balance, balance_of, balance_of_loan, balance_of_proposed, distinguished
from hub.domain.china import china_day
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, Fault, Refused, StatusConflict
from hub.domain.lifecycle import OPEN
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.proposed_account import ProposedAccount, ProposedAccountStatus, proposal_faults
from hub.services.delivery import queueing
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import proposed_accounts, queue_index
from storage.records import NegotiationRecord, ProposedAccountRecord, SubmissionRecord
from storage.submissions import submission_of

_ENTRIES = {
    ProposedAccountStatus.INCLUDED: EntryKind.ACCOUNT_INCLUDED,
    ProposedAccountStatus.LEFT_OUT: EntryKind.ACCOUNT_LEFT_OUT,
}


def cards_of(tx: HubTransaction, negotiation: NegotiationRecord) -> tuple[str, ...]:
    """The numbers of the cards that the negotiation is about; of an included one only the ends are known."""
    included = [account.card for _, account in _included(tx, negotiation)]
    return (*submission_of(tx, negotiation).card_numbers, *included)


def debts_of(tx: HubTransaction, negotiation: NegotiationRecord) -> tuple[str, ...]:
    """The numbers of its cards, and the keys of its loans."""
    loans = submission_of(tx, negotiation).loans
    return (*cards_of(tx, negotiation), *(each.key for each in loans))


def declared_balances(tx: HubTransaction, negotiation: NegotiationRecord) -> tuple[Balance, ...]:
    """What the person declared or agreed to include, each as a balance of the day on which it was said."""
    submitted = tx.session.get_one(SubmissionRecord, (negotiation.id, negotiation.version))
    submission = submission_of(tx, negotiation)
    submitted_on = china_day(submitted.submitted_at)
    balances = [balance_of(each, as_of=submitted_on) for each in submission.accounts]
    balances += [
        balance_of_proposed(account, as_of=china_day(record.proposed_at))
        for record, account in _included(tx, negotiation)
    ]
    # A card whose account is owed on another card has no balance of its own.
    of_cards = distinguished(balances, cards_of(tx, negotiation))
    of_loans = (balance_of_loan(each, as_of=submitted_on) for each in submission.loans)
    return tuple(each for each in (*of_cards, *of_loans) if each.total_fen)


def declared_fen(tx: HubTransaction, negotiation: NegotiationRecord) -> int:
    """All that the person declared or agreed to include."""
    return submission_of(tx, negotiation).owed_fen + owed_fen(each for _, each in _included(tx, negotiation))


def _included(
    tx: HubTransaction, negotiation: NegotiationRecord
) -> list[tuple[ProposedAccountRecord, ProposedAccount]]:
    return [
        (record, proposed_accounts.account_of(tx, record))
        for record in proposed_accounts.list_accounts(tx, negotiation.id)
        if record.status == ProposedAccountStatus.INCLUDED
    ]


def propose(
    tx: HubTransaction, negotiation_id: str, account: ProposedAccount, *, bank_code: str
) -> ProposedAccountRecord:
    """The person is asked whether the card shall be part of the negotiation.

    Raises `StatusConflict` once it is closed, `Refused` for a card that is in it or was proposed before, and for any
    card of a lender that has none.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if negotiation.status not in OPEN:
        raise StatusConflict(negotiation.status, "propose_account")
    bank = tx.bank(bank_code)
    if not bank.standing.is_bank:
        names = {"name_zh": bank.name_zh, "name_en": bank.name_en}
        raise Refused(Fault("/card_last4", "no_cards_of_lenders", names))
    before = [proposed_accounts.account_of(tx, each) for each in proposed_accounts.list_accounts(tx, negotiation.id)]
    faults = proposal_faults(
        account,
        of_application=submission_of(tx, negotiation).card_numbers,
        proposed_before=[each.card for each in before],
    )
    if faults:
        raise Refused(*faults)
    record = proposed_accounts.add_account(tx, negotiation, account)
    words = entry(
        EntryKind.ACCOUNT_PROPOSED, tx.actor, card=account.card, owed=yuan(account.total_fen), text=account.text
    )
    negotiation_log.note(tx, negotiation, words)
    notifications.account_proposed(tx, negotiation, record)
    return record


def answer(
    tx: HubTransaction, negotiation_id: str, account_id: str, given: ProposedAccountStatus, *, client_id: str
) -> ProposedAccountRecord:
    """The person's answer is in the log and on its way to the bank. The same again changes nothing.

    Raises `StatusConflict` once the negotiation is closed, `AgreementConflict` `already_answered` for the other answer.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    record = proposed_accounts.get_account(tx, negotiation.id, account_id)
    if record.status == given:
        return record
    if record.status != ProposedAccountStatus.PROPOSED:
        raise AgreementConflict("already_answered", negotiation.status)
    if negotiation.status not in OPEN:
        raise StatusConflict(negotiation.status, "answer_account")
    proposed_accounts.set_answer(tx, record, given)
    account = proposed_accounts.account_of(tx, record)
    if given is ProposedAccountStatus.INCLUDED:
        queue_index.include(tx, negotiation, account.card_last4, account.total_fen)
    written = negotiation_log.note(tx, negotiation, entry(_ENTRIES[given], tx.actor, card=account.card))
    queueing.queue_entry(tx, negotiation, written, about={"proposed_account": account_view(tx, record)})
    return record


def account_view(tx: HubTransaction, record: ProposedAccountRecord) -> Plain:
    """One further card with the person's answer, as every face shows it."""
    answered_at = record.answered_at
    return {
        "id": record.id,
        **to_plain(proposed_accounts.account_of(tx, record)),
        "status": record.status,
        "at": instant(record.proposed_at),
        "answered_at": None if answered_at is None else instant(answered_at),
    }


def account_views(tx: HubTransaction, negotiation_id: str) -> Sequence[Plain]:
    """All further cards that were proposed, oldest first."""
    return [account_view(tx, each) for each in proposed_accounts.list_accounts(tx, negotiation_id)]
