"""Delivery: a message is frozen when it is queued, and the bank's system has it once, however often it is sent."""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from hub.banks.port import Adapter, Batching
from hub.domain.actor import HUB, Actor, Party
from hub.domain.consent_ledger import CONSENT_WITHDRAWN
from hub.domain.delivery import DeliveryStatus, MessageKind, Outcome, next_wait, spread_of
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import NotFound, StatusConflict, Unusable
from hub.domain.lifecycle import BANKS_TURN, Event, Status
from hub.domain.masks import scrubbed
from hub.domain.plain import Plain, canonical, instant
from hub.jobs.port import Job
from hub.services.delivery.delivery_jobs import job_of
from hub.services.delivery.message_words import WORDS
from hub.services.negotiations import answer_clocks, commitments, negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.notifications import notifications
from hub.services.operating import audit, operator_tasks
from hub.services.operating.audit import AuditKind
from hub.services.requests import arriving
from hub.services.transaction import HubTransaction
from storage import bank_lines, deliveries, negotiation_locks, negotiations, service_requests
from storage.communications import Entry, list_entries
from storage.records import DeliveryRecord, NegotiationRecord, new_id

_log = logging.getLogger(__name__)

# The messages after which the bank's time to answer runs.
OPENING = frozenset({MessageKind.SUBMITTED, MessageKind.COUNTER_OFFERED})


def queue(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    kind: MessageKind,
    body: Plain,
    *,
    opens_clock: bool | None = None,
) -> None:
    """The message is frozen and on its way; where the bank's system is the hub itself, it has arrived already.

    `opens_clock` says whether the arrival of a message starts the bank's time to answer; other kinds do or do not.
    """
    opens = kind in OPENING if opens_clock is None else opens_clock
    # Each message says by itself what it is about: not every way to a bank has room for that around it.
    about = {"negotiation": negotiation.id, "reference": negotiation.reference}
    content = {"opens_clock": opens, "data": {**about, **body}}
    digest = hashlib.sha256(canonical(content)).hexdigest()
    record = deliveries.add_delivery(tx, negotiation, delivery_id=new_id(), kind=kind, body=content, sha256=digest)
    bank = tx.bank(negotiation.bank_code)
    if tx.adapters.adapter(bank.adapter).in_house:
        _arrived(tx, negotiation, record)
    else:
        tx.jobs.enqueue(tx.session, job_of(tx, record))


def queue_entry(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    written: Entry,
    *,
    evidence: Sequence[str] = (),
    about: Plain | None = None,
) -> None:
    """The words of an entry of the log are on their way to the bank, with files by their ids.

    `about` says for programs what the words are.
    """
    message: Plain = {"text": written.text, "evidence": list(evidence), "sequence": written.header.sequence}
    queue(tx, negotiation, MessageKind.MESSAGE, {**message, **(about or {})})


def queue_entry_for_systems(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    written: Entry,
    *,
    evidence: Sequence[str] = (),
    about: Plain | None = None,
) -> None:
    """The same where the bank has a system of its own; the portal's desk has a mail that says more than a message."""
    if not tx.adapters.adapter(tx.bank(negotiation.bank_code).adapter).in_house:
        queue_entry(tx, negotiation, written, evidence=evidence, about=about)


def _arrived(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    # One that arrives again finds the clock that its first arrival opened.
    came_back = record.delivered_at is not None
    deliveries.delivered(tx, record)
    content = deliveries.body_of(tx, record)
    kind = MessageKind(record.kind)
    attachment = commitments.committed(tx, commitments.owner_of(negotiation), record.id, commitments.DELIVERY, content)
    arrival = entry(EntryKind.DELIVERED, HUB, [attachment], what=WORDS[kind])
    if negotiation.status == Status.DELIVERING and kind == MessageKind.SUBMITTED:
        negotiation.reached_bank_at = negotiation.reached_bank_at or tx.now
        negotiation_log.apply_event(tx, negotiation, Event.DELIVERED, arrival)
        _send_earlier_messages(tx, negotiation)
    else:
        negotiation_log.note(tx, negotiation, arrival)
    if content["opens_clock"] and not came_back and _begins_the_turn(tx, negotiation, record):
        answer_clocks.open_for(tx, negotiation, delivery_id=record.id)
    notifications.arrived(tx, negotiation, record, declines="declined_offer" in content["data"])


def _begins_the_turn(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> bool:
    """Whether the bank still owes the answer that this arrival asks for: no answer and no later turn overtook it.

    A bank may have picked the case up, or asked for papers, before its own system had the message.
    """
    if negotiation.status not in BANKS_TURN:
        return False
    later = deliveries.list_later(tx, record)
    return not any(_opens_clock(tx, each) for each in later)


def _opens_clock(tx: HubTransaction, record: DeliveryRecord) -> bool:
    # Only of a message it depends on what it says; no other kind need be unsealed to know.
    if record.kind != MessageKind.MESSAGE:
        return record.kind in OPENING
    return bool(deliveries.body_of(tx, record)["opens_clock"])


def _send_earlier_messages(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """What the person wrote before the bank knew of the negotiation follows the packet; the portal shows it anyway."""
    if tx.adapters.adapter(tx.bank(negotiation.bank_code).adapter).in_house:
        return
    for each in list_entries(tx, negotiation.id):
        if each.header.kind == EntryKind.MESSAGE and each.header.party == Party.CARDHOLDER and each.text is not None:
            queue_entry(tx, negotiation, each, evidence=[file.id for file in each.header.attachments])


def arrived_by_event(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The packet has arrived, since the bank speaks of it, also where it was given up. The row must be locked."""
    for record in deliveries.list_not_arrived(tx, negotiation.id):
        if record.kind == MessageKind.SUBMITTED:
            _arrived_after_all(tx, negotiation, record)


def _arrived_after_all(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    if negotiation.status == Status.UNDELIVERABLE:
        negotiation_log.apply_event(tx, negotiation, Event.SENT_AGAIN, entry(EntryKind.ARRIVED_AFTER_ALL, HUB))
    _arrived(tx, negotiation, record)


def _arrived_too_late(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    """The bank took a message while the person withdrew: it is on record, and the bank hears of the withdrawal."""
    _arrived(tx, negotiation, record)
    if negotiation.reached_bank_at is None:
        negotiation.reached_bank_at = tx.now
        because = {"reason": CONSENT_WITHDRAWN} if negotiation.reason_code == CONSENT_WITHDRAWN else {}
        queue(tx, negotiation, MessageKind.WITHDRAWN, {"text": "", **because})


def _arrived_with_its_batch(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    """It was given up, and travelled once more with the others of its batch; alone it waits for the operator."""
    if record.batch_id is not None:
        _arrived_after_all(tx, negotiation, record)


# What an arrival means, by where the message stood; one that was delivered already has arrived but once.
_ARRIVALS: Mapping[DeliveryStatus, Callable[[HubTransaction, NegotiationRecord, DeliveryRecord], None]] = {
    DeliveryStatus.WAITING: _arrived,
    DeliveryStatus.UNDELIVERABLE: _arrived_with_its_batch,
    DeliveryStatus.CANCELLED: _arrived_too_late,
}


def settle(tx: HubTransaction, delivery_id: str, outcome: Outcome, *, give_up_after: timedelta) -> None:
    """What an attempt came to stands in the row: arrived, due again, or given up and the operator told."""
    record = deliveries.find_delivery(tx, delivery_id)
    if record is None:
        return
    if record.negotiation_id is None:
        arriving.settle(tx, record, outcome, give_up_after=give_up_after)
        return
    negotiation = negotiation_locks.lock(tx, record.negotiation_id)
    tx.session.refresh(record)
    status = DeliveryStatus(record.status)
    if not outcome.arrived:
        if status is DeliveryStatus.WAITING:
            _failed(tx, negotiation, record, outcome, give_up_after=give_up_after)
        return
    extra = {"bank": record.bank_code, "reference": negotiation.reference, "delivery": record.id}
    _log.info("delivered", extra={**extra, "detail": scrubbed(outcome.receipt)})
    if status in _ARRIVALS:
        _ARRIVALS[status](tx, negotiation, record)


def _failed(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    record: DeliveryRecord,
    outcome: Outcome,
    *,
    give_up_after: timedelta,
) -> None:
    wait = None
    if not outcome.final:
        wait = next_wait(record.attempts, record.first_tried_at, tx.now, give_up_after, spread=spread_of(record.id))
    deliveries.failed(tx, record, detail=outcome.detail, wait=wait, in_process=outcome.in_process)
    _log_failure(record, negotiation)
    if wait is not None:
        negotiation_log.note(tx, negotiation, entry(EntryKind.DELIVERY_FAILED, HUB, attempt=record.attempts))
        return
    operator_tasks.undeliverable(tx, negotiation, record)
    if negotiation.status == Status.DELIVERING:
        negotiation_log.apply_event(tx, negotiation, Event.GIVEN_UP, entry(EntryKind.UNDELIVERABLE, HUB))
        notifications.undeliverable(tx, negotiation)
    else:
        negotiation_log.note(tx, negotiation, entry(EntryKind.UNDELIVERABLE, HUB))


def _log_failure(record: DeliveryRecord, negotiation: NegotiationRecord) -> None:
    extra = {
        "bank": record.bank_code,
        "reference": negotiation.reference,
        "delivery": record.id,
        "attempts": record.attempts,
        "detail": scrubbed(record.detail),
        "next_try_at": None if record.next_try_at is None else instant(record.next_try_at),
    }
    if record.next_try_at is None:
        _log.error("delivery given up", extra=extra)
    else:
        _log.warning("delivery failed", extra=extra)


def send_again(tx: HubTransaction, reference: str, actor: Actor, *, through: str | None = None) -> None:
    """What was given up is on its way again, the same bytes under the same id; raises `StatusConflict`.

    `through` takes another kind of adapter than the bank's own, such as the portal; an unknown one is `Unusable`.
    """
    found = negotiations.find_negotiation(tx, reference)
    if found is None:
        _send_requests_again(tx, reference, actor, through=through)
        return
    negotiation = negotiation_locks.lock(tx, found.id)
    waiting = deliveries.list_undeliverable(tx, negotiation.id)
    if not waiting:
        raise StatusConflict(negotiation.status, Event.SENT_AGAIN)
    if negotiation.status == Status.UNDELIVERABLE:
        negotiation_log.apply_event(tx, negotiation, Event.SENT_AGAIN, entry(EntryKind.SENT_AGAIN, actor))
    adapter = _way_of(tx, negotiation.bank_code, through)
    for record in waiting:
        if _sent_again(tx, record, adapter, through=through):
            _arrived(tx, negotiation, record)
    audit.note(tx, AuditKind.DELIVERY_SENT_AGAIN, negotiation.reference, through=through)


def _send_requests_again(tx: HubTransaction, reference: str, actor: Actor, *, through: str | None) -> None:
    found = service_requests.find_by_reference(tx, reference)
    if not found:
        raise NotFound
    waiting = [(request, each) for request in found for each in arriving.lock_undeliverable(tx, request, actor)]
    if not waiting:
        raise StatusConflict(found[0].status, Event.SENT_AGAIN)
    for request, record in waiting:
        if _sent_again(tx, record, _way_of(tx, request.bank_code, through), through=through):
            arriving.arrived(tx, request, record)
    audit.note(tx, AuditKind.DELIVERY_SENT_AGAIN, found[0].reference, through=through)


def _way_of(tx: HubTransaction, bank_code: str, through: str | None) -> Adapter:
    """The adapter that takes what goes again; the bank's line is open."""
    bank = tx.bank(bank_code)
    adapter = tx.adapters.adapter(through or bank.adapter)
    if isinstance(adapter, Batching) and adapter is not tx.adapters.of(bank):
        raise Unusable(f"messages go through {adapter.kind} in batches, and only to a bank that is reached by it")
    # Whoever asks for it has seen to the bank's system, or wants to know.
    bank_lines.open_again(tx, bank.code)
    return adapter


def _sent_again(tx: HubTransaction, record: DeliveryRecord, adapter: Adapter, *, through: str | None) -> bool:
    """The message waits again; whether it is there already, since the bank's system is the hub's own."""
    deliveries.again(tx, record, through=through)
    if not adapter.in_house:
        tx.jobs.enqueue(tx.session, job_of(tx, record))
    return adapter.in_house


def go_on_by_another_way(tx: HubTransaction, bank_code: str) -> None:
    """What waits for the bank is due now, the same bytes under the same id, by the adapter that the bank has by then.

    The failures of its line are forgotten. What was given up waits for `send_again`, as before.
    """
    bank_lines.open_again(tx, bank_code)
    deliveries.begin_anew(tx, bank_code)


def jobs_due(tx: HubTransaction, *, limit: int) -> list[Job]:
    """A job for every waiting message whose next attempt is due."""
    return [job_of(tx, record) for record in deliveries.list_due(tx, tx.now, limit)]
