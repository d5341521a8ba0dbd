"""Sending a bank what is said about a request: frozen bytes under one id, the same in every attempt."""

import hashlib

from hub.domain.delivery import MessageKind
from hub.domain.plain import Plain, canonical
from hub.services.delivery.delivery_jobs import job_of
from hub.services.requests import arriving
from hub.services.transaction import HubTransaction
from storage import deliveries
from storage.records import DeliveryRecord, ServiceRequestRecord, new_id


def queue(
    tx: HubTransaction,
    record: ServiceRequestRecord,
    kind: MessageKind,
    body: Plain,
    *,
    opens_clock: bool = False,
    response_days: int | None = None,
) -> DeliveryRecord:
    """The message is frozen and on its way; where the bank's system is the hub itself, it has arrived already.

    `opens_clock`: its arrival starts the bank's time to answer, of `response_days` or those of the kind. Each bank that
    the matter concerns is sent the same bytes. The row must be locked, or new.
    """
    about = {"request": record.matter_id, "reference": record.reference}
    content = {"opens_clock": opens_clock, "response_days": response_days, "data": {**about, **body}}
    digest = hashlib.sha256(canonical(content)).hexdigest()
    delivery = deliveries.add_delivery(tx, record, delivery_id=new_id(), kind=kind, body=content, sha256=digest)
    if tx.adapters.adapter(tx.bank(record.bank_code).adapter).in_house:
        arriving.arrived(tx, record, delivery)
    else:
        tx.jobs.enqueue(tx.session, job_of(tx, delivery))
    return delivery
