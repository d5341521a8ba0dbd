"""A plan of one payment that was not all there by its day: it fails by itself, unless money in time is told of late."""

from datetime import datetime, time, timedelta

from hub.domain.agreement_end import AgreementStatus, EndReason
from hub.domain.amendment import AmendmentKind
from hub.domain.china import china_day, china_instant
from hub.domain.payments import PaymentRow, came_by_its_day, judged_on
from hub.domain.terms import Terms, last_due_on
from hub.services.agreements import agreement_ends
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.signed_contents import tolerance_of
from hub.services.transaction import HubTransaction
from storage import agreements, amendments, negotiation_locks
from storage.records import AgreementRecord, NegotiationRecord


def judged_at(tx: HubTransaction, bank_code: str, terms: Terms) -> datetime | None:
    """When it will be known whether an agreement on `terms` has failed; None where it is paid in parts."""
    if not terms.kind.is_paid_at_once:
        return None
    grace_days = tx.bank(bank_code).rules.grace_days
    return china_instant(judged_on(last_due_on(terms), grace_days=grace_days), time(0))


def judge(tx: HubTransaction, negotiation_id: str) -> None:
    """The negotiation's agreement has failed where its one payment was not all there by its day.

    While another day was agreed for an early settlement, it is looked at again a day later.
    """
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    agreement = agreements.find_agreement(tx, negotiation_id)
    if agreement is None or agreement.judged_at is None or agreement.judged_at > tx.now:
        return
    if agreement.status != AgreementStatus.IN_FORCE:
        agreement.judged_at = None
        return
    if _settles_early(tx, agreement):
        agreement.judged_at = china_instant(china_day(tx.now) + timedelta(days=1), time(0))
        return
    agreement.judged_at = None
    [row] = payment_rows(tx, agreement)
    if not _came(tx, agreement, row):
        agreement_ends.fail(tx, negotiation, agreement, due_on=row.due_on)


def after_payment(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> None:
    """What had failed is settled where the bank tells late that all of it was there by its day.

    The negotiation's row must be locked.
    """
    if agreement.end_reason != EndReason.FAILED:
        return
    [row] = payment_rows(tx, agreement)
    if _came(tx, agreement, row):
        agreement_ends.settle_when_paid(tx, negotiation, agreement)


def _came(tx: HubTransaction, agreement: AgreementRecord, row: PaymentRow) -> bool:
    return came_by_its_day(row, tolerance_fen=tolerance_of(tx, agreement))


def _settles_early(tx: HubTransaction, agreement: AgreementRecord) -> bool:
    counting = [amendments.contents_of(tx, each) for each in amendments.list_counting(tx, agreement.id)]
    return any(each is not None and each.kind is AmendmentKind.EARLY_SETTLEMENT for each in counting)
