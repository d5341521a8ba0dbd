"""What an operator looks for over all banks: messages that are stuck, clocks, and how many there are of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from hub.domain.delivery import DeliveryStatus
from hub.domain.preferences import NoticeChannel
from storage.bounded_counts import count_up_to
from storage.clocks import RUNNING
from storage.mails import MailStatus
from storage.records import BankRecord, ClockRecord, DeliveryRecord, MailRecord, NegotiationRecord, ServiceRequestRecord
from storage.transaction import Transaction

# A message that nobody took up this long after it was due waits for a worker that is not there.
NOT_TAKEN_UP = timedelta(minutes=2)

_NEWEST = 50
_WAITING = sa.text("delivery.status = 'waiting'")
# What a message is about, as people call it.
_REFERENCE = sa.func.coalesce(NegotiationRecord.reference, ServiceRequestRecord.reference)
# In what order an index has the mails of a status.
_BY_INDEX = {
    MailStatus.FAILED: (MailRecord.bank_code, MailRecord.id),
    MailStatus.WAITING: (MailRecord.bank_code, MailRecord.next_try_at, MailRecord.id),
    MailStatus.SENT: (MailRecord.id.desc(),),
}
IS_PAUSED = sa.and_(ClockRecord.paused_on.is_not(None), ClockRecord.resumed_on.is_(None))


def _given_up() -> tuple[sa.ColumnElement[bool], ...]:
    # The codes are named because the index begins with them.
    codes = sa.select(BankRecord.code)
    return DeliveryRecord.bank_code.in_(codes), DeliveryRecord.status == DeliveryStatus.UNDELIVERABLE


def _held_up(at: datetime) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    late = DeliveryRecord.next_try_at <= at - NOT_TAKEN_UP
    return _WAITING, sa.or_(DeliveryRecord.attempts > 0, late)


def list_given_up(tx: Transaction, limit: int) -> list[tuple[DeliveryRecord, str]]:
    """Messages that were given up, each with the reference of what it is about; the oldest first."""
    return _with_references(tx, _given_up(), limit)


def list_held_up(tx: Transaction, at: datetime, limit: int) -> list[tuple[DeliveryRecord, str]]:
    """Messages that failed before or were not taken up in time and are tried again, each with the reference."""
    return _with_references(tx, _held_up(at), limit)


def _with_references(
    tx: Transaction, which: Sequence[sa.ColumnElement[bool] | sa.TextClause], limit: int
) -> list[tuple[DeliveryRecord, str]]:
    query = (
        sa.select(DeliveryRecord, _REFERENCE)
        .outerjoin(NegotiationRecord, NegotiationRecord.id == DeliveryRecord.negotiation_id)
        .outerjoin(ServiceRequestRecord, ServiceRequestRecord.id == DeliveryRecord.request_id)
        .where(*which)
        .order_by(DeliveryRecord.queued_at, DeliveryRecord.id)
        .limit(limit)
    )
    return [(record, reference) for record, reference in tx.session.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The messages to one bank that have failed and are tried again, and since when the first of them fails."""

    messages: int
    since: datetime


def failing_since(tx: Transaction) -> dict[str, Failing]:
    """What fails at each bank, by its code; banks at which nothing does are left out."""
    query = sa.select(DeliveryRecord.bank_code, DeliveryRecord.first_tried_at).where(
        _WAITING, DeliveryRecord.attempts > 0
    )
    # Grouped here: to group, SQLite would read every message there ever was instead of those that wait.
    tried: dict[str, list[datetime]] = {}
    for code, since in tx.session.execute(query):
        if since is not None:
            tried.setdefault(code, []).append(since)
    return {code: Failing(messages=len(each), since=min(each)) for code, each in tried.items()}


def count_unsent(tx: Transaction) -> dict[str, tuple[int, int]]:
    """(messages that wait, messages given up) by bank; banks without any are left out."""
    found: dict[str, dict[str, int]] = {}
    for code, status, number in tx.session.execute(
        sa.select(DeliveryRecord.bank_code, DeliveryRecord.status, sa.func.count())
        .where(DeliveryRecord.status.in_((DeliveryStatus.WAITING, DeliveryStatus.UNDELIVERABLE)))
        .group_by(DeliveryRecord.bank_code, DeliveryRecord.status)
    ):
        found.setdefault(code, {})[status] = number
    kinds = (DeliveryStatus.WAITING, DeliveryStatus.UNDELIVERABLE)
    return {code: (of.get(kinds[0], 0), of.get(kinds[1], 0)) for code, of in found.items()}


def last_arrival(tx: Transaction, bank_code: str) -> datetime | None:
    """When the bank last took one of its newest messages; None where it took none yet."""
    arrived = (DeliveryRecord.bank_code == bank_code, DeliveryRecord.status == DeliveryStatus.DELIVERED)
    # Of the newest alone, along the index of the ids: a bank has a great many.
    newest = sa.select(DeliveryRecord.delivered_at).where(*arrived).order_by(DeliveryRecord.id.desc()).limit(_NEWEST)
    return max((at for at in tx.session.scalars(newest) if at is not None), default=None)


def waiting_of(tx: Transaction, reference: str) -> list[DeliveryRecord]:
    """The messages that wait of the negotiation or request with this id or reference, the oldest first."""
    tables = (NegotiationRecord, ServiceRequestRecord)
    named = sa.or_(*(sa.or_(table.id == reference, table.reference == reference) for table in tables))
    query = (
        sa.select(DeliveryRecord)
        .outerjoin(NegotiationRecord, NegotiationRecord.id == DeliveryRecord.negotiation_id)
        .outerjoin(ServiceRequestRecord, ServiceRequestRecord.id == DeliveryRecord.request_id)
        .where(named, DeliveryRecord.status == DeliveryStatus.WAITING)
        .order_by(DeliveryRecord.queued_at, DeliveryRecord.id)
    )
    return list(tx.session.scalars(query))


def count_given_up(tx: Transaction) -> int:
    """How many messages were given up."""
    return tx.session.scalar(sa.select(sa.func.count(DeliveryRecord.id)).where(*_given_up())) or 0


def count_held_up(tx: Transaction, at: datetime) -> int:
    """How many messages failed before or were not taken up in time, and are tried again."""
    return tx.session.scalar(sa.select(sa.func.count(DeliveryRecord.id)).where(*_held_up(at))) or 0


def count_failed_mails(tx: Transaction) -> int:
    """How many mails were refused for good."""
    return tx.session.scalar(sa.select(sa.func.count(MailRecord.id)).where(sa.text("status = 'failed'"))) or 0


def list_mails(
    tx: Transaction, status: MailStatus, *, is_text_message: bool | None, after: str | None, limit: int
) -> list[MailRecord]:
    """Mails of that status behind the id `after`, the newest first; text messages alone, none, or both."""
    query = sa.select(MailRecord).where(*_mails(status, is_text_message))
    if after is not None:
        query = query.where(MailRecord.id < after)
    return list(tx.session.scalars(query.order_by(MailRecord.id.desc()).limit(limit)))


def count_mails(tx: Transaction, status: MailStatus, *, is_text_message: bool | None, most: int) -> int:
    """How many there are of that status; no further than `most`."""
    found = sa.select(MailRecord.id).where(*_mails(status, is_text_message))
    return tx.session.scalar(count_up_to(most, found, *_BY_INDEX[status])) or 0


def _mails(status: MailStatus, is_text_message: bool | None) -> list[sa.TextClause]:
    # In the words of the partial indexes.
    which = [sa.text(f"status = '{MailStatus(status).value}'")]
    if is_text_message is not None:
        sms = NoticeChannel.SMS.value
        which.append(sa.text(f"channel = '{sms}'" if is_text_message else f"(channel IS NULL OR channel <> '{sms}')"))
    return which


def try_now(tx: Transaction, delivery_id: str) -> DeliveryRecord | None:
    """The next attempt of a waiting message is due now; None where the message does not wait."""
    record = tx.session.get(DeliveryRecord, delivery_id, with_for_update=True)
    if record is None or record.status != DeliveryStatus.WAITING:
        return None
    record.next_try_at = tx.now
    return record


def list_clocks(
    tx: Transaction, *, late_at: datetime | None, after: tuple[datetime, str] | None, limit: int | None
) -> list[tuple[ClockRecord, str]]:
    """Running clocks with their references, the one due first at the front; only late ones where `late_at` is named.

    All of them without a `limit`.
    """
    query = (
        sa.select(ClockRecord, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == ClockRecord.negotiation_id)
        .where(*RUNNING)
        .order_by(ClockRecord.due_at, ClockRecord.id)
        .limit(limit)
    )
    if late_at is not None:
        query = query.where(ClockRecord.due_at < late_at, sa.not_(IS_PAUSED))
    if after is not None:
        due_at, id_ = after
        behind = sa.and_(ClockRecord.due_at == due_at, ClockRecord.id > id_)
        query = query.where(sa.or_(ClockRecord.due_at > due_at, behind))
    return [(clock, reference) for clock, reference in tx.session.execute(query)]


def references_of(tx: Transaction, negotiation_ids: Sequence[str]) -> dict[str, str]:
    """The references of the negotiations with these ids; ids of other things are left out."""
    query = sa.select(NegotiationRecord.id, NegotiationRecord.reference).where(
        NegotiationRecord.id.in_(negotiation_ids)
    )
    return dict(tx.session.execute(query).all())


def references_of_deliveries(tx: Transaction, delivery_ids: Sequence[str]) -> dict[str, str]:
    """The references of the negotiations and requests that the messages with these ids belong to."""
    query = (
        sa.select(DeliveryRecord.id, _REFERENCE)
        .outerjoin(NegotiationRecord, NegotiationRecord.id == DeliveryRecord.negotiation_id)
        .outerjoin(ServiceRequestRecord, ServiceRequestRecord.id == DeliveryRecord.request_id)
        .where(DeliveryRecord.id.in_(delivery_ids))
    )
    return dict(tx.session.execute(query).all())
