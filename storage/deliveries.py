"""Deliveries: messages to banks, frozen when they are queued, and how far each got."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from hub.domain.delivery import DeliveryEvent, DeliveryStatus, next_status, statuses_allowing
from storage.records import DeliveryRecord, NegotiationRecord, ServiceRequestRecord
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_NOT_ARRIVED = (DeliveryStatus.WAITING, DeliveryStatus.UNDELIVERABLE)


def add_delivery(
    tx: Transaction,
    about: NegotiationRecord | ServiceRequestRecord,
    *,
    delivery_id: str,
    kind: str,
    body: Any,
    sha256: str,
) -> DeliveryRecord:
    """The message waits to be delivered; its body is never changed after this."""
    is_request = isinstance(about, ServiceRequestRecord)
    record = DeliveryRecord(
        id=delivery_id,
        negotiation_id=None if is_request else about.id,
        request_id=about.id if is_request else None,
        bank_code=about.bank_code,
        kind=kind,
        status=DeliveryStatus.WAITING,
        body_sealed=seal_json(tx, body, table="delivery", column="body", row=delivery_id),
        sha256=sha256,
        attempts=0,
        next_try_at=tx.now,
        queued_at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def body_of(tx: Transaction, record: DeliveryRecord) -> Any:
    """The message as it was frozen."""
    return open_json(tx, record.body_sealed, table="delivery", column="body", row=record.id)


def find_delivery(tx: Transaction, delivery_id: str, *, lock: bool = False) -> DeliveryRecord | None:
    """The delivery of that id."""
    return tx.session.get(DeliveryRecord, delivery_id, with_for_update=lock)


def _apply(record: DeliveryRecord, event: DeliveryEvent) -> None:
    """The message stands where the domain's table says; the only place that writes the status of a single one."""
    record.status = next_status(DeliveryStatus(record.status), event)


def delivered(tx: Transaction, record: DeliveryRecord) -> None:
    """The bank's system has the message."""
    _apply(record, DeliveryEvent.ARRIVED)
    record.delivered_at = tx.now
    record.next_try_at = None
    record.attempts += 1
    record.first_tried_at = record.first_tried_at or tx.now


def failed(
    tx: Transaction, record: DeliveryRecord, *, detail: str, wait: timedelta | None, in_process: bool = False
) -> None:
    """One attempt failed, or the bank is `in_process` of deciding; the next comes after `wait`, or never."""
    record.attempts += 1
    record.in_process = in_process
    record.first_tried_at = record.first_tried_at or tx.now
    record.detail = detail[:300]
    record.next_try_at = None if wait is None else tx.now + wait
    _apply(record, DeliveryEvent.GIVEN_UP if wait is None else DeliveryEvent.FAILED)


def came_back(record: DeliveryRecord, *, detail: str) -> None:
    """A message that had been taken did not arrive after all, and waits for an operator."""
    _apply(record, DeliveryEvent.CAME_BACK)
    record.detail = detail[:300]


def again(tx: Transaction, record: DeliveryRecord, *, through: str | None) -> None:
    """A message that was given up waits to be delivered again, with its time to give up counted anew.

    `through` is the kind of adapter to take, where it is not to be the bank's own.
    """
    if record.batch_id is not None:
        # A batch that one leaves is another batch, and so the rest travels under another name too.
        _leave_batch(tx, record.batch_id)
    record.through = through
    record.in_process = False
    record.batch_id = None
    _apply(record, DeliveryEvent.SENT_AGAIN)
    record.first_tried_at = None
    record.next_try_at = tx.now


def _leave_batch(tx: Transaction, batch_id: str) -> None:
    tx.session.execute(
        sa.update(DeliveryRecord)
        .where(DeliveryRecord.batch_id == batch_id, DeliveryRecord.status == DeliveryStatus.WAITING)
        .values(batch_id=None)
    )


def cancel_waiting(tx: Transaction, negotiation_id: str) -> None:
    """Messages of the negotiation that the bank has not heard are not sent any more."""
    tx.session.execute(
        sa.update(DeliveryRecord)
        .where(
            DeliveryRecord.negotiation_id == negotiation_id,
            DeliveryRecord.status.in_(statuses_allowing(DeliveryEvent.CANCELLED)),
        )
        .values(status=DeliveryStatus.CANCELLED, next_try_at=None)
    )


def list_due(tx: Transaction, at: datetime, limit: int) -> list[DeliveryRecord]:
    """Waiting messages whose next attempt is due at `at`."""
    return list(
        tx.session.scalars(
            sa.select(DeliveryRecord)
            .where(sa.text("status = 'waiting'"), DeliveryRecord.next_try_at <= at)
            .order_by(DeliveryRecord.next_try_at)
            .limit(limit)
        )
    )


def list_due_of_bank(tx: Transaction, bank_code: str, at: datetime, limit: int) -> list[DeliveryRecord]:
    """The bank's waiting messages whose next attempt is due at `at`, oldest first, held against other workers."""
    return list(
        tx.session.scalars(
            sa.select(DeliveryRecord)
            .where(
                DeliveryRecord.bank_code == bank_code,
                DeliveryRecord.status == DeliveryStatus.WAITING,
                DeliveryRecord.next_try_at <= at,
            )
            .order_by(DeliveryRecord.queued_at, DeliveryRecord.id)
            .limit(limit)
            .with_for_update()
        )
    )


def try_all_now(tx: Transaction, bank_code: str, *, in_hand: timedelta) -> None:
    """The bank's waiting messages that failed before are due now.

    Those in a batch that is due within `in_hand` are left alone: it may be on its way just now.
    """
    tx.session.execute(
        sa.update(DeliveryRecord)
        .where(
            DeliveryRecord.bank_code == bank_code,
            DeliveryRecord.status == DeliveryStatus.WAITING,
            sa.or_(DeliveryRecord.batch_id.is_(None), DeliveryRecord.next_try_at > tx.now + in_hand),
        )
        .values(next_try_at=tx.now)
    )


def begin_anew(tx: Transaction, bank_code: str) -> None:
    """The bank's waiting messages are due now, in no batch, with their time to give up counted anew."""
    tx.session.execute(
        sa.update(DeliveryRecord)
        .where(DeliveryRecord.bank_code == bank_code, DeliveryRecord.status == DeliveryStatus.WAITING)
        .values(batch_id=None, in_process=False, first_tried_at=None, next_try_at=tx.now)
    )


def list_of(tx: Transaction, negotiation_id: str) -> list[DeliveryRecord]:
    """Every message of the negotiation, the oldest first."""
    return list(
        tx.session.scalars(
            sa.select(DeliveryRecord)
            .where(DeliveryRecord.negotiation_id == negotiation_id)
            .order_by(DeliveryRecord.queued_at, DeliveryRecord.id)
        )
    )


def list_not_arrived(tx: Transaction, negotiation_id: str) -> list[DeliveryRecord]:
    """Messages of the negotiation that are on their way or were given up, oldest first."""
    return _not_arrived(tx, DeliveryRecord.negotiation_id == negotiation_id)


def list_not_arrived_of_request(tx: Transaction, request_id: str) -> list[DeliveryRecord]:
    """The same of a request."""
    return _not_arrived(tx, DeliveryRecord.request_id == request_id)


def _not_arrived(tx: Transaction, of: sa.ColumnElement[bool]) -> list[DeliveryRecord]:
    query = sa.select(DeliveryRecord).where(of, DeliveryRecord.status.in_(_NOT_ARRIVED))
    return list(tx.session.scalars(query.order_by(DeliveryRecord.queued_at)))


def list_later(tx: Transaction, record: DeliveryRecord) -> list[DeliveryRecord]:
    """Messages of the same negotiation that were queued after this one, oldest first."""
    return list(
        tx.session.scalars(
            sa.select(DeliveryRecord)
            .where(DeliveryRecord.negotiation_id == record.negotiation_id, DeliveryRecord.id > record.id)
            .order_by(DeliveryRecord.id)
        )
    )


def list_undeliverable(tx: Transaction, negotiation_id: str) -> list[DeliveryRecord]:
    """Messages of the negotiation that were given up, oldest first."""
    return list(
        tx.session.scalars(
            sa.select(DeliveryRecord)
            .where(
                DeliveryRecord.negotiation_id == negotiation_id,
                DeliveryRecord.status == DeliveryStatus.UNDELIVERABLE,
            )
            .order_by(DeliveryRecord.queued_at)
        )
    )


def list_of_request(tx: Transaction, request_id: str) -> list[DeliveryRecord]:
    """Every message of the request, the oldest first."""
    query = sa.select(DeliveryRecord).where(sa.text("request_id IS NOT NULL"), DeliveryRecord.request_id == request_id)
    return list(tx.session.scalars(query.order_by(DeliveryRecord.queued_at, DeliveryRecord.id)))


def list_undeliverable_of_request(tx: Transaction, request_id: str) -> list[DeliveryRecord]:
    """The request's messages that were given up, oldest first."""
    return [each for each in list_of_request(tx, request_id) if each.status == DeliveryStatus.UNDELIVERABLE]
