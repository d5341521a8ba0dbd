"""Bills that a bank tells of people who consented: each row taken by itself, once, and never backwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from hub.domain.bill import MOST_BILLS, BillContents, BillEvent, BillSource, BillStatus
from hub.domain.bill_feed import (
    FeedResult,
    FeedRow,
    bill_name,
    is_changed_statement,
    takes_place_of,
)
from hub.domain.china import china_day, china_instant
from hub.domain.errors import BillNotYours, Fault, Refused
from hub.domain.service_request import Service
from hub.mail.kinds import MailKind
from hub.services.bills import reminding
from hub.services.notifications.outbox import put
from hub.services.operating import banks
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import bill_consents, bills
from storage.mails import NewMail, Reader
from storage.records import BillConsentRecord, BillRecord


def take(tx: HubTransaction, bank_code: str, rows: Sequence[FeedRow]) -> list[FeedResult]:
    """What became of each row, in their order. Rows that are sound are taken whatever became of others.

    Raises `ServiceNotOffered`, and `Refused` with every day of every row that cannot be: then none is taken.
    """
    banks.require_service(tx, bank_code, Service.REMINDERS)
    today = china_day(tx.now)
    faults = [
        fault.under(f"/items/{number}")
        for number, row in enumerate(rows)
        for fault in row.faults(today=today, now=tx.now)
    ]
    if faults:
        raise Refused(*faults)
    return [_take(tx, row.of_bank(bank_code)) for row in rows]


def take_one(tx: HubTransaction, bank_code: str, row: FeedRow) -> bool:
    """The bank's bill stands as it was told, or as something later has it; True where that changed anything.

    Raises what `take` raises, with places inside the row, and `BillNotYours` or `Refused` where it was not taken.
    """
    try:
        [result] = take(tx, bank_code, [row])
    except Refused as error:
        own = [replace(each, pointer=each.pointer.removeprefix("/items/0")) for each in error.faults]
        raise Refused(*(each.under("/data") for each in own)) from None
    if result is FeedResult.NOT_YOURS:
        raise BillNotYours
    if result is FeedResult.OTHER_CARD:
        raise Refused(Fault("/data/card_last4", "card_not_consented"))
    if result is FeedResult.TOO_MANY:
        raise Refused(Fault("", "bills_too_many", {"most": MOST_BILLS}))
    return result in (FeedResult.TAKEN, FeedResult.CHANGED)


def _take(tx: HubTransaction, row: FeedRow) -> FeedResult:
    consent = bill_consents.find_by_token(tx, row.token, bank_code=row.contents.bank_code)
    if consent is None:
        return FeedResult.NOT_YOURS
    told = bill_consents.list_bills(tx, consent)
    if not _is_named(tx, consent, row, told):
        return FeedResult.OTHER_CARD
    bill_consents.used(tx, consent)
    name = bill_name(consent.id, row.contents)
    there = next((each for each in told if each.name == name), None)
    if any(bills.contents_of(tx, each).replaces(row.contents) for each in told):
        return FeedResult.SUPERSEDED
    if there is not None:
        return _tell_again(tx, there, row)
    return _tell_first(tx, consent, name, row, told)


def _is_named(tx: HubTransaction, consent: BillConsentRecord, row: FeedRow, told: Sequence[BillRecord]) -> bool:
    card = row.contents.card_last4
    if card in bill_consents.contact_of(tx, consent).cards:
        return True
    # Before cards were named one by one a bank told of all: what people have in their calendars goes on.
    return any(bills.contents_of(tx, each).card_last4 == card for each in told)


def _tell_first(
    tx: HubTransaction, consent: BillConsentRecord, name: str, row: FeedRow, told: Sequence[BillRecord]
) -> FeedResult:
    mine = bills.list_of(tx, [consent.owner_index], client_id=consent.client_id, lock=True)
    if len(mine) >= MOST_BILLS:
        return FeedResult.TOO_MANY
    record = bills.add(
        tx,
        consent.owner_index,
        client_id=consent.client_id,
        name=name,
        source=BillSource.BANK_FEED,
        contents=row.contents,
        consent_id=consent.id,
    )
    if record is None:
        return FeedResult.UNCHANGED
    bills.set_told(record, row.as_of)
    bills.apply_event(tx, record, row.contents.event)
    # What the person wants to be told of one bill of this bank they want to be told of the next.
    wanted = next((found for each in told if (found := bills.reminder_of(tx, each)) is not None), None)
    bills.set_reminder(tx, record, wanted)
    reminding.plan(tx, record)
    _supersede(tx, mine, row.contents)
    reached("feed.taken")
    return FeedResult.TAKEN


def _tell_again(tx: HubTransaction, record: BillRecord, row: FeedRow) -> FeedResult:
    before = bills.contents_of(tx, record)
    if row.as_of <= record.as_of:
        return FeedResult.UNCHANGED if row.contents == before and row.as_of == record.as_of else FeedResult.OLDER
    bills.save(tx, record, row.contents)
    bills.set_told(record, row.as_of)
    bills.apply_event(tx, record, row.contents.event)
    if is_changed_statement(before, row.contents):
        _tell_change(tx, record)
    reminding.plan(tx, record)
    reached("feed.taken")
    return FeedResult.UNCHANGED if row.contents == before else FeedResult.CHANGED


def _supersede(tx: HubTransaction, mine: Sequence[BillRecord], told: BillContents) -> None:
    for each in mine:
        is_owed = each.status in (BillStatus.OPEN, BillStatus.OVERDUE)
        if is_owed and takes_place_of(told, bills.contents_of(tx, each), BillSource(each.source)):
            bills.apply_event(tx, each, BillEvent.REPLACED)
            reminding.plan(tx, each)


def _tell_change(tx: HubTransaction, record: BillRecord) -> None:
    reminder = bills.reminder_of(tx, record)
    if reminder is None or not reminding.is_owed(record):
        return
    put(
        tx,
        NewMail(
            # What a bank says of a later moment is another change, even where it goes back to what it said before.
            key=f"bill:{record.id}:changed:{record.as_of:%Y%m%dT%H%M%S%f}",
            kind=MailKind.BILL_CHANGED,
            reader=Reader.CARDHOLDER,
            channel=reminder.channel,
            negotiation_id=None,
            bank_code=record.bank_code,
            about_id=record.id,
            tells=china_instant(record.due_on, time()),
            not_before=reminder.hours.next_slot(tx.now),
        ),
    )
    reached("bill.change_told")
