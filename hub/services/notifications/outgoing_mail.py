"""Sending: what is due in the outbox is worded, addressed and handed to the mail server, once.

No transaction is open while the mail server is talked to. A worker that dies in between leaves the mail to be sent
again under the same Message-ID.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.preferences import NoticeChannel
from hub.domain.reminders import MOST_NEWS, NEWS_WITHIN, news_after
from hub.mail.kinds import GIVEN, TOGETHER, MailKind
from hub.mail.senders import MailSender, Outlet, Unreachable
from hub.services.notifications import channels, letters
from hub.services.notifications.in_hand import HELD_FOR, Hand, draw, hand, hold
from hub.services.notifications.mail_outcome import NotYet, Settled
from hub.services.notifications.reader_lists import take_apart
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import due_mails, mails
from storage.claims import ALONE, Claim
from storage.mails import MailStatus
from storage.records import MailRecord

# Growing waits after an attempt that failed for now; the last one repeats without end.
WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)
# Whoever is given one case after another is told once nobody has given them one for a minute, or after so much longer.
LONGEST_ASSIGNING = timedelta(minutes=4)

# The mails that go out as one message, and the key by which they are in hand.
_Group = tuple[str, Sequence[str]]


def send_due(transactions: Transactions, sender: MailSender, real_clock: Clock, *, claim: Claim = ALONE) -> int:
    """Every mail that is due was handed over, refused, or waits for its next attempt; gives how many were handed over.

    What one reader is told of several negotiations at one moment is one message. Ends early where the mail server takes
    nothing at all, and where what the `claim` holds was lost. `real_clock` says how long rows say that a mail is held.
    """
    sent = 0
    channels.decide_due(transactions, real_clock)
    with sender.opened() as outlet:
        while True:
            with hand(claim) as mine:
                taken = _take(transactions, real_clock.now(), mine)
                if not taken:
                    return sent
                for place, (key, mail_ids) in enumerate(taken):
                    if not mine.keeps(key):
                        return sent
                    try:
                        sent += _send(transactions, sender, outlet, mail_ids)
                    except Unreachable:
                        with transactions.writing(HUB) as tx:
                            due_mails.let_go(tx, [mail_id for _, group in taken[place + 1 :] for mail_id in group])
                        return sent


def _take(transactions: Transactions, real_now: datetime, mine: Hand) -> Sequence[_Group]:
    """Mails that nobody else sends for now: those that go out as one message stand together."""
    while True:
        drawn = draw(transactions, NoticeChannel.MAIL, mine, key=_key, real_now=real_now)
        if not drawn:
            return []
        with transactions.writing(HUB) as tx:
            due = hold(tx, NoticeChannel.MAIL, drawn, real_now=real_now)
            for mail in due:
                take_apart(tx, mail)
            groups = _together(tx, [mail for mail in due if mail.status == MailStatus.WAITING], real_now)
        # A lot of nothing but mails to several has made new ones, which are due as well.
        if groups or not due:
            return groups


def _key(mail: MailRecord) -> str:
    words = TOGETHER.get(MailKind(mail.kind))
    return mail.id if words is None else f"{words}:{mail.bank_code}:{mail.reader}:{mail.staff_id}"


def _together(tx: HubTransaction, single: Sequence[MailRecord], real_now: datetime) -> Sequence[_Group]:
    groups: dict[str, dict[str, MailRecord]] = {}
    for mail in single:
        groups.setdefault(_key(mail), {})[mail.id] = mail
    for group in groups.values():
        first = next(iter(group.values()))
        words = TOGETHER.get(MailKind(first.kind))
        if words is None:
            continue
        kinds = [kind for kind, of_several in TOGETHER.items() if of_several == words]
        rest = due_mails.take_due_like(tx, first, kinds, real_now=real_now, held_until=real_now + HELD_FOR)
        for mail in rest:
            take_apart(tx, mail)
        group.update((mail.id, mail) for mail in rest)
        waits_until = None
        if words == MailKind.SEVERAL_ARRIVED:
            waits_until = _news_after(tx, first, kinds)
        elif first.kind in GIVEN:
            waits_until = _assigned_after(tx, list(group.values()))
        if waits_until is not None:
            for mail in group.values():
                mails.postpone(mail, at=waits_until)
            group.clear()
        for mail in group.values():
            # The message that told them, for whoever asks what became of it.
            mail.message_id = first.message_id
    return [(key, list(group)) for key, group in groups.items() if group]


def _news_after(tx: HubTransaction, mail: MailRecord, kinds: Sequence[str]) -> datetime | None:
    """Until when the reader, who got enough mails of what customers do, is left alone; None: not at all."""
    sent = mails.sent_to(tx, mail, kinds, after=tx.now - NEWS_WITHIN, limit=MOST_NEWS)
    return news_after(sent)


def _assigned_after(tx: HubTransaction, group: Sequence[MailRecord]) -> datetime | None:
    """Until when somebody who is still being given cases waits for the one mail of all; None: no longer."""
    latest = due_mails.latest_like(tx, group[0])
    until = min(latest, min(mail.not_before for mail in group) + LONGEST_ASSIGNING)
    return until if until > tx.now else None


def _send(transactions: Transactions, sender: MailSender, outlet: Outlet, mail_ids: Sequence[str]) -> bool:
    with transactions.reading(HUB) as tx:
        composed = letters.compose(tx, [mails.get_mail(tx, mail_id) for mail_id in mail_ids], sender.address)
    outcome = None if composed.message is None else _hand_over(outlet, composed.message)
    with transactions.writing(HUB) as tx:
        found = [mails.get_mail(tx, mail_id) for mail_id in mail_ids]
        attempts = max(mail.attempts for mail in found)
        for mail in found:
            of_this = composed.settled.get(mail.id, outcome)
            if of_this is not None:
                settle(tx, mail, of_this, attempts=attempts)
    if isinstance(outcome, Unreachable):
        raise outcome
    return isinstance(outcome, Settled) and outcome.status == MailStatus.SENT


def _hand_over(outlet: Outlet, message: EmailMessage) -> Settled | TryAgain:
    reached("mail.before_send")
    try:
        outlet.send(message)
    except RefusedForGood as error:
        return Settled(status=MailStatus.FAILED, detail=error.detail)
    except TryAgain as error:
        return error
    reached("mail.after_send")
    return Settled(status=MailStatus.SENT)


def settle(tx: HubTransaction, mail: MailRecord, outcome: Settled | NotYet | TryAgain, *, attempts: int) -> None:
    """The mail is what `outcome` says; one that failed for now waits, the longer the more `attempts` there were."""
    # Another worker may have had it meanwhile, if this one was held up for very long or cut off.
    if mail.status != MailStatus.WAITING:
        return
    match outcome:
        case Settled(status=status, detail=detail):
            mails.settle(tx, mail, status, detail or None)
        case NotYet(at=at):
            mails.postpone(mail, at=at)
        case TryAgain():
            wait = WAITS[min(attempts, len(WAITS) - 1)]
            mails.try_again(mail, at=tx.now + wait, detail=outcome.detail)
