"""The outbox: mails and text messages written with their cause, taken by one worker at a time, and their fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from hub.domain.preferences import NoticeChannel
from storage.database import adding_once
from storage.records import BankRecord, MailRecord, Record, new_id
from storage.transaction import Transaction

_ADD = adding_once(
    Record.metadata.tables["mail"],
    "id", "key", "negotiation_id", "bank_code", "kind", "reader", "channel", "staff_id", "about_id", "tells",
    "message_id", "status", "not_before", "next_try_at", "attempts", "planned_at", "detail",
    by=("key",),
)  # fmt: skip


PERHAPS_SENT = "restored from a backup: perhaps sent before"


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
    # Those to whom the supervisors answer: the administrators, or the supervisors where the bank has none. Taken apart.
    MANAGERS = "managers"
    # Everybody at the bank whom it concerns; taken apart.
    EVERYBODY = "everybody"
    # One person at the bank: the owner of a case, a lead of the owner's team, who is to enrol.
    COLLEAGUE = "colleague"
    CARDHOLDER = "cardholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMail:
    """A mail that shall be in the outbox. `needed` is False for a step that was missed, which is kept as such.

    `channel` None: how it goes is asked when its time has come, and then it may be a mail, a text message, or both.
    """

    key: str
    kind: str
    reader: Reader
    negotiation_id: str | None
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


def sent_to(tx: Transaction, mail: MailRecord, kinds: Sequence[str], *, after: datetime, limit: int) -> list[datetime]:
    """When the messages of those kinds went out that the mail's reader was sent after then, the newest first."""
    sent_at = sa.func.max(MailRecord.sent_at)
    query = (
        sa.select(sent_at)
        .where(
            sa.text("status = 'sent' AND reader <> 'cardholder'"),
            MailRecord.bank_code == mail.bank_code,
            MailRecord.reader == mail.reader,
            MailRecord.sent_at > after,
            MailRecord.staff_id.is_not_distinct_from(mail.staff_id),
            MailRecord.kind.in_(kinds),
        )
        .group_by(MailRecord.message_id)
        .order_by(sent_at.desc())
        .limit(limit)
    )
    return [at for at in tx.session.scalars(query) if at is not None]


def banks_without(tx: Transaction, kind: str, step: str) -> list[str]:
    """Codes of the banks for which no mail `kind:code:step` was ever put in."""
    key = sa.literal(f"{kind}:") + BankRecord.code + sa.literal(f":{step}")
    there = sa.exists().where(MailRecord.key == key)
    return list(tx.session.scalars(sa.select(BankRecord.code).where(~there).order_by(BankRecord.code)))


def waiting_to(tx: Transaction, staff_id: str, kind: str) -> list[MailRecord]:
    """The mails of that kind that wait for that account, locked."""
    query = sa.select(MailRecord).where(
        sa.text("status = 'waiting'"), MailRecord.staff_id == staff_id, MailRecord.kind == kind
    )
    return list(tx.session.scalars(query.with_for_update()))


def find_by_key(tx: Transaction, key: str) -> MailRecord | None:
    """The mail of that key."""
    return tx.session.scalar(sa.select(MailRecord).where(MailRecord.key == key))


def get_mail(tx: Transaction, mail_id: str) -> MailRecord:
    """The mail of that id, which there must be."""
    return tx.session.get_one(MailRecord, mail_id)


def find_mail(tx: Transaction, mail_id: str) -> MailRecord | None:
    """The mail of that id."""
    return tx.session.get(MailRecord, mail_id)


def settle(tx: Transaction, mail: MailRecord, status: MailStatus, detail: str | None = None) -> None:
    """The mail waits no longer, and `status` says why. Sending counts as an attempt."""
    mail.status = status
    mail.held_until = None
    mail.token_sealed = None
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


def send_again(tx: Transaction, mail_id: str) -> MailRecord | None:
    """A mail that was refused for good waits to be sent again; None where it is no such mail."""
    mail = tx.session.get(MailRecord, mail_id, with_for_update=True)
    if mail is None or mail.status != MailStatus.FAILED:
        return None
    mail.status = MailStatus.WAITING
    mail.next_try_at = tx.now
    mail.held_until = None
    mail.attempts = 0
    return mail


def drop(tx: Transaction, negotiation_id: str) -> None:
    """Nobody is told any more what waits to be told of the negotiation."""
    tx.session.execute(
        sa.update(MailRecord)
        .where(MailRecord.negotiation_id == negotiation_id, MailRecord.status == MailStatus.WAITING)
        .values(status=MailStatus.NOT_NEEDED, detail="erased", held_until=None, token_sealed=None)
    )


def hold_due(tx: Transaction) -> int:
    """What a restored hub may have sent after its backup is sent by nobody unless an operator says so.

    They stand among those that failed. What is due later waits on. Gives how many are held.
    """
    due = (MailRecord.status == MailStatus.WAITING, MailRecord.next_try_at <= tx.now)
    ids = list(tx.session.scalars(sa.select(MailRecord.id).where(*due)))
    for start in range(0, len(ids), 500):
        some = MailRecord.id.in_(ids[start : start + 500])
        tx.session.execute(sa.update(MailRecord).where(some).values(status=MailStatus.FAILED, detail=PERHAPS_SENT))
    return len(ids)


def list_failed(tx: Transaction) -> list[MailRecord]:
    """The newest 200 mails that were refused for good, newest first."""
    query = sa.select(MailRecord).where(sa.text("status = 'failed'"))
    return list(tx.session.scalars(query.order_by(MailRecord.id.desc()).limit(200)))


def list_of(tx: Transaction, negotiation_id: str) -> list[MailRecord]:
    """All mails of the negotiation, in the order they were planned."""
    return list(
        tx.session.scalars(
            sa.select(MailRecord).where(MailRecord.negotiation_id == negotiation_id).order_by(MailRecord.id)
        )
    )
