"""How each agreement is paid is kept beside it in plain figures, renewed with every word that changes them."""

from collections.abc import Sequence

from hub.domain.payment_standing import PaymentStanding, standing_of
from hub.services.agreements.agreement_views import payment_rows
from hub.services.transaction import HubTransaction
from storage import agreements, negotiation_locks
from storage.records import AgreementRecord


def renew(tx: HubTransaction, agreement: AgreementRecord) -> None:
    """The figures are those of the agreement's rows now. The negotiation's row must be locked."""
    agreements.set_standing(tx, agreement, fresh(tx, agreement))


def fresh(tx: HubTransaction, agreement: AgreementRecord) -> PaymentStanding:
    """What the agreement's rows come to."""
    return standing_of(payment_rows(tx, agreement))


def list_unfollowed(tx: HubTransaction, limit: int) -> Sequence[str]:
    """Ids of agreements whose figures have to be worked out: those of versions that kept none."""
    return agreements.list_unfollowed(tx, limit)


def follow(tx: HubTransaction, agreement_id: str) -> None:
    """The figures of one that has none are there; a second call does nothing."""
    agreement = tx.session.get(AgreementRecord, agreement_id)
    if agreement is None:
        return
    negotiation_locks.lock(tx, agreement.negotiation_id)
    agreements.refresh_agreement(tx, agreement)
    if agreement.followed_at is None:
        renew(tx, agreement)
