"""What is told of a mandate: where it goes and what it says. Neither bank nor payee nor sum stands in it."""

from hub.domain.china import china_day
from hub.domain.mandate import ACTIVE
from hub.domain.preferences import NoticeChannel
from hub.mail.facts import Facts
from hub.mail.kinds import MailKind
from hub.mail.sms_words import words_beside
from hub.services.notifications.mail_outcome import Settled
from hub.services.transaction import HubTransaction
from storage import mandates
from storage.mails import MailStatus
from storage.records import MailRecord, MandateRecord

_WHILE_ACTIVE = frozenset({MailKind.MANDATE_RECORDED, MailKind.DEDUCTION_AHEAD})
_NOT_WANTED = Settled(status=MailStatus.NOT_NEEDED, detail="the person is told of it otherwise, or not at all")


def still_matters(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether the mandate is there; of what is told of an active one, whether it is, and its day has not passed."""
    record = tx.session.get(MandateRecord, mail.about_id)
    if record is None or mail.kind not in _WHILE_ACTIVE:
        return record is not None
    if record.status not in ACTIVE or mail.kind == MailKind.MANDATE_RECORDED or mail.tells is None:
        return record.status in ACTIVE
    return china_day(mail.tells) >= china_day(tx.now)


def address_of(tx: HubTransaction, mail: MailRecord) -> str | Settled:
    """Where the person wants to be told, by the mail's channel."""
    record = tx.session.get(MandateRecord, mail.about_id)
    if record is None:
        return _NOT_WANTED
    contents = mandates.contents_of(tx, record)
    if mail.channel == NoticeChannel.SMS:
        return contents.mobile if contents.email is None else _NOT_WANTED
    return contents.email or _NOT_WANTED


def facts_of(tx: HubTransaction, mail: MailRecord) -> Facts:
    """What the mail says: the day, and the page to look at."""
    return Facts(
        kind=MailKind(mail.kind),
        reference="",
        bank_zh="",
        bank_en="",
        link=_link(tx),
        for_staff=False,
        deadline=mail.tells,
        meant_for=mail.not_before if china_day(mail.not_before) < china_day(tx.now) else None,
    )


def text_of(tx: HubTransaction, mail: MailRecord) -> str:
    """The text message."""
    return words_beside(MailKind(mail.kind), link=_link(tx))


def _link(tx: HubTransaction) -> str:
    return f"{tx.public_url}/my/mandates"
