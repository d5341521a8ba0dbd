"""What a person is told of a mandate: that it is recorded, and that a deduction comes. Never a sum, a payee, a bank.

It goes where the person said when they recorded it: by mail where they gave an address, by text message otherwise.
"""

from datetime import date, datetime, time

from hub.domain.china import china_instant
from hub.domain.mandate import MandateContents
from hub.domain.preferences import NoticeChannel
from hub.domain.reminders import in_a_cardholders_hours
from hub.mail.kinds import MailKind
from hub.services.notifications.outbox import put
from hub.services.transaction import HubTransaction
from storage.mails import NewMail, Reader
from storage.records import MandateRecord


def channel_of(contents: MandateContents) -> NoticeChannel:
    """By what the person is told of this mandate."""
    return NoticeChannel.SMS if contents.email is None else NoticeChannel.MAIL


def recorded(tx: HubTransaction, record: MandateRecord, contents: MandateContents) -> None:
    """The person is told that it stands in their register."""
    put(tx, _mail(tx, record, contents, MailKind.MANDATE_RECORDED, f"mandate:{record.id}:recorded", tells=tx.now))


def deduction_ahead(tx: HubTransaction, record: MandateRecord, contents: MandateContents, run_on: date) -> None:
    """The person is told of a deduction once, and of each day of its own."""
    key = f"mandate:{record.id}:{run_on:%Y%m%d}"
    put(tx, _mail(tx, record, contents, MailKind.DEDUCTION_AHEAD, key, tells=china_instant(run_on, time())))


def delivered(tx: HubTransaction, record: MandateRecord, contents: MandateContents) -> None:
    """The person is told that everybody who is here has their revocation; once of each."""
    _tell(tx, record, contents, MailKind.REVOCATION_DELIVERED, str(record.revocation_id))


def confirmed(tx: HubTransaction, record: MandateRecord, contents: MandateContents) -> None:
    """The person is told that their revocation was confirmed."""
    _tell(tx, record, contents, MailKind.REVOCATION_CONFIRMED, str(record.revocation_id))


def refused(tx: HubTransaction, record: MandateRecord, contents: MandateContents, request_id: str) -> None:
    """The person is told that somebody does not take it, of each who says so."""
    _tell(tx, record, contents, MailKind.REVOCATION_REFUSED, request_id)


def late(tx: HubTransaction, record: MandateRecord, contents: MandateContents, request_id: str) -> None:
    """The person is told that an answer is late and where they can complain, of each who is."""
    _tell(tx, record, contents, MailKind.REVOCATION_LATE, request_id)


def deduction_noted(tx: HubTransaction, record: MandateRecord, contents: MandateContents, deduction_id: str) -> None:
    """The person is told what was done about a deduction during a hold."""
    _tell(tx, record, contents, MailKind.DEDUCTION_NOTED, deduction_id)


def _tell(tx: HubTransaction, record: MandateRecord, contents: MandateContents, kind: MailKind, about: str) -> None:
    put(tx, _mail(tx, record, contents, kind, f"{kind}:{about}", tells=tx.now))


def _mail(
    tx: HubTransaction,
    record: MandateRecord,
    contents: MandateContents,
    kind: MailKind,
    key: str,
    *,
    tells: datetime,
) -> NewMail:
    return NewMail(
        key=key,
        kind=kind,
        reader=Reader.CARDHOLDER,
        channel=channel_of(contents),
        negotiation_id=None,
        # What a bank's word causes is that bank's row: its transaction writes no other's.
        bank_code=tx.actor.bank_code or contents.account_bank,
        about_id=record.id,
        tells=tells,
        not_before=in_a_cardholders_hours(tx.now),
    )
