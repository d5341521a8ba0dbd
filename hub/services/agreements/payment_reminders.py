"""Of each payment the person is told three days before its day, as the rows stand then: amended, and not paid yet."""

from hub.domain.agreement_end import AgreementStatus
from hub.domain.china import china_day
from hub.domain.reminders import payment_told_at
from hub.services.agreements.agreement_views import payment_rows
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import agreements, negotiation_locks
from storage.records import AgreementRecord


def plan_next(tx: HubTransaction, agreement: AgreementRecord) -> None:
    """The agreement is looked at again when the next of its payments is to be told; never where none lies ahead."""
    ahead = [payment_told_at(row.due_on) for row in payment_rows(tx, agreement) if row.is_open]
    is_in_force = agreement.status == AgreementStatus.IN_FORCE
    agreement.remind_at = min((at for at in ahead if at > tx.now and is_in_force), default=None)


def tell(tx: HubTransaction, negotiation_id: str) -> None:
    """The person is told of what is due within three days and was not told before; a second call does nothing."""
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    agreement = agreements.find_agreement(tx, negotiation_id)
    if agreement is None or agreement.remind_at is None or agreement.remind_at > tx.now:
        return
    if agreement.status == AgreementStatus.IN_FORCE:
        today = china_day(tx.now)
        for row in payment_rows(tx, agreement):
            # What was signed when its time to be told was over was read then.
            if row.is_open and row.due_on >= today and agreement.remind_at <= payment_told_at(row.due_on) <= tx.now:
                notifications.payment_due(tx, negotiation, agreement, row)
    plan_next(tx, agreement)
