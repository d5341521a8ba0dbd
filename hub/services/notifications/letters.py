"""What a mail of the outbox says today and to whom, looked up at the moment it is sent.

The true due time is always the one the mail was planned for; whether that still matters is asked of the clock.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from jinja2 import TemplateError

from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.lifecycle import Status
from hub.domain.offer import OfferBy
from hub.domain.reminders import escalation_at, in_a_cardholders_hours
from hub.mail.kinds import AHEAD, TOGETHER, MailKind
from hub.mail.message import CaseLine, Envelope, Facts, letter, message_of
from hub.services.notifications.overtaking import is_overtaken, still_matters
from hub.services.transaction import HubTransaction
from storage import clocks, negotiations, offers, staff
from storage.mails import MailStatus, Reader
from storage.records import (
    AgreementRecord,
    MailRecord,
    NegotiationRecord,
    OfferRecord,
)
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a mail ended, and why."""

    status: MailStatus
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """A mail whose time has not come after all."""

    at: datetime


_log = logging.getLogger(__name__)
OVERTAKEN = Settled(status=MailStatus.NOT_NEEDED, detail="overtaken")
# The page that a mail leads to, where it is not that of the negotiation.
_OF_AN_OFFER = frozenset(
    {
        MailKind.REVIEW_WAITING,
        MailKind.NO_REVIEWER,
        MailKind.OFFER_RETURNED,
        MailKind.OFFERED,
        MailKind.OFFER_ENDING,
    }
)
_OF_AN_AGREEMENT = frozenset(
    {
        MailKind.AGREED,
        MailKind.PAPER_READY,
        MailKind.PAYMENT_DUE,
        MailKind.PAYMENT_MISSED,
        MailKind.AGREEMENT_ENDED,
        MailKind.AMENDMENT_ANSWERED,
        MailKind.AMENDED,
        MailKind.AMENDMENT_LAPSED,
        MailKind.CLEARANCE_ISSUED,
    }
)
# A list that is longer is of no use in a mail.
MOST_LISTED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What goes out for some mails to one reader: `message` for all but those that `settled` names by their ids."""

    message: EmailMessage | None
    settled: Mapping[str, Settled | NotYet]


def compose(tx: HubTransaction, mails: Sequence[MailRecord], sender: str) -> Composed:
    """The message as it goes out now, and what becomes of those that do not go; `mails` have one reader and one moment.

    Several are told as a list, each negotiation once.
    """
    settled: dict[str, Settled | NotYet] = {}
    going: list[MailRecord] = []
    for mail in mails:
        found = hindrance(tx, mail)
        if found is None:
            going.append(mail)
        else:
            settled[mail.id] = found
    if not going:
        return Composed(message=None, settled=settled)
    last = {mail.about_id: mail for mail in sorted(going, key=lambda mail: mail.not_before)}
    mails_of_one = [mail for mail in going if last[mail.about_id] is mail]
    settled |= {mail.id: OVERTAKEN for mail in going if last[mail.about_id] is not mail}
    written = _written(tx, mails_of_one, sender)
    if isinstance(written, Settled):
        return Composed(message=None, settled=settled | {mail.id: written for mail in mails_of_one})
    return Composed(message=written, settled=settled)


def _written(tx: HubTransaction, mails_of_one: Sequence[MailRecord], sender: str) -> EmailMessage | Settled:
    first = mails_of_one[0]
    bank = tx.bank(first.bank_code)
    address = _address(tx, first, bank)
    if isinstance(address, Settled):
        return address
    envelope = Envelope(sender=sender, to=address, at=tx.now, message_id=first.message_id)
    try:
        facts = _facts(tx, first, bank) if len(mails_of_one) == 1 else _facts_of_several(tx, mails_of_one, bank)
        return message_of(letter(facts), envelope)
    except (ValueError, LookupError, TemplateError) as error:
        # One mail that cannot be written must not hold up all those behind it.
        _log.error(
            "mail cannot be written", extra={"mail": first.id, "kind": first.kind, "error": type(error).__name__}
        )
        return Settled(status=MailStatus.FAILED, detail=f"cannot be written: {type(error).__name__}")


def hindrance(tx: HubTransaction, mail: MailRecord) -> Settled | NotYet | None:
    """Why nothing goes out for it, or not now: its hour has not come, or nobody has a use for it any more."""
    kind = MailKind(mail.kind)
    early = _early(tx, mail, kind)
    if early is not None:
        return early
    if not still_matters(tx, mail, kind):
        return OVERTAKEN
    if kind in AHEAD and not tx.bank(mail.bank_code).rules.daily_digest:
        return Settled(status=MailStatus.NOT_NEEDED, detail="the bank has turned the daily list off")
    return None


def _early(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> NotYet | None:
    at = tx.now
    if mail.reader == Reader.CARDHOLDER:
        at = in_a_cardholders_hours(tx.now)
    elif kind == MailKind.ESCALATED and mail.tells is not None:
        # A calendar that was imported meanwhile may have taken the next working day away.
        at = escalation_at(mail.tells, tx.calendar())
    return NotYet(at=at) if at > tx.now else None


def _address(tx: HubTransaction, mail: MailRecord, bank: Bank) -> str | Settled:
    if mail.reader == Reader.CARDHOLDER:
        negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
        email = submission_of(tx, negotiation).applicant.email
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
    path = f"/{'portal' if for_staff else 'my'}/negotiations/{negotiation.id}"
    if kind in _OF_AN_OFFER:
        path = f"{path}/offers/{mail.about_id}"
    if kind in _OF_AN_AGREEMENT:
        path = f"{path}/agreement"
    if kind == MailKind.RECEIVED:
        opened = negotiations.list_of_application(tx, negotiation.application_id)
        references = tuple((tx.bank(each.bank_code).name_zh, each.reference) for each in opened)
        path = path if len(opened) == 1 else "/my/"
    another_day = china_day(mail.not_before) < china_day(tx.now)
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
        overtaken=is_overtaken(tx, mail, kind),
        days_late=_days_late(tx, mail),
        provisional=_is_provisional(tx, mail),
        goes_on=kind == MailKind.OFFER_ENDING and _goes_on_without(tx, negotiation, mail.about_id),
        hotline=_one_line(bank.rules.hotline),
        complaint_channel=_one_line(bank.rules.complaint_channel),
        end_reason=_end_reason(tx, mail, kind),
    )


def _facts_of_several(tx: HubTransaction, mails_of_one: Sequence[MailRecord], bank: Bank) -> Facts:
    deadlines = [(mail, mail.tells) for mail in mails_of_one if mail.tells is not None]
    lines = sorted(
        (
            CaseLine(
                reference=tx.session.get_one(NegotiationRecord, mail.negotiation_id).reference,
                deadline=deadline,
            )
            for mail, deadline in deadlines
        ),
        key=lambda line: (line.deadline, line.reference),
    )
    today = china_day(tx.now)
    return Facts(
        kind=TOGETHER[MailKind(mails_of_one[0].kind)],
        reference=lines[0].reference,
        bank_zh=bank.name_zh,
        bank_en=bank.name_en,
        link=f"{tx.public_url}/portal/",
        for_staff=True,
        cases=tuple(lines[:MOST_LISTED]),
        more=len(lines[MOST_LISTED:]),
        due_today=sum(china_day(line.deadline) == today for line in lines),
    )


def _days_late(tx: HubTransaction, mail: MailRecord) -> int:
    if mail.tells is None or mail.tells >= tx.now:
        return 0
    return tx.calendar().working_days_between(china_day(mail.tells), china_day(tx.now))


def _is_provisional(tx: HubTransaction, mail: MailRecord) -> bool:
    if mail.tells is None or mail.tells <= tx.now:
        return False
    clock = clocks.find_running(tx, mail.negotiation_id)
    return clock is not None and clock.due_at == mail.tells and clock.provisional


def _goes_on_without(tx: HubTransaction, negotiation: NegotiationRecord, offer_id: str) -> bool:
    """Whether the negotiation outlives the offer: it is the bank's turn, or another offer stands longer."""
    offer = tx.session.get_one(OfferRecord, offer_id)
    others = [each for each in offers.list_open(tx, negotiation.id, OfferBy.BANK) if each.id != offer_id]
    ends = offer.valid_until
    return negotiation.status != Status.OFFERED or any(
        ends is not None and each.valid_until is not None and each.valid_until > ends for each in others
    )


def _end_reason(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> str:
    ended = tx.session.get(AgreementRecord, mail.about_id) if kind is MailKind.AGREEMENT_ENDED else None
    return "" if ended is None else ended.end_reason or ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
