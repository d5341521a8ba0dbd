"""Whether what a mail tells still matters when it is sent, or was overtaken by what happened since."""

from hub.domain.agreement_end import AgreementStatus
from hub.domain.approval import has_turn
from hub.domain.china import china_day
from hub.domain.lifecycle import Status
from hub.domain.offer import OfferStatus
from hub.domain.payments import missed_rows
from hub.domain.staff import Role
from hub.mail.kinds import OF_A_CLOCK, PRESSING, MailKind
from hub.services.agreements.agreement_views import payment_rows
from hub.services.notifications import clearance_mails
from hub.services.transaction import HubTransaction
from storage import clocks, offers, staff
from storage.records import (
    AgreementRecord,
    ClockRecord,
    EvidenceRequestRecord,
    MailRecord,
    NegotiationRecord,
    OfferRecord,
    PaymentRecord,
)


def still_matters(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    """Whether anybody has a use for the mail now; one that does not is never sent."""
    if kind in PRESSING:
        return _clock_stands(tx, mail)
    if kind == MailKind.OFFER_ENDING:
        return _offer_is_open(tx, mail)
    if kind in (MailKind.REVIEW_WAITING, MailKind.NO_REVIEWER):
        return _still_waits(tx, mail, kind)
    if kind == MailKind.CORRECTION_ENDING:
        return tx.session.get_one(NegotiationRecord, mail.negotiation_id).correct_by == mail.tells
    if kind in (MailKind.PAYMENT_DUE, MailKind.PAYMENT_MISSED):
        return _payment_lies_ahead(tx, mail) if kind == MailKind.PAYMENT_DUE else _payment_still_lacks(tx, mail)
    return clearance_mails.still_matters(tx, mail)


def _still_waits(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    """Whether the offer still waits for approval, and for whom the mail asks to give it."""
    offer = tx.session.get_one(OfferRecord, mail.about_id)
    person = None if mail.staff_id is None else staff.find(tx, mail.staff_id)
    if offer.status != OfferStatus.AWAITING_APPROVAL or person is None or kind == MailKind.NO_REVIEWER:
        return offer.status == OfferStatus.AWAITING_APPROVAL
    levels = offers.approvals_of(offer)
    return has_turn(levels, person=staff.actor_of(person), role=Role(person.role), maker=offer.made_by)


def _clock_stands(tx: HubTransaction, mail: MailRecord) -> bool:
    clock = tx.session.get_one(ClockRecord, mail.about_id)
    over = clock.answered_at is not None or clock.ended_at is not None
    return not over and not clocks.answer_time_of(clock).is_paused and clock.due_at == mail.tells


def _offer_is_open(tx: HubTransaction, mail: MailRecord) -> bool:
    offer = tx.session.get_one(OfferRecord, mail.about_id)
    return offer.status == OfferStatus.OPEN and offer.valid_until is not None and tx.now < offer.valid_until


def _payment_lies_ahead(tx: HubTransaction, mail: MailRecord) -> bool:
    """Whether something is owed on the day that the mail tells, which has not passed."""
    agreement = tx.session.get_one(AgreementRecord, mail.about_id)
    if agreement.status != AgreementStatus.IN_FORCE or mail.tells is None:
        return False
    day = china_day(mail.tells)
    return china_day(tx.now) <= day and any(row.is_open and row.due_on == day for row in payment_rows(tx, agreement))


def _payment_still_lacks(tx: HubTransaction, mail: MailRecord) -> bool:
    payment = tx.session.get_one(PaymentRecord, mail.about_id)
    agreement = tx.session.get_one(AgreementRecord, payment.agreement_id)
    missed = missed_rows(payment_rows(tx, agreement))
    return agreement.status == AgreementStatus.IN_FORCE and any(row.number == payment.number for row in missed)


def is_overtaken(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    """Whether what the mail tells is true no more, though it did happen and is told."""
    if kind in OF_A_CLOCK:
        clock = tx.session.get_one(ClockRecord, mail.about_id)
        return clock.answered_at is not None or clock.ended_at is not None or clock.due_at != mail.tells
    if kind == MailKind.OFFERED:
        return not _offer_is_open(tx, mail)
    if kind in (MailKind.ASKED, MailKind.FILES_UNREADABLE):
        request = tx.session.get_one(EvidenceRequestRecord, mail.about_id)
        return any(at is not None for at in (request.answered_at, request.lapsed_at, request.closed_at))
    return _negotiation_went_on(tx, mail, kind)


def _negotiation_went_on(tx: HubTransaction, mail: MailRecord, kind: MailKind) -> bool:
    negotiation = tx.session.get_one(NegotiationRecord, mail.negotiation_id)
    if kind == MailKind.RETURNED:
        return negotiation.correct_by != mail.tells
    if kind == MailKind.DECISION_DEFERRED:
        return negotiation.decision_by is None
    if kind == MailKind.UNDELIVERABLE:
        return negotiation.status != Status.UNDELIVERABLE
    if kind == MailKind.COUNTER_REFUSED:
        # The mail says that the bank's earlier offer still stands.
        return not offers.list_acceptable(tx, negotiation.id)
    if kind == MailKind.AGREED:
        return tx.session.get_one(AgreementRecord, mail.about_id).status != AgreementStatus.IN_FORCE
    return False
