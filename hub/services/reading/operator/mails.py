"""Mails and text messages as an operator sees them: what became of each; never its words, never an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.domain.masks import scrubbed
from hub.domain.paging import MOST_COUNTED
from hub.domain.preferences import NoticeChannel
from hub.services.reading.operator import MOST_SHOWN
from hub.services.transaction import HubTransaction
from storage import operations
from storage.mails import MailStatus

SHOWN = (MailStatus.FAILED, MailStatus.WAITING, MailStatus.SENT)
"""What can be asked for; what was not needed is of no use to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMail:
    """A mail or text message. `detail` says why it failed last; `due_at` when it is tried next, or was sent."""

    id: str
    reference: str
    bank_code: str
    kind: str
    reader: str
    is_text_message: bool
    attempts: int
    planned_at: datetime
    due_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    """One page, and behind which id there are more, or an empty text."""

    mails: tuple[ShownMail, ...]
    next_id: str


def mail_counts(tx: HubTransaction, *, is_text_message: bool | None = None) -> Mapping[MailStatus, int]:
    """How many there are of each; one more than `paging.MOST_COUNTED` where there are more than that."""
    most = MOST_COUNTED + 1
    return {each: operations.count_mails(tx, each, is_text_message=is_text_message, most=most) for each in SHOWN}


def mail_page(
    tx: HubTransaction,
    status: MailStatus,
    *,
    is_text_message: bool | None = None,
    after: str | None = None,
    limit: int = MOST_SHOWN,
) -> MailPage:
    """Mails of that status behind the id `after`, the newest first."""
    read = operations.list_mails(tx, status, is_text_message=is_text_message, after=after, limit=limit + 1)
    found = read[:limit]
    references = operations.references_of(
        tx, [mail.negotiation_id for mail in found if mail.negotiation_id is not None]
    )
    shown = tuple(
        ShownMail(
            id=mail.id,
            reference=references.get(mail.negotiation_id or "", ""),
            bank_code=mail.bank_code,
            kind=mail.kind,
            reader=mail.reader,
            is_text_message=mail.channel == NoticeChannel.SMS,
            attempts=mail.attempts,
            planned_at=mail.planned_at,
            due_at=mail.next_try_at if status is MailStatus.WAITING else mail.sent_at,
            detail=scrubbed(mail.detail),
        )
        for mail in found
    )
    return MailPage(mails=shown, next_id=shown[-1].id if len(read) > limit else "")
