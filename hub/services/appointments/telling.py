"""Who is told of an appointment, each thing once; the words are found when a mail goes out (`appointment_mails`)."""

from hub.domain.china import china_day
from hub.domain.reminders import in_a_cardholders_hours
from hub.mail.kinds import MailKind
from hub.services.notifications import request_mails
from hub.services.notifications.outbox import put, stamp
from hub.services.transaction import HubTransaction
from storage import service_requests
from storage.mails import NewMail, Reader
from storage.records import AppointmentRecord, ServiceRequestRecord


def person(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord, kind: MailKind) -> None:
    """The person is told, once for each time of the appointment; at once where somebody stands before them."""
    at_once = kind is MailKind.PASS_CODE_WRONG
    step = f"{stamp(record.starts_at)}{record.pass_code_tries if at_once else ''}"
    put(
        tx,
        NewMail(
            key=f"request:{request.id}:{kind}:{step}",
            kind=kind,
            reader=Reader.CARDHOLDER,
            channel=request_mails.channel_of(service_requests.contact_of(tx, request) or {}),
            negotiation_id=None,
            bank_code=request.bank_code,
            about_id=request.id,
            tells=record.starts_at,
            not_before=tx.now if at_once else in_a_cardholders_hours(tx.now),
        ),
    )


def desk(tx: HubTransaction, request: ServiceRequestRecord, kind: MailKind, step: str = "") -> None:
    """The bank's desk is told, once for each `step`; with the time by which it answers, where that runs."""
    put(
        tx,
        NewMail(
            key=f"request:{request.id}:{kind}:desk:{step}",
            kind=kind,
            reader=Reader.DESK,
            negotiation_id=None,
            bank_code=request.bank_code,
            about_id=request.id,
            tells=request.due_at,
            not_before=tx.now,
        ),
    )


def changed_today(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> None:
    """The desk is told of a change to an appointment of this very day; of any other day it sees it in its list."""
    if china_day(record.starts_at) == china_day(tx.now):
        desk(tx, request, MailKind.APPOINTMENT_CHANGED_TODAY, step=stamp(tx.now))
