"""What a mail of the outbox says today and to whom, looked up at the moment it is sent.

The true due time is always the one the mail was planned for; whether that still matters is asked of the clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from hub.domain.bank import Bank
from hub.domain.reminders import escalation_at, in_a_cardholders_hours, in_staff_hours
from hub.mail.facts import Facts
from hub.mail.kinds import AHEAD, AT_ANY_HOUR, GIVEN, OF_A_REQUEST, OF_NO_CASE, MailKind
from hub.mail.message import Envelope, letter, message_of
from hub.services.notifications import parting, request_mails, staff_facts
from hub.services.notifications.beside_mails import TELLERS
from hub.services.notifications.case_lists import facts_of_several
from hub.services.notifications.colleagues import colleagues
from hub.services.notifications.mail_facts import facts_of_one
from hub.services.notifications.mail_outcome import OVERTAKEN, UNWRITABLE, NotYet, Settled, cannot_be_written
from hub.services.notifications.overtaking import still_matters
from hub.services.transaction import HubTransaction
from storage import staff
from storage.mails import MailStatus, Reader
from storage.records import MailRecord, NegotiationRecord
from storage.submissions import submission_of


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
        found = _hindrance(tx, mail)
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


def _hindrance(tx: HubTransaction, mail: MailRecord) -> Settled | NotYet | None:
    try:
        return hindrance(tx, mail)
    except UNWRITABLE as error:
        return cannot_be_written(mail, error)


def _written(tx: HubTransaction, mails_of_one: Sequence[MailRecord], sender: str) -> EmailMessage | Settled:
    first = mails_of_one[0]
    try:
        address = _address(tx, first)
        if isinstance(address, Settled):
            return address
        envelope = Envelope(sender=sender, to=address, at=tx.now, message_id=first.message_id)
        facts = _facts(tx, mails_of_one)
        if facts is None:
            return Settled(status=MailStatus.NOT_NEEDED, detail="nothing to tell")
        return message_of(letter(facts), envelope)
    except UNWRITABLE as error:
        return cannot_be_written(first, error)


def _facts(tx: HubTransaction, mails_of_one: Sequence[MailRecord]) -> Facts | None:
    beside = TELLERS.get(MailKind(mails_of_one[0].kind))
    if beside is not None:
        # It may be of a bank that is not here.
        return beside.facts_of(tx, mails_of_one[0])
    bank = tx.bank(mails_of_one[0].bank_code)
    if mails_of_one[0].kind in OF_A_REQUEST or _tells_of_reveals_of_requests(mails_of_one[0]):
        return request_mails.facts_of(tx, mails_of_one, bank)
    # The list of the morning names all that is due, so it stands for whatever else was to be told with it.
    alone = next((mail for mail in mails_of_one if mail.kind in OF_NO_CASE), None)
    if alone is not None:
        return staff_facts.facts_of(tx, alone, bank)
    return (
        facts_of_one(tx, mails_of_one[0], bank) if len(mails_of_one) == 1 else facts_of_several(tx, mails_of_one, bank)
    )


def _tells_of_reveals_of_requests(mail: MailRecord) -> bool:
    return mail.kind == MailKind.MANY_REVEALS and mail.negotiation_id is None


def hindrance(tx: HubTransaction, mail: MailRecord) -> Settled | NotYet | None:
    """Why nothing goes out for it, or not now: its hour has not come, or nobody has a use for it any more."""
    kind = MailKind(mail.kind)
    # Its negotiation may have been erased since a worker took it: then there is nobody left whom it is for.
    is_waiting = mail.status == MailStatus.WAITING
    early = _early(tx, mail, kind) if is_waiting else None
    if early is not None:
        return early
    if not is_waiting or not _matters(tx, mail, kind):
        return OVERTAKEN
    if mail.reader == Reader.COLLEAGUE and (kind not in OF_A_REQUEST or kind in GIVEN):
        return staff_facts.hindrance_of(tx, mail, kind)
    if kind in AHEAD and not tx.bank(mail.bank_code).rules.daily_digest:
        return Settled(status=MailStatus.NOT_NEEDED, detail="the bank has turned the daily list off")
    if kind in AHEAD and _has_owner(tx, mail):
        return Settled(status=MailStatus.NOT_NEEDED, detail="told to its owner")
    return None


def _matters(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    beside = TELLERS.get(kind)
    if beside is not None:
        return beside.still_matters(tx, mail)
    if kind in OF_A_REQUEST:
        return request_mails.still_matters(tx, mail)
    return still_matters(tx, mail, kind)


def _has_owner(tx: HubTransaction, mail: MailRecord) -> bool:
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    return colleagues(tx, mail.bank_code).owner(negotiation) is not None


def _early(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> NotYet | None:
    at = tx.now
    if mail.reader == Reader.CARDHOLDER:
        at = in_a_cardholders_hours(tx.now)
    elif kind == MailKind.ESCALATED and mail.tells is not None:
        # A calendar that was imported meanwhile may have taken the next working day away.
        at = escalation_at(mail.tells, tx.calendar())
    elif mail.reader == Reader.COLLEAGUE and kind not in AT_ANY_HOUR:
        at = in_staff_hours(tx.now)
    return NotYet(at=at) if at > tx.now else None


def _address(tx: HubTransaction, mail: MailRecord) -> str | Settled:
    if mail.kind == parting.KIND:
        return parting.address_of(tx, mail)[0]
    beside = TELLERS.get(MailKind(mail.kind))
    if beside is not None:
        return beside.address_of(tx, mail)
    if mail.kind in OF_A_REQUEST and request_mails.is_to_person(mail):
        return request_mails.address_of(tx, mail)
    return _address_of_rule(tx, mail, tx.bank(mail.bank_code))


def _address_of_rule(tx: HubTransaction, mail: MailRecord, bank: Bank) -> str | Settled:
    if mail.reader == Reader.CARDHOLDER:
        negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
        email = submission_of(tx, negotiation).applicant.email
        return email or Settled(status=MailStatus.NOT_NEEDED, detail="no e-mail address was given")
    if mail.staff_id is not None:
        person = staff.find(tx, mail.staff_id)
        if person is None or not person.active:
            return Settled(status=MailStatus.NOT_NEEDED, detail="the person has left the bank")
        return staff.email_of(tx, person)
    if not bank.rules.desk_email:
        return Settled(status=MailStatus.NOT_NEEDED, detail="the bank has no desk_email")
    person = staff.find_by_email(tx, bank.rules.desk_email)
    if person is not None and not person.active:
        return Settled(status=MailStatus.FAILED, detail="desk_email is the address of a person who has left")
    return bank.rules.desk_email
