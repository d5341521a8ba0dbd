"""Sending text messages: what is due in the outbox is worded and handed to the gateway, once.

No transaction is open while the gateway is talked to. A worker that dies in between sends the message again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import TryAgain
from hub.domain.preferences import Language, NoticeChannel
from hub.mail.kinds import OF_A_REQUEST, MailKind
from hub.mail.sms import NotTaken, SmsSender
from hub.mail.sms_words import words_of
from hub.services.accounts import preferences
from hub.services.notifications import channels, parting, request_mails
from hub.services.notifications.beside_mails import TELLERS
from hub.services.notifications.in_hand import Hand, draw, hand, hold
from hub.services.notifications.letters import hindrance
from hub.services.notifications.mail_outcome import OVERTAKEN, UNWRITABLE, NotYet, Settled, cannot_be_written
from hub.services.notifications.outgoing_mail import settle
from hub.services.notifications.overtaking import is_overtaken
from hub.services.transaction import HubTransaction, Transactions
from storage import due_mails, mails
from storage.claims import ALONE, Claim
from storage.mails import MailStatus
from storage.records import MailRecord, NegotiationRecord
from storage.submissions import submission_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    to: str = field(repr=False)
    text: str = field(repr=False)


def send_due(transactions: Transactions, sender: SmsSender, real_clock: Clock, *, claim: Claim = ALONE) -> int:
    """Every message that is due was handed over, refused, or waits for its next attempt; gives how many went out.

    Ends early where the gateway takes nothing at all, and where what the `claim` holds was lost. `real_clock` says how
    long rows say that a message is held.
    """
    sent = 0
    channels.decide_due(transactions, real_clock)
    while True:
        with hand(claim) as mine:
            taken = _take(transactions, real_clock.now(), mine)
            if not taken:
                return sent
            for place, mail_id in enumerate(taken):
                if not mine.keeps(mail_id):
                    return sent
                outcome = _send(transactions, sender, mail_id)
                if isinstance(outcome, TryAgain):
                    with transactions.writing(HUB) as tx:
                        due_mails.let_go(tx, taken[place + 1 :])
                    return sent
                sent += isinstance(outcome, Settled) and outcome.status == MailStatus.SENT


def _take(transactions: Transactions, real_now: datetime, mine: Hand) -> Sequence[str]:
    drawn = draw(transactions, NoticeChannel.SMS, mine, key=lambda mail: mail.id, real_now=real_now)
    if not drawn:
        return []
    with transactions.writing(HUB) as tx:
        return [mail.id for mail in hold(tx, NoticeChannel.SMS, drawn, real_now=real_now)]


def _send(transactions: Transactions, sender: SmsSender, mail_id: str) -> Settled | NotYet | TryAgain:
    with transactions.reading(HUB) as tx:
        written = _written(tx, mails.get_mail(tx, mail_id))
    outcome = _handed_over(sender, written) if isinstance(written, _Message) else written
    with transactions.writing(HUB) as tx:
        mail = mails.get_mail(tx, mail_id)
        settle(tx, mail, outcome, attempts=mail.attempts)
    return outcome


def _written(tx: HubTransaction, mail: MailRecord) -> _Message | Settled | NotYet:
    try:
        return _worded(tx, mail)
    except UNWRITABLE as error:
        return cannot_be_written(mail, error)


def _worded(tx: HubTransaction, mail: MailRecord) -> _Message | Settled | NotYet:
    kind = MailKind(mail.kind)
    found = hindrance(tx, mail)
    if found is not None:
        return found
    beside = TELLERS.get(kind)
    if beside is not None and beside.text_of is not None:
        address = beside.address_of(tx, mail)
        return address if isinstance(address, Settled) else _Message(to=address, text=beside.text_of(tx, mail))
    if kind in OF_A_REQUEST:
        address = request_mails.address_of(tx, mail)
        return address if isinstance(address, Settled) else _Message(to=address, text=request_mails.text_of(tx, mail))
    if is_overtaken(tx, mail, kind):
        # A mail can say that more has happened since; here is no room for it, and the newer message comes.
        return OVERTAKEN
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    to, language = _to_whom(tx, mail, negotiation)
    text = words_of(kind, reference=negotiation.reference, link=f"{tx.public_url}/my/", language=language)
    return _Message(to=to, text=text)


def _to_whom(tx: HubTransaction, mail: MailRecord, negotiation: NegotiationRecord) -> tuple[str, Language]:
    if mail.kind == parting.KIND:
        return parting.address_of(tx, mail)
    language = preferences.of_applicant(tx, negotiation).language or Language.CHINESE
    return submission_of(tx, negotiation).applicant.mobile, language


def _handed_over(sender: SmsSender, message: _Message) -> Settled | TryAgain:
    try:
        sender.send(to=message.to, text=message.text)
    except NotTaken as error:
        return Settled(status=MailStatus.FAILED, detail=error.detail)
    except TryAgain as error:
        return error
    return Settled(status=MailStatus.SENT)
