"""What people at a bank are told by mail of each other's work, put into the outbox in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hub.domain.approval import next_level
from hub.mail.kinds import MailKind
from hub.services.notifications.outbox import put, stamp, to_bank
from hub.services.transaction import HubTransaction
from storage import clocks, offers, staff
from storage.mails import NewMail, Reader
from storage.records import NegotiationRecord, OfferRecord, StaffRecord

# Longer than it takes to undo an assignment that was a slip.
TOLD_AFTER_ASSIGNING = timedelta(minutes=1)


def review_waiting(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    """Those at the bank who may approve the next level of the offer are told that it waits for one of them."""
    kind, step = MailKind.REVIEW_WAITING, f":{next_level(offers.approvals_of(offer))}"
    clock = clocks.find_running(tx, negotiation.id)
    due = None if clock is None or clocks.answer_time_of(clock).is_paused else clock.due_at
    put(tx, to_bank(negotiation, kind, Reader.APPROVERS, offer.id, tells=due, not_before=tx.now, step=step))


def many_reveals(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The bank's supervisors are told, once an hour, that one of its people had many customers shown in full."""
    kind, step = MailKind.MANY_REVEALS, f":{tx.actor}:{tx.now:%Y%m%d%H}"
    put(
        tx,
        to_bank(negotiation, kind, Reader.SUPERVISORS, negotiation.bank_code, tells=None, not_before=tx.now, step=step),
    )


def _maker_of(tx: HubTransaction, offer: OfferRecord) -> StaffRecord | None:
    """The account that made the offer; None where a program did."""
    kind, _, account = offer.made_by.partition(":")[2].partition("/")
    return staff.find(tx, account) if kind == "staff" else None


def assigned(tx: HubTransaction, negotiations: Sequence[NegotiationRecord], owner_id: str) -> None:
    """The new owner is told that the cases are theirs, a moment later, if they still are; nobody of what they took."""
    if tx.actor.id == f"staff/{owner_id}":
        return
    put(tx, *(_of_owner(tx, negotiation, owner_id) for negotiation in negotiations))


def _of_owner(tx: HubTransaction, negotiation: NegotiationRecord, owner_id: str) -> NewMail:
    clock = clocks.find_running(tx, negotiation.id)
    due = None if clock is None or clocks.answer_time_of(clock).is_paused else clock.due_at
    return NewMail(
        key=f"{MailKind.ASSIGNED}:{negotiation.id}:{owner_id}:{stamp(tx.now)}",
        kind=MailKind.ASSIGNED,
        reader=Reader.COLLEAGUE,
        staff_id=owner_id,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        about_id=negotiation.id,
        tells=due,
        not_before=tx.now + TOLD_AFTER_ASSIGNING,
    )


def offer_returned(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    """Whoever made the offer is told that it came back: the person, or the bank's desk where a program did."""
    _tell_maker(tx, negotiation, offer, MailKind.OFFER_RETURNED)


def offer_superseded(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    """The same: that it waits no more, since another one was opened; nobody of what they opened themselves."""
    if offer.made_by != str(tx.actor):
        _tell_maker(tx, negotiation, offer, MailKind.OFFER_SUPERSEDED)


def _tell_maker(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord, kind: MailKind) -> None:
    maker = _maker_of(tx, offer)
    reader = Reader.DESK if maker is None else Reader.MAKER
    queued = to_bank(negotiation, kind, reader, offer.id, tells=None, not_before=tx.now)
    put(tx, queued if maker is None else replace(queued, staff_id=maker.id))
