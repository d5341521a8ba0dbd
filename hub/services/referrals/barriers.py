"""Whom nobody points to a lender: who is overdue, and who promised to take no new credit."""

from datetime import date

from hub.domain.agreement_end import AgreementStatus
from hub.domain.bill import BillStatus
from hub.domain.errors import AlreadyOverdue, Conflict, NewCreditPromised
from hub.domain.lifecycle import OPEN, Status
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.bills import bills
from hub.services.transaction import HubTransaction
from storage import agreements
from storage.submissions import submission_of


def barrier_of(tx: HubTransaction, subject: Subject) -> Conflict | None:
    """Why the person is not referred; None where nothing speaks against it.

    Overdue is what a bill says, whoever told it, and what the person said of a debt in an application that is open.
    """
    there = [each for each in negotiations_of(tx, subject) if each.erased_at is None]
    for negotiation in there:
        agreement = agreements.find_agreement(tx, negotiation.id)
        if agreement is not None and agreement.status == AgreementStatus.IN_FORCE:
            return NewCreditPromised()
    said = [submission_of(tx, each) for each in there if Status(each.status) in OPEN]
    since = [debt.overdue_since for each in said for debt in each.accounts]
    since += [debt.overdue_since for each in said for debt in each.loans]
    if any(day is not None for day in since):
        return AlreadyOverdue()
    kept = bills.list_for(tx, subject, first=date.min, last=date.max)
    return AlreadyOverdue() if any(each.status is BillStatus.OVERDUE for each in kept) else None


def require_none(tx: HubTransaction, subject: Subject) -> None:
    """Nothing; raises `AlreadyOverdue` or `NewCreditPromised`."""
    found = barrier_of(tx, subject)
    if found is not None:
        raise found
