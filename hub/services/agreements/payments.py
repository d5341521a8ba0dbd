"""Payments of an agreement: the bank's word that money came, that it did not, and that it had spoken too soon."""

from hub.domain import payments
from hub.domain.amounts import yuan
from hub.domain.china import china_day
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, Fault, Refused
from hub.domain.log_chain import Attachment
from hub.domain.payments import MissedWithdrawal, Payment, PaymentRow, PaymentWord
from hub.domain.plain import Plain, to_plain
from hub.services.agreements import early_settlements, failed_agreements, payment_standing
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.finding import agreement_that_hears, require_since_signing
from hub.services.agreements.signed_contents import tolerance_of
from hub.services.negotiations import commitments, negotiation_log
from hub.services.negotiations.entries import SENTENCES, entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage.payments import SaidOfPayment, add, list_of, said_of
from storage.records import AgreementRecord, NegotiationRecord, PaymentRecord


def payment_report(number: int, said: SaidOfPayment) -> Plain:
    """The bank's word on the row `number`, as the log commits to it."""
    return {"number": number, **to_plain(said)}


def _logged(tx: HubTransaction, negotiation: NegotiationRecord, record: PaymentRecord) -> Attachment:
    report = payment_report(record.number, said_of(tx, record))
    return commitments.committed_first(tx, commitments.owner_of(negotiation), record.id, commitments.PAYMENT, report)


def words_of(payment: Payment) -> str:
    """What the log says of a payment that came, and the person reads."""
    return SENTENCES[EntryKind.PAYMENT].format(
        number=payment.number, amount=yuan(payment.amount_fen), paid_on=payment.paid_on.isoformat()
    )


def payment_words(number: int, said: SaidOfPayment) -> str | None:
    """What the log said of the row before its entries held a digest; None for what was never said then."""
    match said.status:
        case PaymentWord.PAID if said.paid_on is not None:
            return words_of(Payment(number=number, paid_on=said.paid_on, amount_fen=said.amount_fen))
        case PaymentWord.MISSED:
            return SENTENCES[EntryKind.MISSED].format(number=number)
        case _:
            return None


def record_payment(tx: HubTransaction, negotiation_id: str, payment: Payment, *, bank_code: str) -> AgreementRecord:
    """The payment is on record, in the log too. Told twice it came twice: a repeat is told apart by its key.

    Raises `Refused` for a day before the signing or after today, and for more than the whole agreement still asks.
    """
    number, paid_on, amount_fen = payment.number, payment.paid_on, payment.amount_fen
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_that_hears(tx, negotiation, "payment")
    rows = payment_rows(tx, agreement)
    _row_of(rows, number)
    if paid_on > china_day(tx.now):
        raise Refused(Fault("/paid_on", "date_in_future"))
    require_since_signing(agreement, paid_on, "/paid_on")
    most_fen = payments.most_payable_fen(rows, tolerance_fen=tolerance_of(tx, agreement))
    if most_fen is not None and amount_fen > most_fen:
        raise Refused(Fault("/amount_fen", "more_than_open", {"most_fen": most_fen}))
    record = add(tx, agreement, number, SaidOfPayment(status=PaymentWord.PAID, paid_on=paid_on, amount_fen=amount_fen))
    words = entry(
        EntryKind.PAYMENT,
        tx.actor,
        [_logged(tx, negotiation, record)],
        number=number,
        amount=yuan(amount_fen),
        paid_on=paid_on.isoformat(),
    )
    negotiation_log.note(tx, negotiation, words)
    early_settlements.after_payment(tx, negotiation, agreement)
    failed_agreements.after_payment(tx, negotiation, agreement)
    payment_standing.renew(tx, agreement)
    return agreement


def record_missed(tx: HubTransaction, negotiation_id: str, *, number: int, bank_code: str) -> AgreementRecord:
    """The bank's word that a payment did not come is on record, and the person is told; said twice, once.

    Raises `AgreementConflict`: `not_due` until the days of grace are over, `row_paid` where nothing is owed any more.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_that_hears(tx, negotiation, "missed")
    row = _row_of(payment_rows(tx, agreement), number)
    if not row.is_open:
        raise AgreementConflict("row_paid", agreement.status, number=number)
    grace_days = tx.bank(bank_code).rules.grace_days
    if not payments.may_be_missed(row, today=china_day(tx.now), grace_days=grace_days):
        earliest = payments.missed_from(row, grace_days=grace_days)
        raise AgreementConflict("not_due", agreement.status, number=number, earliest=earliest.isoformat())
    if row.status is payments.RowStatus.MISSED:
        return agreement
    record = add(tx, agreement, number, SaidOfPayment(status=PaymentWord.MISSED))
    payment_standing.renew(tx, agreement)
    negotiation_log.note(
        tx, negotiation, entry(EntryKind.MISSED, tx.actor, [_logged(tx, negotiation, record)], number=number)
    )
    notifications.payment_missed(tx, negotiation, record)
    return agreement


def withdraw_missed(
    tx: HubTransaction, negotiation_id: str, withdrawal: MissedWithdrawal, *, bank_code: str
) -> AgreementRecord:
    """What was said to be missed no longer counts, with the bank's words in the log; said twice, once.

    Raises `AgreementConflict` `not_missed` where it was never said.
    """
    number, text = withdrawal.number, withdrawal.text
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_that_hears(tx, negotiation, "missed_withdrawn")
    _row_of(payment_rows(tx, agreement), number)
    said = [said_of(tx, each).status for each in list_of(tx, agreement.id) if each.number == number]
    marks = [each for each in said if each != PaymentWord.PAID]
    if not marks:
        raise AgreementConflict("not_missed", agreement.status, number=number)
    if marks[-1] == PaymentWord.NOT_MISSED:
        return agreement
    record = add(tx, agreement, number, SaidOfPayment(status=PaymentWord.NOT_MISSED))
    payment_standing.renew(tx, agreement)
    words = entry(EntryKind.MISSED_WITHDRAWN, tx.actor, [_logged(tx, negotiation, record)], number=number, text=text)
    negotiation_log.note(tx, negotiation, words)
    return agreement


def _row_of(rows: list[PaymentRow], number: int) -> PaymentRow:
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        raise Refused(Fault("/number", "number_unknown"))
    return found
