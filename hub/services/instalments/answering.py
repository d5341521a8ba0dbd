"""The person's answer to a quote: accepted with a code, or not; and that they have paid."""

from dataclasses import replace
from datetime import time, timedelta

from hub.domain.china import china_day, china_instant
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, NotFound, StatusConflict, WrongConfirmationCode
from hub.domain.instalment_quote import Quote
from hub.domain.instalment_request import (
    POSTED_WITHIN,
    InstalmentEvent,
    InstalmentMatter,
    InstalmentStatus,
)
from hub.domain.plain import to_plain
from hub.services.accounts.subjects import Subject
from hub.services.codes import CodeMessage
from hub.services.instalments import matters, signing
from hub.services.negotiations.entries import entry
from hub.services.requests import clocks, moving, sending
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.records import ServiceRequestRecord


def send_code(tx: HubTransaction, subject: Subject, matter_id: str, quote_id: str) -> CodeMessage:
    """A fresh code can accept the quote; raises `StatusConflict` where it cannot be accepted any more."""
    record = matters.lock_own(tx, subject, matter_id)
    _require_open(tx, record, matters.matter_of(tx, record), quote_id)
    return signing.send(tx, record, quote_id)


def accept(
    tx: HubTransaction, subject: Subject, matter_id: str, quote_id: str, code: str
) -> WrongConfirmationCode | None:
    """The quote is accepted and waits for the money, if it asks for any; accepting it twice is accepting it once.

    A wrong code is given back as an error for the face to raise after the commit, because its try must count. Raises
    `StatusConflict` for another quote than the last, and after the day until which it was valid.
    """
    record = matters.lock_own(tx, subject, matter_id)
    matter = matters.matter_of(tx, record)
    if matter.accepted_quote == quote_id:
        return None
    quote = _require_open(tx, record, matter, quote_id)
    fault = signing.use(tx, record, quote_id, code)
    if fault is not None:
        return WrongConfirmationCode(Fault("/confirmation_code", fault))
    matters.save(tx, record, replace(matter, accepted_quote=quote_id))
    moving.move(tx, record, InstalmentEvent.ACCEPTED, entry(EntryKind.INSTALMENTS_ACCEPTED, tx.actor))
    if quote.contents.pay_fen:
        service_requests.look_at(record, china_instant(quote.contents.pay_by + timedelta(days=1), time()))
    else:
        # There is no money to wait for: it is the bank's turn at once.
        service_requests.look_at(record, None)
        clocks.open_for(tx, record, response_days=POSTED_WITHIN)
    said = {"quote": quote_id, "pay_fen": quote.contents.pay_fen, "pay_by": to_plain(quote.contents.pay_by)}
    sending.queue(tx, record, MessageKind.INSTALMENT_ACCEPTED, said)
    return None


def decline(tx: HubTransaction, subject: Subject, matter_id: str, quote_id: str, text: str) -> None:
    """The person does not take the quote, and the deal goes on as it was.

    Raises `StatusConflict`, also for another quote than the last: who sees that one has not said no to the newer.
    """
    record = matters.lock_own(tx, subject, matter_id)
    matter = matters.matter_of(tx, record)
    if _quote_in(matter, quote_id) != matter.quote:
        raise StatusConflict(record.status, InstalmentEvent.DECLINED)
    declined = entry(EntryKind.INSTALMENTS_DECLINED, tx.actor, text=text)
    moving.move(tx, record, InstalmentEvent.DECLINED, declined)
    service_requests.look_at(record, None)
    sending.queue(tx, record, MessageKind.INSTALMENT_DECLINED, {"quote": quote_id, "text": text})


def note_payment(tx: HubTransaction, subject: Subject, matter_id: str) -> None:
    """The person says that they have paid: the bank has two working days to post it. A second time changes nothing.

    Raises `StatusConflict` where no quote was accepted.
    """
    record = matters.lock_own(tx, subject, matter_id)
    matter = matters.matter_of(tx, record)
    if matter.payment_noted and record.status == InstalmentStatus.AWAITING_PAYMENT:
        return
    matters.save(tx, record, replace(matter, payment_noted=True))
    moving.move(tx, record, InstalmentEvent.PAYMENT_NOTED, entry(EntryKind.INSTALMENTS_PAID, tx.actor))
    service_requests.look_at(record, None)
    clocks.open_for(tx, record, response_days=POSTED_WITHIN)


def _quote_in(matter: InstalmentMatter, quote_id: str) -> Quote:
    found = next((each for each in matter.quotes if each.id == quote_id), None)
    if found is None:
        raise NotFound
    return found


def _require_open(tx: HubTransaction, record: ServiceRequestRecord, matter: InstalmentMatter, quote_id: str) -> Quote:
    quote = _quote_in(matter, quote_id)
    is_over = not quote.is_valid(china_day(tx.now))
    if record.status != InstalmentStatus.QUOTED or is_over or matter.quote != quote:
        raise StatusConflict(InstalmentStatus.LAPSED if is_over else record.status, InstalmentEvent.ACCEPTED)
    return quote
