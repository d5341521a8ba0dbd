"""Reminders of bills: chosen by the person a bill, planned by its day, put into the outbox once a stage and day."""

from datetime import time

from hub.domain.bill_reminder import BillReminder, next_at, stage_due
from hub.domain.china import china_instant
from hub.domain.plain import Plain, instant
from hub.mail.kinds import MailKind
from hub.services.accounts.subjects import Subject
from hub.services.bills import bills, reminding
from hub.services.notifications.outbox import put
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import bills as rows
from storage.mails import NewMail, Reader
from storage.records import BillRecord


def choose(tx: HubTransaction, subject: Subject, bill_id: str, reminder: BillReminder) -> BillRecord:
    """The person is told of the bill as they chose; without days, no more. Raises `BillNotYours`.

    A row of an agreement has reminders of its own.
    """
    record = bills.find_own(tx, subject, bill_id)
    rows.set_reminder(tx, record, reminder if reminder.days_before else None)
    reminding.plan(tx, record)
    return record


def tell(tx: HubTransaction, bill_id: str) -> None:
    """The person is told of what is due of the bill and was not told before; a second call does nothing."""
    record = rows.lock(tx, bill_id)
    if record is None or record.remind_at is None or record.remind_at > tx.now:
        return
    reminder = rows.reminder_of(tx, record)
    if reminder is None or not reminding.is_owed(record):
        record.remind_at = None
        return
    days = stage_due(record.due_on, reminder.days_before, since=record.remind_at, now=tx.now, hours=reminder.hours)
    if days is not None:
        put(tx, _mail(tx, record, reminder, days))
        reached("bill.told")
    record.remind_at = next_at(record.due_on, reminder.days_before, after=tx.now, hours=reminder.hours)


def _mail(tx: HubTransaction, record: BillRecord, reminder: BillReminder, days: int) -> NewMail:
    return NewMail(
        # The bill, the stage and the day: each is told once ever, and a day that was moved is told anew.
        key=f"bill:{record.id}:{days}:{record.due_on:%Y%m%d}",
        kind=MailKind.BILL_DUE if days else MailKind.BILL_DUE_TODAY,
        reader=Reader.CARDHOLDER,
        channel=reminder.channel,
        negotiation_id=None,
        bank_code=record.bank_code,
        about_id=record.id,
        tells=china_instant(record.due_on, time()),
        not_before=reminder.hours.next_slot(tx.now),
    )


def view(tx: HubTransaction, record: BillRecord) -> Plain:
    """What was chosen for the bill, and when it is told next."""
    reminder = rows.reminder_of(tx, record)
    return {
        "bill_id": record.name,
        "days_before": [] if reminder is None else list(reminder.days_before),
        "channel": None if reminder is None else reminder.channel,
        "hours": None if reminder is None else reminder.hours,
        "next_at": None if record.remind_at is None else instant(record.remind_at),
    }
