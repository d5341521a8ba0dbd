"""What is counted for whoever watches over the hub, again and again: each question reads an index, and no further.

Nothing here grows with what is kept: what waits, what is open, and what came within a while. Of what a flood can bring
each question looks at `MOST` rows at the most, so that it costs no more than a busy day; what is open is counted whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.delivery import DeliveryStatus
from hub.domain.preferences import NoticeChannel
from storage.mails import PERHAPS_SENT
from storage.records import (
    AuditRecord,
    BankRecord,
    DeliveryRecord,
    EvidenceRecord,
    MailRecord,
    NegotiationRecord,
    ServiceRequestRecord,
)
from storage.records.negotiations import PAUSED, QUEUE_SQL
from storage.records.service_requests import OPEN_SQL
from storage.transaction import Transaction

MOST: Final = 100_000
# No mail that failed is tried again later than this.
_MAILS_TRIED_WITHIN: Final = timedelta(days=1)
_CHANNEL = sa.func.coalesce(MailRecord.channel, NoticeChannel.MAIL.value)


def _first_id(at: datetime) -> str:
    """What every id that was drawn at that time of the machine's clock, or later, sorts behind."""
    return f"{int(at.timestamp() * 1000):012x}"


def _some(query: sa.Select[*tuple[Any, ...]]) -> sa.Subquery:
    # A limit keeps SQLite from reading the whole of another index, in whose order it could group.
    return query.limit(MOST).subquery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Messages to one bank that came to the same: how many, and how many attempts they took so far."""

    bank_code: str
    status: str
    messages: int
    attempts: int


def deliveries_since(tx: Transaction, since: datetime) -> list[Sent]:
    """What has become so far of the messages that were queued since then, by the machine's clock."""
    table = DeliveryRecord
    newest = _some(
        sa.select(table.bank_code, table.status, table.attempts)
        .where(table.id >= _first_id(since))
        .order_by(table.id.desc())
    )
    query = sa.select(newest.c.bank_code, newest.c.status, sa.func.count(), sa.func.sum(newest.c.attempts)).group_by(
        newest.c.bank_code, newest.c.status
    )
    return [
        Sent(bank_code=code, status=status, messages=messages, attempts=int(attempts))
        for code, status, messages, attempts in tx.session.execute(query)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """What waits for one bank: since when the first of it has failed, and since when it should have been taken up."""

    messages: int
    failing_since: datetime | None
    due_since: datetime


def deliveries_waiting(tx: Transaction) -> dict[str, Unsent]:
    """What waits for each bank, by its code; banks for which nothing does are left out."""
    table = DeliveryRecord
    waiting = _some(
        sa.select(table.bank_code, table.first_tried_at, table.next_try_at)
        .where(sa.text("delivery.status = 'waiting'"))
        .order_by(table.next_try_at)
    )
    query = sa.select(
        waiting.c.bank_code,
        sa.func.count(),
        sa.func.min(waiting.c.first_tried_at),
        sa.func.min(waiting.c.next_try_at),
    ).group_by(waiting.c.bank_code)
    return {
        code: Unsent(messages=messages, failing_since=failing, due_since=due)
        for code, messages, failing, due in tx.session.execute(query)
    }


def deliveries_given_up(tx: Transaction) -> dict[str, int]:
    """How many messages to each bank were given up; banks without any are left out."""
    table = DeliveryRecord
    # The codes are named because the index begins with them.
    codes = sa.select(BankRecord.code)
    found = _some(
        sa.select(table.bank_code).where(table.bank_code.in_(codes), table.status == DeliveryStatus.UNDELIVERABLE.value)
    )
    return dict(tx.session.execute(sa.select(found.c.bank_code, sa.func.count()).group_by(found.c.bank_code)).all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Answers that one bank owes: those that are late, and those that are due by a given time and not late yet."""

    running: int
    due_soon: int
    late: int


def clocks(tx: Transaction, *, soon: datetime) -> dict[str, Owed]:
    """What each bank owes, in negotiations and in requests beside them; banks that owe nothing are left out."""
    found: dict[str, Owed] = {}
    for table, is_open in ((NegotiationRecord, QUEUE_SQL), (ServiceRequestRecord, OPEN_SQL)):
        late = table.due_at < tx.now
        query = (
            sa.select(
                table.bank_code,
                sa.func.count(),
                sa.func.count(sa.case((sa.and_(table.due_at < soon, sa.not_(late)), 1))),
                sa.func.count(sa.case((late, 1))),
            )
            .where(sa.text(is_open), table.due_at < PAUSED)
            .group_by(table.bank_code)
        )
        for code, running, due_soon, are_late in tx.session.execute(query):
            before = found.get(code, Owed(running=0, due_soon=0, late=0))
            found[code] = Owed(
                running=before.running + running, due_soon=before.due_soon + due_soon, late=before.late + are_late
            )
    return found


def open_requests(tx: Transaction) -> dict[str, int]:
    """How many requests beside negotiations are with their banks and not over, by kind."""
    table = ServiceRequestRecord
    query = sa.select(table.kind, sa.func.count()).where(sa.text(OPEN_SQL)).group_by(table.kind)
    return dict(tx.session.execute(query).all())


def mails_waiting(tx: Transaction) -> dict[str, tuple[int, datetime]]:
    """By channel how many mails and text messages are due and wait, and since when the first of them is due."""
    table = MailRecord
    due = _some(
        sa.select(_CHANNEL.label("channel"), table.not_before)
        .where(
            sa.text("mail.status = 'waiting'"),
            # In the order of the index: most that waits is for a day to come.
            table.next_try_at <= tx.now + _MAILS_TRIED_WITHIN,
            table.not_before <= tx.now,
        )
        .order_by(table.next_try_at)
    )
    query = sa.select(due.c.channel, sa.func.count(), sa.func.min(due.c.not_before)).group_by(due.c.channel)
    return {channel: (number, since) for channel, number, since in tx.session.execute(query)}


def mails_failed(tx: Transaction) -> dict[str, int]:
    """By channel how many mails and text messages were refused for good; not those that a restore holds."""
    refused = (sa.text("mail.status = 'failed'"), MailRecord.detail != PERHAPS_SENT)
    failed = _some(sa.select(_CHANNEL.label("channel")).where(*refused))
    return dict(tx.session.execute(sa.select(failed.c.channel, sa.func.count()).group_by(failed.c.channel)).all())


def verdicts_since(tx: Transaction, since: datetime) -> list[tuple[str, str, int]]:
    """(status, reason, files) of what was uploaded since then by the machine's clock; no reason is empty."""
    table = EvidenceRecord
    newest = _some(
        sa.select(table.status, sa.func.coalesce(table.reason, "").label("reason"))
        .where(table.id >= _first_id(since))
        .order_by(table.id.desc())
    )
    query = sa.select(newest.c.status, newest.c.reason, sa.func.count()).group_by(newest.c.status, newest.c.reason)
    return [(status, reason, files) for status, reason, files in tx.session.execute(query)]


def audited_since(tx: Transaction, kinds: Sequence[str], since: datetime) -> dict[str, int]:
    """How many lines of each of these kinds the audit has from since then; kinds without any are left out."""
    table = AuditRecord
    newest = _some(sa.select(table.kind).where(table.at >= since).order_by(table.at.desc()))
    query = sa.select(newest.c.kind, sa.func.count()).where(newest.c.kind.in_(kinds)).group_by(newest.c.kind)
    return dict(tx.session.execute(query).all())
