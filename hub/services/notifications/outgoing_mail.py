"""Sending: what is due in the outbox is worded, addressed and handed to the mail server, once.

No transaction is open while the mail server is talked to. A worker that dies in between leaves the mail to be sent
again under the same Message-ID.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from hub.domain.actor import HUB
from hub.domain.approval import has_turn, next_level
from hub.domain.clock import Clock
from hub.domain.errors import RefusedForGood, TryAgain
from hub.domain.offer import OfferStatus
from hub.domain.preferences import NoticeChannel
from hub.domain.staff import Role
from hub.mail.kinds import TOGETHER, MailKind
from hub.mail.senders import MailSender, Outlet, Unreachable
from hub.services.negotiations import approvals
from hub.services.notifications import channels, letters
from hub.services.notifications.letters import NotYet, Settled
from hub.services.notifications.outbox import put
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import mails, offers, staff
from storage.mails import MailStatus, NewMail, Reader
from storage.records import MailRecord, OfferRecord, StaffRecord

# Growing waits after an attempt that failed for now; the last one repeats without end.
WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)
# In real time, and longer than any mail server can keep one attempt waiting.
HELD_FOR = timedelta(minutes=10)
BATCH = 50


def send_due(transactions: Transactions, sender: MailSender, real_clock: Clock) -> int:
    """Every mail that is due was handed over, refused, or waits for its next attempt; gives how many were handed over.

    What one reader is told of several negotiations at one moment is one message. Ends early where the mail server takes
    nothing at all. `real_clock` says how long a worker holds a mail.
    """
    sent = 0
    channels.decide_due(transactions, real_clock)
    with sender.opened() as outlet:
        while taken := _take(transactions, real_clock.now()):
            for place, mail_ids in enumerate(taken):
                try:
                    sent += _send(transactions, sender, outlet, mail_ids)
                except Unreachable:
                    with transactions.writing(HUB) as tx:
                        mails.let_go(tx, [mail_id for group in taken[place + 1 :] for mail_id in group])
                    return sent
    return sent


def _take(transactions: Transactions, real_now: datetime) -> Sequence[Sequence[str]]:
    """Mails that nobody else sends for now: those that go out as one message stand together."""
    with transactions.reading(HUB) as tx:
        if not mails.any_due(tx, NoticeChannel.MAIL, real_now=real_now):
            return []
    while True:
        with transactions.writing(HUB) as tx:
            due = mails.take_due(tx, NoticeChannel.MAIL, limit=BATCH, real_now=real_now, held_until=real_now + HELD_FOR)
            for mail in due:
                if mail.reader in (Reader.SUPERVISORS, Reader.APPROVERS):
                    _take_apart(tx, mail)
            groups = _together(tx, [mail for mail in due if mail.status == MailStatus.WAITING], real_now)
        # A lot of nothing but mails to all supervisors has made new ones, which are due as well.
        if groups or not due:
            return groups


def _together(tx: HubTransaction, single: Sequence[MailRecord], real_now: datetime) -> Sequence[Sequence[str]]:
    groups: dict[str, dict[str, MailRecord]] = {}
    for mail in single:
        words = TOGETHER.get(MailKind(mail.kind))
        key = mail.id if words is None else f"{words}:{mail.bank_code}:{mail.reader}:{mail.staff_id}"
        groups.setdefault(key, {})[mail.id] = mail
    for group in groups.values():
        first = next(iter(group.values()))
        words = TOGETHER.get(MailKind(first.kind))
        if words is None:
            continue
        kinds = [kind for kind, of_several in TOGETHER.items() if of_several == words]
        rest = mails.take_due_like(tx, first, kinds, real_now=real_now, held_until=real_now + HELD_FOR)
        group.update((mail.id, mail) for mail in rest)
        for mail in group.values():
            # The message that told them, for whoever asks what became of it.
            mail.message_id = first.message_id
    return [list(group) for group in groups.values()]


def _take_apart(tx: HubTransaction, mail: MailRecord) -> None:
    if mail.kind == MailKind.REVIEW_WAITING:
        _to_approvers(tx, mail)
        return
    supervisors = [each for each in _active(tx, mail.bank_code) if each.role == Role.SUPERVISOR]
    put(tx, *(_to_one(mail, each, mail.key) for each in supervisors))
    mails.settle(tx, mail, MailStatus.NOT_NEEDED, "one mail to each supervisor" if supervisors else "no supervisor")


def _to_approvers(tx: HubTransaction, mail: MailRecord) -> None:
    offer = tx.session.get_one(OfferRecord, mail.about_id)
    levels = offers.approvals_of(offer)
    place = next_level(levels)
    if offer.status != OfferStatus.AWAITING_APPROVAL or place is None:
        mails.settle(tx, mail, MailStatus.NOT_NEEDED, "overtaken")
        return
    people = _active(tx, mail.bank_code)
    # Nobody is asked to look over an offer of their own, or one that they have approved at another level.
    asked = [
        each
        for each in people
        if has_turn(levels, person=staff.actor_of(each), role=Role(each.role), maker=offer.made_by)
    ]
    # By the level whose turn it is, so that a mail of the level before, taken apart late, asks nobody twice.
    of_level = f"{MailKind.REVIEW_WAITING}:{offer.id}:{place}"
    put(tx, *(_to_one(mail, each, of_level) for each in asked))
    mails.settle(tx, mail, MailStatus.NOT_NEEDED, "one mail to each who may approve" if asked else "nobody may approve")
    if approvals.missing_roles(tx, offer):
        admins = [each for each in people if each.role == Role.BANK_ADMIN and staff.actor_of(each) != offer.made_by]
        of_offer = f"{MailKind.NO_REVIEWER}:{offer.id}"
        put(tx, *(_to_one(mail, each, of_offer, MailKind.NO_REVIEWER) for each in admins))
        operator_tasks.no_reviewer(tx, mail.negotiation_id, bank_code=mail.bank_code, offer_id=offer.id)


def _active(tx: HubTransaction, bank_code: str) -> list[StaffRecord]:
    return [each for each in staff.list_of_bank(tx, bank_code) if each.active]


def _to_one(mail: MailRecord, person: StaffRecord, key: str, kind: MailKind | None = None) -> NewMail:
    return NewMail(
        key=f"{key}:{person.id}",
        kind=kind or MailKind(mail.kind),
        reader=Reader.BANK_ADMIN if person.role == Role.BANK_ADMIN else Reader.SUPERVISOR,
        staff_id=person.id,
        negotiation_id=mail.negotiation_id,
        bank_code=mail.bank_code,
        about_id=mail.about_id,
        tells=mail.tells,
        not_before=mail.not_before,
    )


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
    # Another worker may have had it meanwhile, if this one was held up for very long.
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
