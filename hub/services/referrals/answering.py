"""What partners say became of a referral: taken once, in their own name, and told to the person."""

from collections.abc import Callable

from hub.banks.port import Incoming
from hub.domain.actor import HUB
from hub.domain.errors import EventIdReused, NotFound
from hub.domain.referral import Outcome, PartnerAnswer, ReferralEvent
from hub.domain.reminders import in_a_cardholders_hours
from hub.mail.kinds import MailKind
from hub.partners.port import Partners
from hub.services.notifications.outbox import put
from hub.services.transaction import HubTransaction, Transactions
from storage import referral_messages as messages
from storage import referral_partners
from storage import referrals as rows
from storage.mails import NewMail, Reader
from storage.records import ReferralRecord

_EVENTS = {Outcome.CONTRACTED: ReferralEvent.CONTRACTED, Outcome.DECLINED: ReferralEvent.DECLINED}


def take(
    transactions: Transactions,
    partners: Partners,
    incoming: Incoming,
    *,
    partner_code: str,
    load: Callable[[bytes], PartnerAnswer],
) -> None:
    """The answer counts, once by its id, and the person is told; `load` reads what was signed.

    Raises `NotFound` for a partner or referral that is not there, `CallRefused` for a call that the partner did not
    sign, `Refused` for one that says something else, `PartnerNotLicensed` for a loan above the partner's ceiling,
    `StatusConflict` where nothing is waited for, and `EventIdReused`. Then nothing is written.
    """
    with transactions.reading(HUB) as tx:
        kept, secret = referral_partners.get(tx, partner_code), referral_partners.secret_of(tx, partner_code)
    if secret is None:
        raise NotFound
    call = partners.read(incoming, secret)
    answer = load(call.content)
    if answer.annual_percent is not None:
        kept.partner.require_within_ceiling(answer.annual_percent)
    with transactions.writing(HUB) as tx:
        record = rows.find(tx, answer.referral, lock=True)
        if record is None or record.partner_code != partner_code:
            raise NotFound
        before = messages.take_answer(
            tx, partner_code=partner_code, event_id=call.event_id, referral_id=record.id, digest=call.digest
        )
        if before is not None:
            if before != call.digest:
                raise EventIdReused
            return
        rows.apply_event(tx, record, _EVENTS[answer.outcome])
        # Whoever answers has it, whatever became of our own calls.
        messages.cancel_handover(tx, record.id)
        _tell(tx, record)


def _tell(tx: HubTransaction, record: ReferralRecord) -> None:
    named = rows.consent_of(tx, record)
    if named is None or named.email is None:
        return
    put(
        tx,
        NewMail(
            key=f"referral:{record.id}",
            kind=MailKind.REFERRAL_ANSWERED,
            reader=Reader.CARDHOLDER,
            negotiation_id=None,
            # It is about no bank, and no bank has its mails in a list.
            bank_code="",
            about_id=record.id,
            not_before=in_a_cardholders_hours(tx.now),
        ),
    )
