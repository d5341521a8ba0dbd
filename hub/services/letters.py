"""What a mail of the outbox says today and to whom, looked up at the moment it is sent.

The true due time is always the one the mail was planned for; whether that still matters is asked of the clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from jinja2 import TemplateError

from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.reminders import escalation_at, in_a_cardholders_hours
from hub.mail.kinds import OF_A_CLOCK, PRESSING, MailKind
from hub.mail.message import Envelope, Facts, letter, message_of
from hub.services.transaction import HubTransaction
from storage import clocks, negotiations, staff
from storage.mails import MailStatus, Reader
from storage.offers import OfferStatus
from storage.records import ClockRecord, EvidenceRequestRecord, MailRecord, NegotiationRecord, OfferRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a mail ended, and why."""

    status: MailStatus
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """A mail whose time has not come after all."""

    at: datetime


def compose(tx: HubTransaction, mail: MailRecord, sender: str) -> EmailMessage | Settled | NotYet:
    """The message as it goes out now, or why it does not."""
    kind = MailKind(mail.kind)
    early = _early(tx, mail, kind)
    if early is not None:
        return early
    if not _still_matters(tx, mail, kind):
        return Settled(status=MailStatus.NOT_NEEDED, detail="overtaken")
    bank = tx.bank(mail.bank_code)
    address = _address(tx, mail, bank)
    if isinstance(address, Settled):
        return address
    envelope = Envelope(sender=sender, to=address, at=tx.now, message_id=mail.message_id)
    try:
        return message_of(letter(_facts(tx, mail, bank)), envelope)
    except (ValueError, LookupError, TemplateError) as error:
        # One mail that cannot be written must not hold up all those behind it.
        return Settled(status=MailStatus.FAILED, detail=f"cannot be written: {type(error).__name__}")


def _early(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> NotYet | None:
    at = tx.now
    if mail.reader == Reader.CARDHOLDER:
        at = in_a_cardholders_hours(tx.now)
    elif kind == MailKind.ESCALATED and mail.tells is not None:
        # A calendar that was imported meanwhile may have taken the next working day away.
        at = escalation_at(mail.tells, tx.calendar())
    return NotYet(at=at) if at > tx.now else None


def _still_matters(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    if kind in PRESSING:
        return _clock_stands(tx, mail)
    if kind == MailKind.OFFER_ENDING:
        return _offer_is_open(tx, mail)
    return True


def _clock_stands(tx: HubTransaction, mail: MailRecord) -> bool:
    clock = tx.session.get_one(ClockRecord, mail.about_id)
    over = clock.answered_at is not None or clock.ended_at is not None
    return not over and not clocks.answer_time_of(clock).is_paused and clock.due_at == mail.tells


def _offer_is_open(tx: HubTransaction, mail: MailRecord) -> bool:
    offer = tx.session.get_one(OfferRecord, mail.about_id)
    return offer.status == OfferStatus.OPEN and offer.valid_until is not None and tx.now < offer.valid_until


def _is_overtaken(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    """Whether what the mail tells is true no more, though it did happen and is told."""
    if kind in OF_A_CLOCK:
        clock = tx.session.get_one(ClockRecord, mail.about_id)
        return clock.answered_at is not None or clock.ended_at is not None or clock.due_at != mail.tells
    if kind == MailKind.OFFERED:
        return not _offer_is_open(tx, mail)
    if kind == MailKind.ASKED:
        request = tx.session.get_one(EvidenceRequestRecord, mail.about_id)
        return any(at is not None for at in (request.answered_at, request.lapsed_at, request.closed_at))
    if kind == MailKind.RETURNED:
        return tx.session.get_one(NegotiationRecord, mail.negotiation_id).correct_by != mail.tells
    return False


def _address(tx: HubTransaction, mail: MailRecord, bank: Bank) -> str | Settled:
    if mail.reader == Reader.CARDHOLDER:
        negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
        email: str | None = negotiations.submission_of(tx, negotiation)["applicant"]["email"]
        return email or Settled(status=MailStatus.NOT_NEEDED, detail="no e-mail address was given")
    if mail.staff_id is not None:
        person = staff.find(tx, mail.staff_id)
        if person is None or not person.active:
            return Settled(status=MailStatus.NOT_NEEDED, detail="the person has left the bank")
        return person.email
    if not bank.rules.desk_email:
        return Settled(status=MailStatus.NOT_NEEDED, detail="the bank has no desk_email")
    person = staff.find_by_email(tx, bank.rules.desk_email)
    if person is not None and not person.active:
        return Settled(status=MailStatus.FAILED, detail="desk_email is the address of a person who has left")
    return bank.rules.desk_email


def _facts(tx: HubTransaction, mail: MailRecord, bank: Bank) -> Facts:
    kind = MailKind(mail.kind)
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    for_staff = mail.reader != Reader.CARDHOLDER
    references: tuple[tuple[str, str], ...] = ()
    path = f"/portal/negotiations/{negotiation.id}" if for_staff else f"/my/negotiations/{negotiation.id}"
    if kind == MailKind.RECEIVED:
        opened = negotiations.list_of_application(tx, negotiation.application_id)
        references = tuple((tx.bank(each.bank_code).name_zh, each.reference) for each in opened)
        path = path if len(opened) == 1 else "/my/"
    another_day = china_day(mail.not_before) < china_day(tx.now)
    late = timedelta() if mail.tells is None else tx.now - mail.tells
    return Facts(
        kind=kind,
        reference=negotiation.reference,
        references=references,
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        link=tx.public_url + path,
        for_staff=for_staff,
        deadline=mail.tells,
        meant_for=mail.not_before if another_day else None,
        overtaken=_is_overtaken(tx, mail, kind),
        hours_late=max(0, int(late.total_seconds() // 3600)),
        hotline=_one_line(bank.rules.hotline),
        complaint_channel=_one_line(bank.rules.complaint_channel),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
