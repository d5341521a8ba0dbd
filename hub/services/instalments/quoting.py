"""What a bank answers: a quote beside the hub's own estimate, a no with its reason, and that all is posted."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from hub.domain.amounts import yuan
from hub.domain.china import china_day, china_instant
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, Refused, StatusConflict
from hub.domain.instalment_quote import Quote, QuoteContents, own_estimate, quote_faults
from hub.domain.instalment_request import (
    REFUNDED_WITHIN,
    RULES,
    InstalmentEvent,
    Posting,
    Refusal,
    refusal_faults,
)
from hub.domain.labels import INSTALMENT_REFUSALS
from hub.mail.kinds import MailKind
from hub.services.instalments import matters
from hub.services.negotiations.entries import entry
from hub.services.notifications import request_mails
from hub.services.requests import moving
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.records import ServiceRequestRecord, new_id


def quote(tx: HubTransaction, matter_id: str, quoted: QuoteContents, *, bank_code: str) -> ServiceRequestRecord:
    """The bank's figures wait for the person, beside the hub's own for the same day; a later quote replaces this one.

    Raises `Refused` with the place of what cannot be quoted, and `StatusConflict` where nothing is to be quoted.
    """
    record = matters.lock_of_bank(tx, matter_id, bank_code=bank_code)
    _require(record, InstalmentEvent.QUOTED)
    matter, reckoning = matters.matter_of(tx, record), tx.bank(bank_code).rules.reckoning
    faults = quote_faults(matter.deal, matter.wish, reckoning, quoted, today=china_day(tx.now))
    if faults:
        raise Refused(*faults)
    own = own_estimate(matter.deal, matter.wish, reckoning, as_of=quoted.as_of)
    made = Quote(id=new_id(), contents=quoted, own_estimate=own)
    matters.save(tx, record, replace(matter, quotes=(*matter.quotes, made)))
    said = entry(
        EntryKind.INSTALMENTS_QUOTED,
        tx.actor,
        day=quoted.as_of.isoformat(),
        pay=yuan(quoted.pay_fen),
        valid=quoted.valid_until.isoformat(),
        pay_by=quoted.pay_by.isoformat(),
        text=quoted.basis,
    )
    moving.move(tx, record, InstalmentEvent.QUOTED, said)
    service_requests.look_at(record, china_instant(quoted.valid_until, time()))
    request_mails.to_person(
        tx, record, MailKind.INSTALMENTS_QUOTED, step=f":quoted:{made.id}", until=quoted.valid_until
    )
    return record


def refuse(tx: HubTransaction, matter_id: str, refusal: Refusal, *, bank_code: str) -> ServiceRequestRecord:
    """The bank's no stands with its reason; raises `Refused` where the reason needs words, and `StatusConflict`."""
    record = matters.lock_of_bank(tx, matter_id, bank_code=bank_code)
    _require(record, InstalmentEvent.REFUSED)
    _refuse_if(refusal_faults(refusal))
    matters.save(tx, record, replace(matters.matter_of(tx, record), refusal=refusal))
    reason = INSTALMENT_REFUSALS[refusal.reason_code]
    moving.move(
        tx,
        record,
        InstalmentEvent.REFUSED,
        entry(EntryKind.INSTALMENTS_REFUSED, tx.actor, reason=reason, text=refusal.text),
    )
    request_mails.to_person(tx, record, MailKind.REQUEST_NEWS, step=":refused")
    return record


def post(tx: HubTransaction, matter_id: str, said: Posting, *, bank_code: str) -> ServiceRequestRecord:
    """The bank has posted what came; what goes back is on the card within seven working days. Posting twice is once.

    Raises `Refused` for a day that has not come yet or lies before the request, and `StatusConflict`.
    """
    record = matters.lock_of_bank(tx, matter_id, bank_code=bank_code)
    matter = matters.matter_of(tx, record)
    paid_on = said.paid_on
    if matter.posting is not None and matter.posting.paid_on == paid_on:
        return record
    _require(record, InstalmentEvent.POSTED)
    today, earliest = china_day(tx.now), china_day(record.opened_at)
    if not earliest <= paid_on <= today:
        params = {"earliest": earliest.isoformat(), "latest": today.isoformat()}
        raise Refused(Fault("/paid_on", "day_range", params))
    accepted = next(each for each in matter.quotes if each.id == matter.accepted_quote)
    goes_back = accepted.contents.figures.back_fen or accepted.own_estimate.to_card_fen
    refund_by = tx.calendar().nth_working_day_after(today, REFUNDED_WITHIN) if goes_back else None
    matters.save(tx, record, replace(matter, posting=replace(said, refund_by=refund_by)))
    done = entry(EntryKind.INSTALMENTS_DONE, tx.actor, day=paid_on.isoformat())
    moving.move(tx, record, InstalmentEvent.POSTED, done)
    service_requests.look_at(record, None)
    request_mails.to_person(tx, record, MailKind.REQUEST_NEWS, step=":done")
    return record


def _require(record: ServiceRequestRecord, event: InstalmentEvent) -> None:
    if not RULES.allows(record.status, event):
        raise StatusConflict(record.status, event)


def _refuse_if(faults: Sequence[Fault]) -> None:
    if faults:
        raise Refused(*faults)
