"""Telling partners: one attempt at a time, no transaction open meanwhile, until it has the message or time is up."""

from datetime import timedelta

from hub.domain.actor import HUB
from hub.domain.delivery import next_wait, spread_of
from hub.domain.errors import DeliveryError, RefusedForGood
from hub.domain.plain import Plain
from hub.domain.referral import LAPSES_AFTER, MessageKind, ReferralStatus, answer_due_at
from hub.jobs.port import Job
from hub.partners.port import PartnerAddress, PartnerMessage, Partners
from hub.services.referrals import partners as register
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import referral_messages as messages
from storage import referral_partners, referrals
from storage.records import ReferralMessageRecord, ReferralRecord
from storage.referral_messages import TellingStatus

TELL_PARTNER = "tell_partner"
GIVE_UP_AFTER = LAPSES_AFTER
# Another attempt that was cut off is made once this is over: a call never lasts so long.
_IN_HAND = timedelta(minutes=1)


def queue(tx: HubTransaction, record: ReferralRecord, kind: MessageKind, data: Plain) -> None:
    """The message waits for its partner, with the job that sends it."""
    code = record.partner_code
    message_id = messages.add(tx, referral_id=record.id, partner_code=code, kind=kind, data=data)
    tx.jobs.enqueue(tx.session, _job(message_id, code, attempts=0))


def _job(message_id: str, partner_code: str, *, attempts: int, due: str = "") -> Job:
    return Job(
        name=TELL_PARTNER,
        key=f"partner:{message_id}:{attempts + 1}{due}",
        argument=message_id,
        queue="deliver",
        partition=f"partner/{partner_code}",
    )


def jobs_due(tx: HubTransaction, *, limit: int) -> list[Job]:
    """A job for every message whose next attempt is due and whose partner is not switched off."""
    reachable = [each.partner.code for each in register.offered(tx)]
    found = []
    for message_id in messages.list_due(tx, tx.now, limit, partners=reachable):
        record = messages.find(tx, message_id)
        if record is not None and record.next_try_at is not None:
            due = f":{record.next_try_at.timestamp():.3f}"
            found.append(_job(record.id, record.partner_code, attempts=record.attempts, due=due))
    return found


def tell(transactions: Transactions, partners: Partners, message_id: str) -> None:
    """One attempt was made: the partner has it, or the next attempt stands in the row. Twice changes nothing."""
    with transactions.writing(HUB) as tx:
        record = messages.find(tx, message_id, lock=True)
        if record is None or not _may_be_tried(tx, record):
            return
        message, address = _message_of(tx, record), _address_of(tx, record)
        if address is None:
            return
        record.attempts += 1
        record.first_tried_at = record.first_tried_at or tx.now
        record.next_try_at = tx.now + _IN_HAND
    reached("partner.before_tell")
    failure: DeliveryError | None = None
    try:
        partners.tell(message, address)
    except DeliveryError as error:
        failure = error
    reached("partner.after_tell")
    with transactions.writing(HUB) as tx:
        _settle(tx, message_id, failure)


def _may_be_tried(tx: HubTransaction, record: ReferralMessageRecord) -> bool:
    if record.status != TellingStatus.WAITING or record.next_try_at is None or record.next_try_at > tx.now:
        return False
    kept = referral_partners.find(tx, record.partner_code)
    return kept is not None and kept.is_offered


def _message_of(tx: HubTransaction, record: ReferralMessageRecord) -> PartnerMessage:
    body = messages.body_of(tx, record)
    return PartnerMessage(id=record.id, kind=record.kind, queued_at=record.queued_at, data=body)


def _address_of(tx: HubTransaction, record: ReferralMessageRecord) -> PartnerAddress | None:
    secret = referral_partners.secret_of(tx, record.partner_code)
    url = referral_partners.get(tx, record.partner_code).partner.handover_url
    return None if secret is None else PartnerAddress(url=url, secret=secret)


def _settle(tx: HubTransaction, message_id: str, failure: DeliveryError | None) -> None:
    record = messages.find(tx, message_id, lock=True)
    if record is None:
        return
    if failure is None:
        # Also one that was cancelled meanwhile: it was on its way, and that it is over is told next.
        messages.settle(record, TellingStatus.TOLD, at=tx.now)
        _note_arrived(tx, record)
        return
    if record.status != TellingStatus.WAITING:
        return
    since = record.first_tried_at
    wait = next_wait(record.attempts - 1, since, tx.now, GIVE_UP_AFTER, spread=spread_of(record.id))
    if isinstance(failure, RefusedForGood) or wait is None:
        messages.settle(record, TellingStatus.GIVEN_UP, at=tx.now, detail=failure.detail)
    else:
        messages.try_again(record, at=tx.now, wait=wait, detail=failure.detail)


def _note_arrived(tx: HubTransaction, message: ReferralMessageRecord) -> None:
    if message.kind != MessageKind.HANDED_OVER:
        return
    record = referrals.find(tx, message.referral_id, lock=True)
    if record is not None and record.status == ReferralStatus.HANDED_OVER and record.arrived_at is None:
        referrals.note_arrived(tx, record, answer_due_at=answer_due_at(tx.now, tx.calendar()))
