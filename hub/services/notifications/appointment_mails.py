"""What is told of an appointment: when, who comes, how to know them, and that nobody takes cash.

No bank, sum or card stands in it, and no address: who reads somebody's mail learns of no visit's place.
"""

from hub.domain.appointment import NAMED, AppointmentStatus
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.mail.sms_words import words_beside
from hub.services.notifications import request_mails
from hub.services.notifications.mail_outcome import Settled
from hub.services.transaction import HubTransaction
from storage import appointments, service_requests
from storage.mails import MailStatus, Reader
from storage.records import AppointmentRecord, MailRecord, ServiceRequestRecord

_NO_DESK = Settled(status=MailStatus.NOT_NEEDED, detail="the bank has no desk_email")
_MATTERS_IN = {
    MailKind.APPOINTMENT_CONFIRMED: NAMED,
    MailKind.APPOINTMENT_TOMORROW: NAMED,
    MailKind.PASS_CODE_WRONG: NAMED,
    MailKind.APPOINTMENT_MOVED: frozenset({AppointmentStatus.MOVED}),
    MailKind.APPOINTMENT_CANCELLED: frozenset({AppointmentStatus.CANCELLED}),
    MailKind.VISIT_REPORT_READY: frozenset({AppointmentStatus.DONE}),
    MailKind.APPOINTMENT_CHANGED_TODAY: frozenset(AppointmentStatus),
    MailKind.VISIT_REPORT_MISSING: frozenset({AppointmentStatus.BEGUN}),
}
_WITH_VISITORS = frozenset(
    {
        MailKind.APPOINTMENT_CONFIRMED,
        MailKind.APPOINTMENT_MOVED,
        MailKind.APPOINTMENT_TOMORROW,
        MailKind.PASS_CODE_WRONG,
    }
)


def still_matters(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether the appointment still stands so, and at the time that the mail tells."""
    found = _found(tx, mail)
    if found is None:
        return False
    record, request = found
    is_moved = mail.tells is not None and mail.reader == Reader.CARDHOLDER and mail.tells != record.starts_at
    return request.erased_at is None and not is_moved and request.status in _MATTERS_IN[MailKind(mail.kind)]


def address_of(tx: HubTransaction, mail: MailRecord) -> str | Settled:
    """Where the person is told, or the bank's desk."""
    if mail.reader != Reader.CARDHOLDER:
        return tx.bank(mail.bank_code).rules.desk_email or _NO_DESK
    return request_mails.address_of(tx, mail)


def facts_of(tx: HubTransaction, mail: MailRecord) -> Facts:
    """What the mail says: the time, who comes, and the page to look at."""
    kind = MailKind(mail.kind)
    found = _found(tx, mail)
    if found is None:
        raise LookupError(mail.about_id)
    record, request = found
    for_staff = mail.reader != Reader.CARDHOLDER
    staff = appointments.contents_of(tx, record).staff if kind in _WITH_VISITORS else ()
    return Facts(
        kind=kind,
        reference=request.reference if for_staff else "",
        bank_zh="",
        bank_en="",
        link=_link(tx, record, "portal" if for_staff else "my"),
        for_staff=for_staff,
        deadline=mail.tells,
        visitors=tuple(f"{each.initial}**（工号 {each.number}）" for each in staff),
    )


def text_of(tx: HubTransaction, mail: MailRecord) -> str:
    """The text message, to whoever left no e-mail address."""
    found = _found(tx, mail)
    if found is None:
        raise LookupError(mail.about_id)
    return words_beside(MailKind(mail.kind), link=_link(tx, found[0], "my"))


def _link(tx: HubTransaction, record: AppointmentRecord, area: str) -> str:
    return f"{tx.public_url}/{area}/appointments/{record.id}"


def _found(tx: HubTransaction, mail: MailRecord) -> tuple[AppointmentRecord, ServiceRequestRecord] | None:
    request = service_requests.find(tx, mail.about_id)
    record = None if request is None else appointments.find(tx, request.matter_id)
    return None if request is None or record is None else (record, request)
