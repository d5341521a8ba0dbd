"""Whether a person is told by mail, by text message or by both: asked when the time to tell has come.

So what they choose today counts for what was planned last month.
"""

from dataclasses import replace
from datetime import datetime

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.preferences import NoticeChannel
from hub.mail.kinds import REQUIRED_BY_LAW, MailKind
from hub.mail.sms_words import WORDS
from hub.services.accounts import preferences
from hub.services.notifications.mail_outcome import UNWRITABLE, cannot_be_written
from hub.services.notifications.outbox import put
from hub.services.transaction import HubTransaction, Transactions
from storage import due_mails, mails
from storage.mails import MailStatus, NewMail, Reader
from storage.records import MailRecord, NegotiationRecord
from storage.submissions import submission_of

_BATCH = 50


def decide_due(transactions: Transactions, real_clock: Clock) -> None:
    """Of everything that is due it is known how it goes out, or that it does not."""
    while _decide_some(transactions, real_clock.now()):
        pass


def _decide_some(transactions: Transactions, real_now: datetime) -> bool:
    with transactions.reading(HUB) as tx:
        if not due_mails.any_due(tx, None, list(MailKind), real_now=real_now):
            return False
    with transactions.writing(HUB) as tx:
        due = due_mails.take_due(tx, None, list(MailKind), limit=_BATCH, real_now=real_now, held_until=None)
        for mail in due:
            try:
                _decide(tx, mail)
            except UNWRITABLE as error:
                found = cannot_be_written(mail, error)
                mails.settle(tx, mail, found.status, found.detail)
    return bool(due)


def _decide(tx: HubTransaction, mail: MailRecord) -> None:
    kind = MailKind(mail.kind)
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    chosen = preferences.use_of_applicant(tx, negotiation)
    wanted = chosen.channels(has_address=bool(submission_of(tx, negotiation).applicant.email))
    mail.channel = NoticeChannel.MAIL if NoticeChannel.MAIL in wanted else NoticeChannel.SMS
    if chosen.is_quiet and kind not in REQUIRED_BY_LAW:
        mails.settle(tx, mail, MailStatus.NOT_NEEDED, "the person wants no notices")
    elif kind not in WORDS:
        if mail.channel == NoticeChannel.SMS:
            mails.settle(tx, mail, MailStatus.NOT_NEEDED, "not told by text message")
    elif len(wanted) > 1:
        put(tx, replace(_as_planned(mail), key=f"{mail.key}:{NoticeChannel.SMS}", channel=NoticeChannel.SMS))


def _as_planned(mail: MailRecord) -> NewMail:
    return NewMail(
        key=mail.key,
        kind=mail.kind,
        reader=Reader(mail.reader),
        negotiation_id=mail.negotiation_id,
        bank_code=mail.bank_code,
        about_id=mail.about_id,
        tells=mail.tells,
        not_before=mail.not_before,
    )
