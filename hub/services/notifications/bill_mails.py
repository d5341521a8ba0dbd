"""What is told of a bill: that something falls due, and where to look. Neither bank nor sum nor card stands in it.

Such a mail is about no negotiation: its address is the one that the person chose with the reminder.
"""

from hub.domain.bill import BillStatus
from hub.domain.china import china_day
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.mail.sms_words import words_beside
from hub.services.notifications.mail_outcome import Settled
from hub.services.transaction import HubTransaction
from storage import bills
from storage.mails import MailStatus
from storage.records import BillRecord, MailRecord

_NOT_WANTED = Settled(status=MailStatus.NOT_NEEDED, detail="the person wants no reminder of it")


def still_matters(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether the bill is still there and owed, on the day that the mail tells, which has not passed."""
    record = tx.session.get(BillRecord, mail.about_id)
    if record is None or mail.tells is None or record.status not in (BillStatus.OPEN, BillStatus.OVERDUE):
        return False
    return china_day(mail.tells) == record.due_on >= china_day(tx.now)


def address_of(tx: HubTransaction, mail: MailRecord) -> str | Settled:
    """Where the person wants to be told, by the mail's channel; nowhere where they chose otherwise since."""
    record = tx.session.get(BillRecord, mail.about_id)
    reminder = None if record is None else bills.reminder_of(tx, record)
    if reminder is None or reminder.channel != mail.channel or reminder.address is None:
        return _NOT_WANTED
    return reminder.address


def facts_of(tx: HubTransaction, mail: MailRecord) -> Facts:
    """What the mail says: the day, and the page to look at."""
    return Facts(
        kind=MailKind(mail.kind),
        reference="",
        bank_zh="",
        bank_en="",
        link=_link(tx, mail),
        for_staff=False,
        deadline=mail.tells,
        meant_for=mail.not_before if china_day(mail.not_before) < china_day(tx.now) else None,
    )


def text_of(tx: HubTransaction, mail: MailRecord) -> str:
    """The text message."""
    return words_beside(MailKind(mail.kind), link=_link(tx, mail))


def _link(tx: HubTransaction, mail: MailRecord) -> str:
    month = "" if mail.tells is None else f"?month={china_day(mail.tells):%Y-%m}"
    return f"{tx.public_url}/my/calendar{month}"
