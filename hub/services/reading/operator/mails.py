"""Mails and text messages that were refused for good; never an address."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.masks import scrubbed
from hub.domain.preferences import NoticeChannel
from hub.services.reading.operator import MOST_SHOWN
from hub.services.transaction import HubTransaction
from storage import mails, operations


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedMail:
    """A mail that was refused for good."""

    id: str
    reference: str
    bank_code: str
    kind: str
    reader: str
    is_text_message: bool
    attempts: int
    planned_at: datetime
    detail: str


def failed_mails(tx: HubTransaction) -> list[FailedMail]:
    """Mails that were refused for good, the newest first; at most `MOST_SHOWN`."""
    found = mails.list_failed(tx, limit=MOST_SHOWN)
    references = operations.references_of(tx, [mail.negotiation_id for mail in found])
    return [
        FailedMail(
            id=mail.id,
            reference=references[mail.negotiation_id],
            bank_code=mail.bank_code,
            kind=mail.kind,
            reader=mail.reader,
            is_text_message=mail.channel == NoticeChannel.SMS,
            attempts=mail.attempts,
            planned_at=mail.planned_at,
            detail=scrubbed(mail.detail),
        )
        for mail in found
    ]
