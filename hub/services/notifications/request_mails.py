"""Mails about requests beside negotiations: to the bank's people, several as one list, and to the person.

They are about no negotiation. Neither bank nor sum nor card stands in what the person gets.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from hub.domain.bank import Bank
from hub.domain.china import china_day, china_instant
from hub.domain.instalment_request import InstalmentStatus
from hub.domain.preferences import NoticeChannel
from hub.domain.reminders import in_a_cardholders_hours
from hub.mail.case_lines import EVENTS, CaseLine
from hub.mail.facts import Facts
from hub.mail.kinds import OF_A_REQUEST_TO_BANK, TOGETHER, MailKind
from hub.mail.sms_words import request_words
from hub.services.instalments import matters
from hub.services.notifications.case_lists import facts_of_list, left_of, to_reader
from hub.services.notifications.mail_outcome import Settled
from hub.services.notifications.outbox import put, stamp
from hub.services.notifications.staff_notices import TOLD_AFTER_ASSIGNING
from hub.services.transaction import HubTransaction
from storage import request_clocks, service_requests
from storage.mails import MailStatus, NewMail, Reader
from storage.records import MailRecord, ServiceRequestRecord

_OF_ITS_CLOCK = frozenset({MailKind.REQUEST_DUE, MailKind.REQUEST_LATE, MailKind.REQUEST_UNANSWERED})


def to_person(
    tx: HubTransaction, record: ServiceRequestRecord, kind: MailKind, *, step: str = "", until: date | None = None
) -> None:
    """The person is told once ever, where they said how they want to be; `step` tells apart those of one kind.

    `until` is the last day on which they can do what the mail is about.
    """
    day = None if until is None else china_instant(until, time())
    contact = service_requests.contact_of(tx, record) or {}
    if not contact.get("email") and not contact.get("mobile"):
        return
    put(
        tx,
        _about(
            record,
            kind,
            Reader.CARDHOLDER,
            key=f"{kind}:{record.id}{step}",
            channel=channel_of(contact),
            tells=record.due_at if kind in _OF_ITS_CLOCK else day,
            not_before=in_a_cardholders_hours(tx.now),
        ),
    )


def _about(record: ServiceRequestRecord, kind: MailKind, reader: Reader, **more: Any) -> NewMail:
    return NewMail(
        kind=kind, reader=reader, negotiation_id=None, bank_code=record.bank_code, about_id=record.id, **more
    )


def channel_of(contact: Mapping[str, Any]) -> NoticeChannel:
    """By what the person is told: by text message where they left no e-mail address."""
    return NoticeChannel.SMS if contact.get("mobile") and not contact.get("email") else NoticeChannel.MAIL


def to_bank(
    tx: HubTransaction, record: ServiceRequestRecord, kind: MailKind, reader: Reader = Reader.DESK, *, step: str = ""
) -> None:
    """Those readers at the bank are told once ever, with the due time of its clock where one runs."""
    key = f"{kind}:{reader}:{record.id}{step}"
    put(tx, _about(record, kind, reader, key=key, tells=_due_at(record), not_before=tx.now))


def _due_at(record: ServiceRequestRecord) -> datetime | None:
    return request_clocks.running_until(record)


def many_reveals(tx: HubTransaction, record: ServiceRequestRecord) -> None:
    """The bank's supervisors are told, once an hour, that one of its people had many customers shown in full.

    The same mail as where the last of them was a case's: one an hour, whatever they looked at.
    """
    kind, reader = MailKind.MANY_REVEALS, Reader.SUPERVISORS
    key = f"{kind}:{reader}:{record.bank_code}:{tx.actor}:{tx.now:%Y%m%d%H}"
    put(tx, _about(record, kind, reader, key=key, tells=None, not_before=tx.now))


def assigned(tx: HubTransaction, record: ServiceRequestRecord, owner_id: str) -> None:
    """The new owner is told that the request is theirs, as of a case: a moment later, and not of what they took."""
    if tx.actor.id == f"staff/{owner_id}":
        return
    put(
        tx,
        _about(
            record,
            MailKind.REQUEST_ASSIGNED,
            Reader.COLLEAGUE,
            key=f"{MailKind.REQUEST_ASSIGNED}:{record.id}:{owner_id}:{stamp(tx.now)}",
            staff_id=owner_id,
            tells=_due_at(record),
            not_before=tx.now + TOLD_AFTER_ASSIGNING,
        ),
    )


def due_step(record: ServiceRequestRecord) -> str:
    """What tells one due time of a request from another in a key."""
    return f":{stamp(record.due_at)}"


def still_matters(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether the request is still there and its owner's; and its clock or day, where it speaks of one, to come."""
    record = service_requests.find(tx, mail.about_id)
    if record is None or record.erased_at is not None:
        return False
    if mail.kind == MailKind.REQUEST_ASSIGNED:
        return record.owner_id == mail.staff_id
    if mail.kind == MailKind.INSTALMENTS_QUOTED and not _waits_for_the_person(tx, record, mail):
        return False
    if mail.kind not in _OF_ITS_CLOCK:
        return mail.tells is None or mail.reader == Reader.DESK or china_day(mail.tells) >= china_day(tx.now)
    return request_clocks.is_running(record) and record.due_at == mail.tells


def _waits_for_the_person(tx: HubTransaction, record: ServiceRequestRecord, mail: MailRecord) -> bool:
    """Whether the quote that the mail speaks of, by the end of its key, is the last one and nobody has answered it."""
    quote = matters.matter_of(tx, record).quote
    return record.status == InstalmentStatus.QUOTED and quote is not None and mail.key.endswith(f":{quote.id}")


def address_of(tx: HubTransaction, mail: MailRecord) -> str | Settled:
    """Where the person is told, by the mail's channel."""
    record = service_requests.find(tx, mail.about_id)
    contact = {} if record is None else service_requests.contact_of(tx, record) or {}
    found = contact.get("email" if mail.channel == NoticeChannel.MAIL else "mobile")
    return str(found) if found else Settled(status=MailStatus.NOT_NEEDED, detail="no address was given")


def is_to_person(mail: MailRecord) -> bool:
    """Whether the mail is of a request and goes to its person."""
    return mail.reader == Reader.CARDHOLDER and mail.kind not in OF_A_REQUEST_TO_BANK


def facts_of(tx: HubTransaction, mails_of_one: Sequence[MailRecord], bank: Bank) -> Facts:
    """What the mail says: of one request, or of several as a list."""
    first = mails_of_one[0]
    if len(mails_of_one) > 1:
        lines = [_line(tx, mail) for mail in mails_of_one]
        return facts_of_list(tx, TOGETHER[MailKind(first.kind)], lines, bank, to_reader(tx, first, bank))
    record = service_requests.find(tx, first.about_id)
    for_person = is_to_person(first)
    matter = "" if record is None else record.matter_id
    return Facts(
        kind=MailKind(first.kind),
        reference="" if record is None else record.reference,
        bank_zh="" if for_person else bank.name_zh,
        bank_en="" if for_person else bank.name_en,
        link=f"{tx.public_url}/{'my' if for_person else 'portal'}/requests/{matter}",
        deadline=first.tells,
        left=None if for_person else left_of(tx, first.tells),
        **({"for_staff": False} if for_person else to_reader(tx, first, bank)),
    )


def _line(tx: HubTransaction, mail: MailRecord) -> CaseLine:
    record = service_requests.find(tx, mail.about_id)
    reference, matter = ("", "") if record is None else (record.reference, record.matter_id)
    return CaseLine(
        reference=reference,
        link=f"{tx.public_url}/portal/requests/{matter}",
        deadline=mail.tells,
        left=left_of(tx, mail.tells),
        event=EVENTS.get(MailKind(mail.kind), ""),
    )


def text_of(tx: HubTransaction, mail: MailRecord) -> str:
    """The text message."""
    record = service_requests.find(tx, mail.about_id)
    matter = "" if record is None else record.matter_id
    return request_words(link=f"{tx.public_url}/my/requests/{matter}")
