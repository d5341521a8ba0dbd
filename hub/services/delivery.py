"""Delivery: a message is frozen when it is queued, and the bank's system has it once, however often it is sent."""

import hashlib
from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

from hub.banks.packet import PacketFile, PacketHeading, packet
from hub.banks.port import Message, MessageKind
from hub.domain.actor import HUB, Actor, Party
from hub.domain.errors import NotFound, RefusedForGood, StatusConflict, TryAgain
from hub.domain.evidence import EvidenceKind, EvidenceStatus
from hub.domain.lifecycle import Event, Status
from hub.domain.plain import Plain
from hub.jobs.port import Job
from hub.services import clocks, notifications
from hub.services.entries import digest_of, entry
from hub.services.references import deliver_job
from hub.services.transaction import HubTransaction, Transactions
from storage import deliveries, evidence, negotiations
from storage.communications import append, list_entries
from storage.deliveries import DeliveryStatus
from storage.records import DeliveryRecord, NegotiationRecord, SubmissionRecord, new_id
from storage.sealed_json import canonical

# Growing waits between attempts; the last one repeats until the bank's time to give up is over. The schedule that
# looks for what is due runs every five seconds, which comes on top of each.
WAITS = (
    timedelta(seconds=3),
    timedelta(seconds=45),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
_WAITED = tuple(accumulate(WAITS))

# The messages after which the bank's time to answer runs.
OPENING = frozenset({MessageKind.SUBMITTED, MessageKind.COUNTER_OFFERED})

_WORDS = {
    MessageKind.SUBMITTED: "协商申请",
    MessageKind.MESSAGE: "消息",
    MessageKind.COUNTER_OFFERED: "持卡人的新想法",
    MessageKind.ACCEPTED: "签署的协议",
    MessageKind.WITHDRAWN: "撤回通知",
}


def packet_of(tx: HubTransaction, negotiation: NegotiationRecord) -> Plain:
    """What the bank receives of the negotiation: its version in force, with the clean files given to it.

    A recording of a call, which the bank gave itself, is none of them.
    """
    submitted = tx.session.get_one(SubmissionRecord, (negotiation.id, negotiation.version))
    heading = PacketHeading(
        negotiation=negotiation.id,
        reference=negotiation.reference,
        version=negotiation.version,
        submitted_at=submitted.submitted_at,
        public_url=tx.public_url,
    )
    files = [
        PacketFile(
            id=record.id,
            kind=given.kind,
            file_name=evidence.file_name_of(tx, record),
            media_type=record.media_type,
            size=record.size,
            sha256=record.sha256,
        )
        for given, record in evidence.list_given(tx, negotiation)
        if record.status == EvidenceStatus.CLEAN and given.kind in set(EvidenceKind)
    ]
    return packet(heading, negotiations.submission_of(tx, negotiation), files)


def queue(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    kind: MessageKind,
    body: Plain,
    *,
    opens_clock: bool | None = None,
) -> None:
    """The message is frozen and on its way; where the bank's system is the hub itself, it has arrived already.

    `opens_clock` overrules whether its arrival starts the bank's time to answer.
    """
    opens = kind in OPENING if opens_clock is None else opens_clock
    content = {"opens_clock": opens, "data": body}
    digest = hashlib.sha256(canonical(content)).hexdigest()
    record = deliveries.add_delivery(tx, negotiation, delivery_id=new_id(), kind=kind, body=content, sha256=digest)
    bank = tx.bank(negotiation.bank_code)
    if tx.adapters.adapter(bank.adapter).in_house:
        _arrived(tx, negotiation, record)
    else:
        job = deliver_job(record.id, 1, bank_code=bank.code)
        tx.jobs.enqueue(tx.session, job)


def _arrived(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    deliveries.delivered(tx, record)
    content = deliveries.body_of(tx, record)
    kind = MessageKind(record.kind)
    attachment = digest_of(record.id, "delivery", content)
    arrival = entry("delivered", HUB, [attachment], what=_WORDS[kind])
    if negotiation.status == Status.DELIVERING and kind == MessageKind.SUBMITTED:
        negotiation.reached_bank_at = negotiation.reached_bank_at or tx.now
        negotiations.apply_event(tx, negotiation, Event.DELIVERED, arrival)
        _send_earlier_messages(tx, negotiation)
    else:
        append(tx, negotiation, arrival)
    # A turn that ended while the message was on its way needs no clock any more.
    if content["opens_clock"] and negotiation.status == Status.AWAITING_BANK:
        clocks.open_for(tx, negotiation, delivery_id=record.id)
    notifications.arrived(tx, negotiation, record)


def _send_earlier_messages(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """What the person wrote before the bank knew of the negotiation follows the packet; the portal shows it anyway."""
    if tx.adapters.adapter(tx.bank(negotiation.bank_code).adapter).in_house:
        return
    for each in list_entries(tx, negotiation.id):
        if each.header.kind == "message" and each.header.party == Party.CARDHOLDER and each.text is not None:
            files = [file.id for file in each.header.attachments]
            told: Plain = {"text": each.text, "evidence": files, "sequence": each.header.sequence}
            queue(tx, negotiation, MessageKind.MESSAGE, told)


def _arrived_too_late(tx: HubTransaction, negotiation: NegotiationRecord, record: DeliveryRecord) -> None:
    """The bank took a message while the person withdrew: it is on record, and the bank hears of the withdrawal."""
    _arrived(tx, negotiation, record)
    if negotiation.reached_bank_at is None:
        negotiation.reached_bank_at = tx.now
        queue(tx, negotiation, MessageKind.WITHDRAWN, {"text": ""})


def deliver(transactions: Transactions, delivery_id: str) -> None:
    """One attempt was made: the bank's system has the message, or the next attempt stands in the row.

    No transaction is open while the adapter talks to the bank. Doing it again after an arrival changes nothing.
    """
    with transactions.reading(HUB) as tx:
        record = deliveries.find_delivery(tx, delivery_id)
        if record is None or record.status != DeliveryStatus.WAITING:
            return
        bank = tx.bank(record.bank_code)
        adapter = tx.adapters.adapter(record.through or bank.adapter)
        message = Message(
            id=record.id,
            kind=MessageKind(record.kind),
            negotiation=record.negotiation_id,
            body=canonical(deliveries.body_of(tx, record)["data"]),
        )
    detail, final = "", False
    try:
        adapter.deliver(message, bank)
    except TryAgain as error:
        detail = error.detail
    except RefusedForGood as error:
        detail, final = error.detail, True
    with transactions.writing(HUB) as tx:
        _settle(tx, delivery_id, detail=detail, final=final, give_up_after=bank.rules.give_up_after)


def _settle(tx: HubTransaction, delivery_id: str, *, detail: str, final: bool, give_up_after: timedelta) -> None:
    record = deliveries.find_delivery(tx, delivery_id)
    if record is None:
        return
    negotiation = negotiations.lock(tx, record.negotiation_id)
    tx.session.refresh(record)
    if record.status == DeliveryStatus.CANCELLED and not detail:
        _arrived_too_late(tx, negotiation, record)
        return
    if record.status != DeliveryStatus.WAITING:
        return
    if not detail:
        _arrived(tx, negotiation, record)
        return
    wait = None if final else next_wait(record.attempts, record.first_tried_at, tx.now, give_up_after)
    deliveries.failed(tx, record, detail=detail, wait=wait)
    if wait is not None:
        append(tx, negotiation, entry("delivery_failed", HUB, attempt=record.attempts))
    elif negotiation.status == Status.DELIVERING:
        negotiations.apply_event(tx, negotiation, Event.GIVEN_UP, entry("undeliverable", HUB))
    else:
        append(tx, negotiation, entry("undeliverable", HUB))


def next_wait(
    attempts: int, first_tried_at: datetime | None, now: datetime, give_up_after: timedelta
) -> timedelta | None:
    """How long to wait after the attempt that just failed, or None when the bank's time to give up is over.

    `attempts` counts those before it. The last attempt is made just when the time to give up is over.
    """
    elapsed = timedelta() if first_tried_at is None else now - first_tried_at
    if elapsed >= give_up_after:
        return None
    # What is sent again after it was given up has many attempts behind it, and still begins with the short waits.
    place = min(attempts, bisect_right(_WAITED, elapsed), len(WAITS) - 1)
    return min(WAITS[place], give_up_after - elapsed)


def send_again(tx: HubTransaction, reference: str, actor: Actor, *, through: str | None = None) -> None:
    """What was given up is on its way again, the same bytes under the same id; raises `StatusConflict`.

    `through` takes another kind of adapter than the bank's own, such as the portal; an unknown one is `Unusable`.
    """
    found = negotiations.find_negotiation(tx, reference)
    if found is None:
        raise NotFound
    negotiation = negotiations.lock(tx, found.id)
    waiting = deliveries.list_undeliverable(tx, negotiation.id)
    if not waiting:
        raise StatusConflict(negotiation.status, Event.SENT_AGAIN)
    if negotiation.status == Status.UNDELIVERABLE:
        negotiations.apply_event(tx, negotiation, Event.SENT_AGAIN, entry("sent_again", actor))
    bank = tx.bank(negotiation.bank_code)
    adapter = tx.adapters.adapter(through or bank.adapter)
    for record in waiting:
        deliveries.again(tx, record, through=through)
        if adapter.in_house:
            _arrived(tx, negotiation, record)
        else:
            job = deliver_job(record.id, record.attempts + 1, bank_code=bank.code)
            tx.jobs.enqueue(tx.session, job)


def jobs_due(tx: HubTransaction, *, limit: int) -> list[Job]:
    """A job for every waiting message whose next attempt is due."""
    return [
        deliver_job(record.id, record.attempts + 1, bank_code=record.bank_code)
        for record in deliveries.list_due(tx, tx.now, limit)
    ]
