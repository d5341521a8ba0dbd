"""Waiting mails whose time has come: taken by one worker at a time, or let go again.

Whoever asks names the `kinds` it can write: a release before may run beside the one that knows more of them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.preferences import NoticeChannel
from storage.records import MailRecord
from storage.transaction import Transaction


def _waiting(real_now: datetime) -> sa.Select[MailRecord]:
    free = sa.or_(MailRecord.held_until.is_(None), MailRecord.held_until <= real_now)
    return sa.select(MailRecord).where(sa.text("status = 'waiting'"), free)


def _due(
    tx: Transaction, channel: NoticeChannel | None, kinds: Collection[str], real_now: datetime
) -> sa.Select[MailRecord]:
    return _waiting(real_now).where(
        MailRecord.next_try_at <= tx.now,
        MailRecord.channel.is_not_distinct_from(channel),
        MailRecord.kind.in_(kinds),
    )


def list_due(
    tx: Transaction, channel: NoticeChannel | None, kinds: Collection[str], *, limit: int, real_now: datetime
) -> list[MailRecord]:
    """Waiting mails of that channel and those kinds that are due, the longest due first."""
    query = _due(tx, channel, kinds, real_now).order_by(MailRecord.next_try_at, MailRecord.id)
    return list(tx.session.scalars(query.limit(limit)))


def take_due(
    tx: Transaction,
    channel: NoticeChannel | None,
    kinds: Collection[str],
    *,
    limit: int,
    real_now: datetime,
    held_until: datetime | None,
    among: Sequence[str] | None = None,
) -> list[MailRecord]:
    """The same, taken: nobody else takes them before `held_until` of real time; `among` names those that may be.

    `held_until` is None where all is done with them in this transaction.
    """
    query = _due(tx, channel, kinds, real_now).order_by(MailRecord.next_try_at, MailRecord.id).limit(limit)
    return _held(tx, query if among is None else query.where(MailRecord.id.in_(among)), held_until)


def take_due_like(
    tx: Transaction, mail: MailRecord, kinds: Sequence[str], *, real_now: datetime, held_until: datetime
) -> list[MailRecord]:
    """The other waiting mails of those kinds whose time has come, for the same reader at the same bank, taken too.

    One that was put off goes along, since the reader is being written to anyway.
    """
    query = _waiting(real_now).where(
        MailRecord.not_before <= tx.now,
        MailRecord.bank_code == mail.bank_code,
        MailRecord.reader == mail.reader,
        MailRecord.staff_id.is_not_distinct_from(mail.staff_id),
        MailRecord.kind.in_(kinds),
    )
    return _held(tx, query.order_by(MailRecord.next_try_at, MailRecord.id), held_until)


def latest_like(tx: Transaction, mail: MailRecord) -> datetime:
    """From when the last waiting mail of that kind to the same reader at the same bank may go out; `mail` is one."""
    query = sa.select(sa.func.max(MailRecord.not_before)).where(
        sa.text("status = 'waiting'"),
        MailRecord.bank_code == mail.bank_code,
        MailRecord.reader == mail.reader,
        MailRecord.staff_id.is_not_distinct_from(mail.staff_id),
        MailRecord.kind == mail.kind,
    )
    return tx.session.scalar(query) or mail.not_before


def _held(tx: Transaction, query: sa.Select[MailRecord], held_until: datetime | None) -> list[MailRecord]:
    due = list(tx.session.scalars(query.with_for_update(skip_locked=True)))
    for mail in due:
        mail.held_until = held_until
    return due


def any_due(tx: Transaction, channel: NoticeChannel | None, kinds: Collection[str], *, real_now: datetime) -> bool:
    """Whether `take_due` would find a mail; asked first, because most of the time there is none."""
    return tx.session.scalar(_due(tx, channel, kinds, real_now).with_only_columns(MailRecord.id).limit(1)) is not None


def let_go(tx: Transaction, mail_ids: Sequence[str]) -> None:
    """The mails wait as they did before they were taken."""
    if mail_ids:
        tx.session.execute(sa.update(MailRecord).where(MailRecord.id.in_(mail_ids)).values(held_until=None))
