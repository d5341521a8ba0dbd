"""Messages about requests on their way: arrived, failed, given up and sent again. The request's row is locked first."""

import logging
from datetime import timedelta

from hub.domain.actor import HUB, Actor
from hub.domain.delivery import DeliveryStatus, MessageKind, Outcome, next_wait, spread_of
from hub.domain.entry_kind import EntryKind
from hub.domain.masks import scrubbed
from hub.domain.request_kinds import rules_of
from hub.mail.kinds import MailKind
from hub.services.delivery.message_words import WORDS
from hub.services.negotiations import commitments
from hub.services.negotiations.entries import entry
from hub.services.notifications import request_mails
from hub.services.operating import operator_tasks
from hub.services.requests import clocks, moving
from hub.services.transaction import HubTransaction
from storage import deliveries, service_requests
from storage.content_salts import Owner
from storage.records import DeliveryRecord, ServiceRequestRecord

_log = logging.getLogger(__name__)


def arrived(tx: HubTransaction, record: ServiceRequestRecord, delivery: DeliveryRecord) -> None:
    """The bank's system has the message; its time to answer runs where the message asks for an answer."""
    # One that arrives again finds the clock that its first arrival opened.
    came_back = delivery.delivered_at is not None
    deliveries.delivered(tx, delivery)
    content = deliveries.body_of(tx, delivery)
    attachment = commitments.committed(tx, owner_of(record), delivery.id, commitments.DELIVERY, content)
    arrival = entry(EntryKind.DELIVERED, HUB, [attachment], what=WORDS[MessageKind(delivery.kind)])
    rules = rules_of(record.kind)
    is_first = record.reached_bank_at is None
    record.reached_bank_at = record.reached_bank_at or tx.now
    if is_first and rules.arrived is not None and rules.allows(record.status, rules.arrived):
        moving.move(tx, record, rules.arrived, arrival)
    else:
        moving.note(tx, record, arrival)
    if content["opens_clock"] and not came_back and rules.is_banks_turn(record.status):
        clocks.open_for(tx, record, response_days=content["response_days"])
    # Where the bank's system is the hub itself, its desk is told; other ways tell it themselves. That a person's data
    # are gone asks for nothing, so no desk gets a mail of it.
    if record.erased_at is None and tx.adapters.adapter(delivery.through or tx.bank(record.bank_code).adapter).in_house:
        request_mails.to_bank(tx, record, MailKind.REQUEST_ARRIVED, step=f":{delivery.id}")


def owner_of(record: ServiceRequestRecord) -> Owner:
    """Whose contents are the request's."""
    return Owner(negotiation_id=record.id, bank_code=record.bank_code)


def settle(tx: HubTransaction, delivery: DeliveryRecord, outcome: Outcome, *, give_up_after: timedelta) -> None:
    """What an attempt came to stands in the row: arrived, due again, or given up and the operator told."""
    record = service_requests.lock(tx, delivery.request_id or "")
    tx.session.refresh(delivery)
    status = DeliveryStatus(delivery.status)
    if outcome.arrived:
        # What was given up waits for the operator, unless it travelled once more with the others of its batch.
        with_batch = status is DeliveryStatus.UNDELIVERABLE and delivery.batch_id is not None
        if with_batch or status in (DeliveryStatus.WAITING, DeliveryStatus.CANCELLED):
            _log.info("delivered", extra={**_said(record, delivery), "detail": scrubbed(outcome.receipt)})
            arrived(tx, record, delivery)
    elif status is DeliveryStatus.WAITING:
        _failed(tx, record, delivery, outcome, give_up_after=give_up_after)


def _failed(
    tx: HubTransaction,
    record: ServiceRequestRecord,
    delivery: DeliveryRecord,
    outcome: Outcome,
    *,
    give_up_after: timedelta,
) -> None:
    wait = None
    if not outcome.final:
        spread = spread_of(delivery.id)
        wait = next_wait(delivery.attempts, delivery.first_tried_at, tx.now, give_up_after, spread=spread)
    deliveries.failed(tx, delivery, detail=outcome.detail, wait=wait, in_process=outcome.in_process)
    _log.warning("delivery failed", extra={**_said(record, delivery), "detail": scrubbed(delivery.detail)})
    if wait is not None:
        moving.note(tx, record, entry(EntryKind.DELIVERY_FAILED, HUB, attempt=delivery.attempts))
        return
    operator_tasks.request_undeliverable(tx, record, delivery)
    moving.note(tx, record, entry(EntryKind.UNDELIVERABLE, HUB))


def _said(record: ServiceRequestRecord, delivery: DeliveryRecord) -> dict[str, object]:
    return {
        "bank": delivery.bank_code,
        "reference": record.reference,
        "delivery": delivery.id,
        "attempts": delivery.attempts,
    }


def arrived_by_event(tx: HubTransaction, request_id: str) -> None:
    """What the bank was sent first has arrived, since the bank speaks of the request, also where it was given up."""
    record = service_requests.lock(tx, request_id)
    waiting = deliveries.list_not_arrived_of_request(tx, request_id)
    if record.reached_bank_at is None and waiting:
        arrived(tx, record, waiting[0])


def lock_undeliverable(tx: HubTransaction, record: ServiceRequestRecord, actor: Actor) -> list[DeliveryRecord]:
    """The request's messages that were given up, the request held; its log says that they go again."""
    service_requests.lock(tx, record.id)
    waiting = deliveries.list_undeliverable_of_request(tx, record.id)
    if waiting:
        moving.note(tx, record, entry(EntryKind.SENT_AGAIN, actor))
    return waiting


def came_back(tx: HubTransaction, delivery: DeliveryRecord, *, detail: str) -> bool:
    """A mail that was taken did not arrive: it waits for an operator; False where that changes nothing any more."""
    record = service_requests.lock(tx, delivery.request_id or "")
    tx.session.refresh(delivery)
    if delivery.status != DeliveryStatus.DELIVERED or rules_of(record.kind).is_over(record.status):
        return False
    deliveries.came_back(delivery, detail=detail)
    moving.note(tx, record, entry(EntryKind.BOUNCED, HUB))
    operator_tasks.request_bounced(tx, record, delivery)
    return True
