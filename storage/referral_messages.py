"""What partners are told of referrals, how far the telling got, and the answers that were taken."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import orm

from hub.domain.plain import canonical
from hub.domain.referral import MessageKind
from storage.database import added
from storage.records import ReferralAnswerRecord, ReferralMessageRecord, new_id
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE, _COLUMN = "referral_message", "body"


class TellingStatus(StrEnum):
    """How far a message to a partner got."""

    WAITING = "waiting"
    TOLD = "told"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"  # the consent was taken back, or the time was over, before it was told


def add(tx: Transaction, *, referral_id: str, partner_code: str, kind: MessageKind, data: object) -> str:
    """The message waits, its bytes frozen; gives its id."""
    message_id = new_id()
    tx.session.add(
        ReferralMessageRecord(
            id=message_id,
            referral_id=referral_id,
            partner_code=partner_code,
            kind=kind,
            status=TellingStatus.WAITING,
            body_sealed=tx.keyring.seal(canonical(data), table=_TABLE, column=_COLUMN, row=message_id),
            attempts=0,
            queued_at=tx.now,
            next_try_at=tx.now,
        )
    )
    tx.session.flush()
    return message_id


def find(tx: Transaction, message_id: str, *, lock: bool = False) -> ReferralMessageRecord | None:
    """The message of that id."""
    return tx.session.get(ReferralMessageRecord, message_id, with_for_update=lock, populate_existing=lock)


def body_of(tx: Transaction, record: ReferralMessageRecord) -> bytes:
    """The bytes that are sent; raises `ValueError` once they are gone."""
    if record.body_sealed is None:
        raise ValueError("the body of a settled message is gone")
    return tx.keyring.open(record.body_sealed, table=_TABLE, column=_COLUMN, row=record.id)


def settle(record: ReferralMessageRecord, status: TellingStatus, *, at: datetime, detail: str = "") -> None:
    """The message needs no more sending, and nothing of what it said is kept."""
    record.status = status
    record.body_sealed = record.next_try_at = None
    record.settled_at = at
    record.detail = detail[:300] or None


def try_again(record: ReferralMessageRecord, *, at: datetime, wait: timedelta, detail: str) -> None:
    """One attempt failed; the next one comes after `wait`."""
    record.next_try_at = at + wait
    record.detail = detail[:300]


def cancel_handover(tx: Transaction, referral_id: str) -> None:
    """What waits to be handed over of the referral is not handed over any more."""
    waiting = sa.select(ReferralMessageRecord).where(
        ReferralMessageRecord.referral_id == referral_id,
        ReferralMessageRecord.kind == MessageKind.HANDED_OVER,
        ReferralMessageRecord.status == TellingStatus.WAITING,
    )
    for record in tx.session.scalars(waiting.with_for_update()):
        settle(record, TellingStatus.CANCELLED, at=tx.now)
    tx.session.flush()


def list_due(tx: Transaction, at: datetime, limit: int, *, partners: Collection[str]) -> list[str]:
    """Ids of messages to these partners whose next attempt is due, the oldest of each referral alone."""
    older = orm.aliased(ReferralMessageRecord)
    has_older = sa.exists().where(
        older.referral_id == ReferralMessageRecord.referral_id,
        older.status == TellingStatus.WAITING,
        older.id < ReferralMessageRecord.id,
    )
    query = (
        sa.select(ReferralMessageRecord.id)
        .where(
            sa.text("referral_message.status = 'waiting'"),
            ReferralMessageRecord.next_try_at <= at,
            ReferralMessageRecord.partner_code.in_(partners),
            ~has_older,
        )
        .order_by(ReferralMessageRecord.next_try_at, ReferralMessageRecord.id)
        .limit(limit)
    )
    return list(tx.session.scalars(query))


def waiting_counts(tx: Transaction) -> dict[str, int]:
    """How many messages wait for each partner after an attempt that failed."""
    query = sa.select(ReferralMessageRecord.partner_code, sa.func.count()).where(
        ReferralMessageRecord.status == TellingStatus.WAITING, ReferralMessageRecord.attempts > 0
    )
    return {row[0]: row[1] for row in tx.session.execute(query.group_by(ReferralMessageRecord.partner_code))}


def given_up_counts(tx: Transaction) -> dict[str, int]:
    """How many messages to each partner were given up."""
    query = sa.select(ReferralMessageRecord.partner_code, sa.func.count()).where(
        ReferralMessageRecord.status == TellingStatus.GIVEN_UP
    )
    return {row[0]: row[1] for row in tx.session.execute(query.group_by(ReferralMessageRecord.partner_code))}


def take_answer(tx: Transaction, *, partner_code: str, event_id: str, referral_id: str, digest: str) -> str | None:
    """The answer is noted under its id; the digest of what was noted before where there was one."""
    record = ReferralAnswerRecord(
        partner_code=partner_code, event_id=event_id, referral_id=referral_id, digest=digest, applied_at=tx.now
    )
    before = tx.session.get(ReferralAnswerRecord, (partner_code, event_id))
    if before is not None:
        return before.digest
    if not added(tx.session, record):
        found = tx.session.get(ReferralAnswerRecord, (partner_code, event_id), populate_existing=True)
        return "" if found is None else found.digest
    return None


def list_disagreeing(tx: Transaction, span: Span = WHOLE) -> list[tuple[str, str]]:
    """(id, what is wrong) of each message that keeps words after its end, or lost them before."""
    table = ReferralMessageRecord
    is_waiting = table.status == TellingStatus.WAITING
    wrong = (
        ("its words outlive its end", ~is_waiting & table.body_sealed.is_not(None)),
        ("it waits without words", is_waiting & table.body_sealed.is_(None)),
    )
    return [
        (id_, detail)
        for detail, condition in wrong
        for id_ in tx.session.scalars(sa.select(table.id).where(condition, *span.of(table.id)).order_by(table.id))
    ]
