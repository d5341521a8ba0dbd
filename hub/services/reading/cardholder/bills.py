"""A person's bills as their pages show them: with the names of the banks, of one month or from today on."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.documents.due_calendar import CalendarLine, DueCalendar
from hub.documents.payment_calendar import DueDay, DueDays, due_days_file
from hub.domain.bill import Bill, BillSource, BillStatus
from hub.domain.bill_reminder import BillReminder
from hub.domain.china import china_day
from hub.domain.issuers import ISSUERS, find_issuer, same_bank
from hub.services.accounts import subjects
from hub.services.accounts.cardholders import Cardholder
from hub.services.bills import bills
from hub.services.reading import directory
from hub.services.transaction import HubTransaction
from storage import bills as rows

# A calendar to take along begins a month back, and ends after a year.
_BACK, _AHEAD = timedelta(days=31), timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBill:
    """One bill of the signed-in person. `may_have_changed`: the bank told its figures more than five days ago."""

    bill: Bill
    bank: str
    may_have_changed: bool
    # What the person wants to be told of it, and when that is next; looked up for the bill's own page alone.
    reminder: BillReminder | None = None
    reminded_at: datetime | None = None

    @property
    def is_owed(self) -> bool:
        """Whether anything is still to be paid of it."""
        return self.bill.status in (BillStatus.OPEN, BillStatus.OVERDUE)

    @property
    def is_own_note(self) -> bool:
        """Whether the person can change it: what others say changes by their word alone."""
        return self.bill.source is BillSource.TYPED

    @property
    def is_agreed(self) -> bool:
        """Whether it is a row of an agreement, which is kept nowhere."""
        return self.bill.source is BillSource.AGREEMENT


def list_own(tx: HubTransaction, cardholder: Cardholder, *, first: date, last: date, language: str) -> list[OwnBill]:
    """The person's bills with a day from `first` to `last`, the earliest first."""
    found = bills.list_for(tx, subjects.of_cardholder(tx, cardholder), first=first, last=last)
    names = bank_names(tx, [each.contents.bank_code for each in found], language=language)
    return [
        OwnBill(bill=each, bank=names[each.contents.bank_code], may_have_changed=each.may_have_changed(tx.now))
        for each in found
    ]


def get_own(tx: HubTransaction, cardholder: Cardholder, bill_id: str, *, language: str) -> OwnBill:
    """The person's own note; raises `BillNotYours`."""
    record = bills.find_own(tx, subjects.of_cardholder(tx, cardholder), bill_id)
    bill = rows.value_of(tx, record)
    code = bill.contents.bank_code
    return OwnBill(
        bill=bill,
        bank=bank_names(tx, [code], language=language)[code],
        may_have_changed=bill.may_have_changed(tx.now),
        reminder=rows.reminder_of(tx, record),
        reminded_at=record.remind_at,
    )


def bank_names(tx: HubTransaction, codes: Sequence[str], *, language: str) -> dict[str, str]:
    """What the banks are called: here, else by the table of issuers; the code itself for one that neither knows."""
    names = directory.names_of(tx, codes, language=language)
    return {code: _issuers_name(code, language) if name == code else name for code, name in names.items()}


def _issuers_name(code: str, language: str) -> str:
    issuer = find_issuer(code)
    if issuer is None:
        return code
    return issuer.name_en if language == "en" else issuer.name_zh


def bank_options(tx: HubTransaction, *, language: str) -> list[tuple[str, str]]:
    """(code, name) of every bank that a bill can be of: those of the hub first, then all that issue cards."""
    here = directory.list_banks(tx, also_closed=True)
    others = [
        (issuer.codes[0], issuer.name_en if language == "en" else issuer.name_zh)
        for issuer in ISSUERS.values()
        if issuer.codes and not any(same_bank(issuer.codes[0], each.code) for each in here)
    ]
    return [*((each.code, each.name(language)) for each in here), *others]


def calendar_file(tx: HubTransaction, cardholder: Cardholder, *, language: str) -> bytes:
    """The days on which something is still to be paid, for the calendar of a phone; neither bank nor sum is in it."""
    days = [
        DueDay(
            # The id is the client's own word, and others look at a phone's calendar.
            uid=hashlib.sha256(each.bill.id.encode()).hexdigest()[:32],
            due_on=each.bill.contents.due_on,
            # A later word about the same bill moves what the phone has.
            version=int(each.bill.as_of.timestamp()) // 60,
        )
        for each in _to_take_along(tx, cardholder, language=language)
    ]
    return due_days_file(DueDays(address=f"{tx.public_url}/my/calendar", days=days), language=language, made_at=tx.now)


def calendar_paper(tx: HubTransaction, cardholder: Cardholder) -> DueCalendar:
    """The same as a paper, with banks and sums: whoever prints it keeps it."""
    lines = [
        CalendarLine(
            due_on=each.bill.contents.due_on,
            bank_zh=each.bank,
            card_last4=each.bill.contents.card_last4,
            statement_fen=each.bill.contents.statement_fen,
            minimum_fen=each.bill.contents.minimum_fen,
            is_overdue=each.bill.status is BillStatus.OVERDUE,
            is_agreed=each.bill.source is BillSource.AGREEMENT,
            may_have_changed=each.may_have_changed,
        )
        for each in _to_take_along(tx, cardholder, language="zh")
    ]
    return DueCalendar(lines=tuple(lines), made_at=tx.now)


def _to_take_along(tx: HubTransaction, cardholder: Cardholder, *, language: str) -> list[OwnBill]:
    today = china_day(tx.now)
    found = list_own(tx, cardholder, first=today - _BACK, last=today + _AHEAD, language=language)
    return [each for each in found if each.is_owed]
