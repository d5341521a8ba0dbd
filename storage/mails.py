"""The outbox: mails and text messages written with their cause, taken by one worker at a time, and their fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from hub.domain.preferences import NoticeChannel
from storage.records import MailRecord, Record, new_id
from storage.transaction import Transaction

_MAILS = Record.metadata.tables["mail"]


def _added_once(*names: str) -> sa.TextClause:
    # Both databases spell it alike, and what is written out is compiled once; SQLAlchemy's own form of it each time.
    columns, values = ", ".join(names), ", ".join(f":{name}" for name in names)
    text = f"INSERT INTO mail ({columns}) VALUES ({values}) ON CONFLICT (key) DO NOTHING"  # noqa: S608 - names of ours
    return sa.text(text).bindparams(*(sa.bindparam(name, type_=_MAILS.c[name].type) for name in names))


_ADD = _added_once(
    "id", "key", "negotiation_id", "bank_code", "kind", "reader", "channel", "staff_id", "about_id", "tells",
    "message_id", "status", "not_before", "next_try_at", "attempts", "planned_at", "detail",
)  # fmt: skip


class MailStatus(StrEnum):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"  # a mail server took it, or its file is written
    FAILED = "failed"  # refused for good; an operator and the bank's own administrator see it
    NOT_NEEDED = "not_needed"  # overtaken by what happened, or nobody is there to read it


class Reader(StrEnum):
    """Who reads a mail, as a rule that is followed when it is sent."""

    DESK = "desk"
    # Every supervisor of the bank: taken apart at the sending into one mail each.
    SUPERVISORS = "supervisors"
    SUPERVISOR = "supervisor"
    # Whoever may approve the next level of an offer: taken apart in the same way.
    APPROVERS = "approvers"
    # Whoever wrote the offer that the mail speaks of.
    MAKER = "maker"
    # One of the bank's administrators.
    BANK_ADMIN = "bank_admin"
    CARDHOLDER = "cardholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A mail that shall be in the outbox. `needed` is False for a step that was missed, which is kept as such.

    `channel` None: how it goes is asked when its time has come, and then it may be a mail, a text message, or both.
    """

    key: str
    kind: str
    reader: Reader
    negotiation_id: str
    bank_code: str
    about_id: str
    not_before: datetime
    tells: datetime | None = None
    channel: NoticeChannel | None = NoticeChannel.MAIL
    staff_id: str | None = None
    needed: bool = True


def add(tx: Transaction, mails: Sequence[NewMail], *, domain: str) -> None:
    """Each mail is in the outbox; one whose key is there already changes nothing. `domain` ends the Message-IDs."""
    if not mails:
        return
    tx.session.execute(_ADD, [_row(tx, mail, domain) for mail in mails])


def _row(tx: Transaction, mail: NewMail, domain: str) -> dict[str, object]:
    mail_id = new_id()
    return {
        "id": mail_id,
        "key": mail.key,
        "negotiation_id": mail.negotiation_id,
        "bank_code": mail.bank_code,
        "kind": mail.kind,
        "reader": mail.reader,
        "channel": mail.channel,
        "staff_id": mail.staff_id,
        "about_id": mail.about_id,
        "tells": mail.tells,
        "message_id": f"<{mail_id}@{domain}>",
        "status": MailStatus.WAITING if mail.needed else MailStatus.NOT_NEEDED,
        "not_before": mail.not_before,
        "next_try_at": mail.not_before,
        "attempts": 0,
        "planned_at": tx.now,
        "detail": None if mail.needed else "missed",
    }


def _waiting(real_now: datetime) -> sa.Select[MailRecord]:
    free = sa.or_(MailRecord.held_until.is_(None), MailRecord.held_until <= real_now)
    return sa.select(MailRecord).where(sa.text("status = 'waiting'"), free)


def _due(tx: Transaction, channel: NoticeChannel | None, real_now: datetime) -> sa.Select[MailRecord]:
    return _waiting(real_now).where(MailRecord.next_try_at <= tx.now, MailRecord.channel.is_not_distinct_from(channel))


def take_due(
    tx: Transaction, channel: NoticeChannel | None, *, limit: int, real_now: datetime, held_until: datetime | None
) -> list[MailRecord]:
    """Waiting mails of that channel that are due, the longest due first.

    Nobody else takes them before `held_until` of real time; None where all is done with them in this transaction.
    """
    query = _due(tx, channel, real_now).order_by(MailRecord.next_try_at, MailRecord.id).limit(limit)
    return _held(tx, query, held_until)


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


def _held(tx: Transaction, query: sa.Select[MailRecord], held_until: datetime | None) -> list[MailRecord]:
    due = list(tx.session.scalars(query.with_for_update(skip_locked=True)))
    for mail in due:
        mail.held_until = held_until
    return due


def any_due(tx: Transaction, channel: NoticeChannel | None, *, real_now: datetime) -> bool:
    """Whether `take_due` would find a mail; asked first, because most of the time there is none."""
    return tx.session.scalar(_due(tx, channel, real_now).with_only_columns(MailRecord.id).limit(1)) is not None


def get_mail(tx: Transaction, mail_id: str) -> MailRecord:
    """The mail of that id, which there must be."""
    return tx.session.get_one(MailRecord, mail_id)


def find_mail(tx: Transaction, mail_id: str) -> MailRecord | None:
    """The mail of that id."""
    return tx.session.get(MailRecord, mail_id)


def let_go(tx: Transaction, mail_ids: Sequence[str]) -> None:
    """The mails wait as they did before they were taken."""
    if mail_ids:
        tx.session.execute(sa.update(MailRecord).where(MailRecord.id.in_(mail_ids)).values(held_until=None))


def settle(tx: Transaction, mail: MailRecord, status: MailStatus, detail: str | None = None) -> None:
    """The mail waits no longer, and `status` says why. Sending counts as an attempt."""
    mail.status = status
    mail.held_until = None
    mail.detail = None if detail is None else detail[:300]
    if status == MailStatus.SENT:
        mail.sent_at = tx.now
    if status != MailStatus.NOT_NEEDED:
        mail.attempts += 1


def came_back(tx: Transaction, message_id: str, *, bank_code: str, detail: str) -> bool:
    """What that message told, which a server had taken, was not received; false where nothing of it was sent."""
    sent = tx.session.scalars(
        sa.select(MailRecord)
        .where(
            MailRecord.bank_code == bank_code,
            MailRecord.message_id == message_id,
            MailRecord.status == MailStatus.SENT,
        )
        .with_for_update()
    ).all()
    for mail in sent:
        mail.status = MailStatus.FAILED
        mail.detail = detail[:300]
    return bool(sent)


def try_again(mail: MailRecord, *, at: datetime, detail: str) -> None:
    """One attempt failed; the next comes at `at`."""
    mail.attempts += 1
    mail.next_try_at = at
    mail.held_until = None
    mail.detail = detail[:300]


def postpone(mail: MailRecord, *, at: datetime) -> None:
    """The mail waits until `at`, without an attempt."""
    mail.next_try_at = at
    mail.held_until = None


def list_failed(tx: Transaction, *, bank_code: str | None = None, limit: int = 200) -> list[MailRecord]:
    """Mails that were refused for good, the newest first; of one bank alone where `bank_code` names it."""
    query = sa.select(MailRecord).where(sa.text("status = 'failed'"))
    if bank_code is not None:
        query = query.where(MailRecord.bank_code == bank_code)
    return list(tx.session.scalars(query.order_by(MailRecord.id.desc()).limit(limit)))


def list_of(tx: Transaction, negotiation_id: str) -> list[MailRecord]:
    """All mails of the negotiation, in the order they were planned."""
    return list(
        tx.session.scalars(
            sa.select(MailRecord).where(MailRecord.negotiation_id == negotiation_id).order_by(MailRecord.id)
        )
    )
