"""Bills that are rows of agreements in force: worked out on reading, so that each says what its row says now."""

from hub.domain.agreement_end import AgreementStatus
from hub.domain.bill import Bill, BillContents, BillSource, BillStatus
from hub.domain.masks import card_last4
from hub.domain.payments import PaymentRow, RowStatus
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.agreements.agreement_views import payment_rows
from hub.services.negotiations import further_accounts
from hub.services.transaction import HubTransaction
from storage import agreements
from storage.records import AgreementRecord, NegotiationRecord

_BETWEEN = "."


def is_of_agreement(bill_id: str) -> bool:
    """Whether an id has the form of an agreement's bill; no kept bill has it."""
    return _BETWEEN in bill_id


def list_for(tx: HubTransaction, subject: Subject) -> list[Bill]:
    """A bill for each row of the person's agreements in force of which something is owed."""
    return [
        bill
        for negotiation in negotiations_of(tx, subject)
        if negotiation.erased_at is None
        for bill in _of_negotiation(tx, negotiation)
    ]


def _of_negotiation(tx: HubTransaction, negotiation: NegotiationRecord) -> list[Bill]:
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None or agreement.status != AgreementStatus.IN_FORCE:
        return []
    cards = {card_last4(each) for each in further_accounts.cards_of(tx, negotiation)}
    last4 = next(iter(cards)) if len(cards) == 1 else ""
    return [_bill(tx, agreement, row, last4) for row in payment_rows(tx, agreement) if row.is_open]


def _bill(tx: HubTransaction, agreement: AgreementRecord, row: PaymentRow, last4: str) -> Bill:
    sum_fen = row.total_fen or 0
    is_missed = row.status is RowStatus.MISSED
    return Bill(
        id=f"{agreement.id}{_BETWEEN}{row.number}",
        source=BillSource.AGREEMENT,
        status=BillStatus.OVERDUE if is_missed else BillStatus.OPEN,
        contents=BillContents(
            bank_code=agreement.bank_code,
            card_last4=last4,
            due_on=row.due_on,
            statement_fen=sum_fen,
            minimum_fen=sum_fen,
            paid_fen=row.paid_fen,
            is_overdue=is_missed,
        ),
        as_of=tx.now,
    )
