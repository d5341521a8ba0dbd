"""The outbox: what is put into it, and for whom; in the caller's transaction.

A mail is told once ever: its key names what happened, and a second one of the same key changes nothing.
"""

from datetime import UTC, datetime

from hub.domain.reminders import in_a_cardholders_hours
from hub.mail.kinds import MailKind
from hub.mail.message import domain_of
from hub.services.transaction import HubTransaction
from storage import mails
from storage.mails import NewMail, Reader
from storage.records import NegotiationRecord


def put(tx: HubTransaction, *new: NewMail) -> None:
    """The mails are in the outbox; those whose key is there already stay as they are."""
    mails.add(tx, new, domain=domain_of(tx.public_url))


def stamp(at: datetime) -> str:
    """`at` as it stands in a key."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def to_cardholder(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    kind: MailKind,
    about_id: str,
    *,
    tells: datetime | None = None,
    not_before: datetime | None = None,
    step: str = "",
) -> NewMail:
    """What the person of the negotiation is told, in their hours; how, they are asked when it goes out.

    `step` tells apart those of one kind about one thing.
    """
    return NewMail(
        key=f"{kind}:{about_id}{step}",
        kind=kind,
        reader=Reader.CARDHOLDER,
        channel=None,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        about_id=about_id,
        tells=tells,
        not_before=in_a_cardholders_hours(not_before or tx.now),
    )


def to_bank(
    negotiation: NegotiationRecord,
    kind: MailKind,
    reader: Reader,
    about_id: str,
    *,
    tells: datetime | None,
    not_before: datetime,
    step: str = "",
) -> NewMail:
    """A mail to one sort of readers at the bank of the negotiation; `step` as for `to_cardholder`."""
    return NewMail(
        key=f"{kind}:{reader}:{about_id}{step}",
        kind=kind,
        reader=reader,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        about_id=about_id,
        tells=tells,
        not_before=not_before,
    )
