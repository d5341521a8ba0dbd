"""Mails that a mail server took and that came back: what the hub believed to have arrived, and did not."""

from enum import StrEnum

from hub.domain.actor import HUB
from hub.domain.delivery import DeliveryStatus, MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.lifecycle import OPEN, Status
from hub.mail.bounces import Fate, Report
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.operating import operator_tasks
from hub.services.requests import arriving
from hub.services.transaction import HubTransaction
from storage import deliveries, mails, negotiation_locks
from storage.records import DeliveryRecord, NegotiationRecord

# The bank must know how it ended, however long ago that was.
_ENDINGS = frozenset({MessageKind.ACCEPTED, MessageKind.WITHDRAWN, MessageKind.AGREEMENT_ENDED, MessageKind.AMENDED})


class Bounced(StrEnum):
    """What a report changed."""

    DELIVERY = "delivery"  # a bank does not have its message
    MAIL = "mail"  # one of the hub's own mails was not received
    NOTHING = "nothing"  # known before, still under way, or of no use any more
    UNKNOWN = "unknown"  # no mail of this hub


def record(tx: HubTransaction, report: Report) -> Bounced:
    """A mail that came back is on record as such, once however often that is reported.

    A message to a bank waits for an operator, who can send it again; a clock that it opened runs on.
    """
    # Message-IDs of the hub are those of its rows.
    row_id = report.message_id.strip("<>").partition("@")[0]
    delivery = deliveries.find_delivery(tx, row_id)
    if delivery is not None:
        return _record_delivery(tx, delivery, report)
    mail = mails.find_mail(tx, row_id)
    if mail is None or mail.message_id != report.message_id:
        return Bounced.UNKNOWN
    if report.fate != Fate.FAILED:
        return Bounced.NOTHING
    received = not mails.came_back(tx, mail.message_id, bank_code=mail.bank_code, detail=_detail(report))
    return Bounced.NOTHING if received else Bounced.MAIL


def _record_delivery(tx: HubTransaction, delivery: DeliveryRecord, report: Report) -> Bounced:
    if delivery.negotiation_id is None:
        is_news = report.fate == Fate.FAILED and arriving.came_back(tx, delivery, detail=_detail(report))
        return Bounced.DELIVERY if is_news else Bounced.NOTHING
    negotiation = negotiation_locks.lock(tx, delivery.negotiation_id)
    tx.session.refresh(delivery)
    if (
        report.fate != Fate.FAILED
        or delivery.status != DeliveryStatus.DELIVERED
        or not _is_of_use(negotiation, delivery)
    ):
        return Bounced.NOTHING
    deliveries.came_back(delivery, detail=_detail(report))
    negotiation_log.note(tx, negotiation, entry(EntryKind.BOUNCED, HUB))
    operator_tasks.bounced(tx, negotiation, delivery)
    return Bounced.DELIVERY


def _is_of_use(negotiation: NegotiationRecord, delivery: DeliveryRecord) -> bool:
    kind = MessageKind(delivery.kind)
    if kind in _ENDINGS:
        return True
    if kind == MessageKind.MESSAGE:
        return negotiation.status in OPEN
    # Once the bank has done something with it, it has found it in the portal.
    return negotiation.status == Status.AWAITING_BANK


def _detail(report: Report) -> str:
    return f"the mail came back: {report.status}" if report.status else "the mail came back"
