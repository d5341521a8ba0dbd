"""When a bill is told of next, worked out whenever its day, its status or what its person wants has changed."""

from hub.domain.bill import BillStatus
from hub.domain.bill_reminder import first_at
from hub.services.transaction import HubTransaction
from storage import bills
from storage.records import BillRecord


def is_owed(record: BillRecord) -> bool:
    """Whether anything is still to be paid of the bill."""
    return record.status in (BillStatus.OPEN, BillStatus.OVERDUE)


def plan(tx: HubTransaction, record: BillRecord) -> None:
    """The bill is looked at again when it is to be told next; never where nothing is owed, or nobody wants to know."""
    reminder = bills.reminder_of(tx, record)
    is_told = reminder is not None and is_owed(record)
    if reminder is None or not is_told:
        record.remind_at = None
        return
    record.remind_at = first_at(record.due_on, reminder.days_before, now=tx.now, hours=reminder.hours)
