"""What is told by mail: each function puts into the outbox, in the caller's transaction, what just happened.

Words and addresses are found when it is sent, by `outgoing_mail`.
"""

from collections.abc import Sequence
from datetime import time

from hub.domain.actor import Party
from hub.domain.agreement_end import EndReason
from hub.domain.china import china_instant
from hub.domain.delivery import MessageKind
from hub.domain.payments import PaymentRow
from hub.domain.reminders import CORRECTION_ENDING_BEFORE, OFFER_ENDING_BEFORE, escalation_at
from hub.mail.kinds import MailKind
from hub.services.notifications.outbox import put, stamp, to_bank, to_cardholder
from hub.services.transaction import HubTransaction
from storage import clocks, evidence_requests
from storage.mails import NewMail, Reader
from storage.records import (
    AgreementRecord,
    AmendmentRecord,
    ClockRecord,
    CollectionReportRecord,
    CreditNoteRecord,
    DeliveryRecord,
    EvidenceRequestRecord,
    NegotiationRecord,
    OfferRecord,
    PaymentRecord,
    ProposedAccountRecord,
)

_ARRIVALS = {
    MessageKind.SUBMITTED: MailKind.ARRIVED_SUBMITTED,
    MessageKind.COUNTER_OFFERED: MailKind.ARRIVED_COUNTER_OFFERED,
    MessageKind.MESSAGE: MailKind.ARRIVED_MESSAGE,
    MessageKind.ACCEPTED: MailKind.ARRIVED_ACCEPTED,
    MessageKind.WITHDRAWN: MailKind.ARRIVED_WITHDRAWN,
    MessageKind.AGREEMENT_ENDED: MailKind.ARRIVED_ENDED,
    MessageKind.AMENDMENT_REQUESTED: MailKind.ARRIVED_AMENDMENT_REQUESTED,
    MessageKind.AMENDED: MailKind.ARRIVED_AMENDED,
    MessageKind.AMENDMENT_CLOSED: MailKind.ARRIVED_AMENDMENT_CLOSED,
}
# What a bank itself can be the one to say.
_SAID_BY_BANKS = frozenset({MessageKind.AGREEMENT_ENDED, MessageKind.AMENDED, MessageKind.AMENDMENT_CLOSED})


def received(tx: HubTransaction, application_id: str, first: NegotiationRecord) -> None:
    """The person is told that the application is here: one mail, however many banks it goes to."""
    put(tx, to_cardholder(tx, first, MailKind.RECEIVED, application_id))


def returned(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that something must be put right, and until when; once more a week before that time ends."""
    step, until = f":{negotiation.version}", negotiation.correct_by
    queued = [to_cardholder(tx, negotiation, MailKind.RETURNED, negotiation.id, tells=until, step=step)]
    if until is not None:
        before, ending = until - CORRECTION_ENDING_BEFORE, MailKind.CORRECTION_ENDING
        queued.append(to_cardholder(tx, negotiation, ending, negotiation.id, tells=until, not_before=before, step=step))
    put(tx, *queued)


def offer_lapsed(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    """Person and desk are told that the negotiation has ended, since nobody took the last open `offer` in its time."""
    kind = MailKind.LAPSED
    of_desk = to_bank(negotiation, kind, Reader.DESK, negotiation.id, tells=offer.valid_until, not_before=tx.now)
    put(tx, to_cardholder(tx, negotiation, MailKind.OFFER_LAPSED, negotiation.id), of_desk)


def correction_lapsed(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that the negotiation has ended, since no correction came; the bank never heard of it."""
    put(tx, to_cardholder(tx, negotiation, MailKind.CORRECTION_LAPSED, negotiation.id))


def undeliverable(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that the bank's system does not have the application yet; each time it is given up."""
    step = f":{negotiation.log_length}"
    put(tx, to_cardholder(tx, negotiation, MailKind.UNDELIVERABLE, negotiation.id, step=step))


def written(tx: HubTransaction, negotiation: NegotiationRecord, sequence: int) -> None:
    """The person is told that the bank wrote; `sequence` is the message's place in the log."""
    put(tx, to_cardholder(tx, negotiation, MailKind.MESSAGE, negotiation.id, step=f":{sequence}"))


def files_unreadable(tx: HubTransaction, negotiation: NegotiationRecord, request: EvidenceRequestRecord) -> None:
    """The person is told that none of the files of an answer can be opened, while there is time for others."""
    step = f":{negotiation.log_length}"
    put(
        tx,
        to_cardholder(tx, negotiation, MailKind.FILES_UNREADABLE, request.id, tells=request.due_at, step=step),
    )


def arrived(tx: HubTransaction, negotiation: NegotiationRecord, delivery: DeliveryRecord, *, declines: bool) -> None:
    """Where the hub itself is the bank's system its desk is told of the message; the person, of a clock it opened.

    `declines` says that the message is the person's no to an offer.
    """
    clock = clocks.find_running(tx, negotiation.id)
    kind = MessageKind(delivery.kind)
    queued = []
    in_house = tx.adapters.adapter(tx.bank(negotiation.bank_code).adapter).in_house
    # What a bank said here itself it is not told again.
    if in_house and not (kind in _SAID_BY_BANKS and tx.actor.party == Party.BANK):
        due = None if clock is None or clocks.answer_time_of(clock).is_paused else clock.due_at
        of_message = MailKind.ARRIVED_DECLINED if declines else _ARRIVALS[kind]
        queued.append(to_bank(negotiation, of_message, Reader.DESK, delivery.id, tells=due, not_before=tx.now))
    if clock is not None and clock.delivery_id == delivery.id:
        of_clock = MailKind.DELIVERED if kind == MessageKind.SUBMITTED else MailKind.COUNTER_DELIVERED
        queued.append(to_cardholder(tx, negotiation, of_clock, clock.id, tells=clock.due_at))
    put(tx, *queued)


def asked(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that the bank asked for papers, and until when they can answer."""
    request = evidence_requests.find_open(tx, negotiation.id)
    if request is not None:
        put(tx, to_cardholder(tx, negotiation, MailKind.ASKED, request.id, tells=request.due_at))


def decision_deferred(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that the bank has named a day by which it decides; each time it names one."""
    step = f":{negotiation.log_length}"
    put(tx, to_cardholder(tx, negotiation, MailKind.DECISION_DEFERRED, negotiation.id, step=step))


def claim_transferred(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that there is a notice; what it says stands on the page alone."""
    put(tx, to_cardholder(tx, negotiation, MailKind.CLAIM_TRANSFERRED, negotiation.id))


def offered(tx: HubTransaction, negotiation: NegotiationRecord, offer: OfferRecord) -> None:
    """The person is told of the offer, and once more two days before it ends."""
    queued = [to_cardholder(tx, negotiation, MailKind.OFFERED, offer.id, tells=offer.valid_until)]
    if offer.valid_until is not None:
        before = offer.valid_until - OFFER_ENDING_BEFORE
        ending = MailKind.OFFER_ENDING
        queued.append(to_cardholder(tx, negotiation, ending, offer.id, tells=offer.valid_until, not_before=before))
    put(tx, *queued)


def paper_ready(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that the agreement's paper can be downloaded."""
    put(tx, to_cardholder(tx, negotiation, MailKind.PAPER_READY, negotiation.id))


def agreed(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> None:
    """The person is told that the agreement is in force."""
    put(tx, to_cardholder(tx, negotiation, MailKind.AGREED, agreement.id))


def payment_due(
    tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord, row: PaymentRow
) -> None:
    """The person is told which day the row is due on, once; of a day that was moved anew."""
    day, step = china_instant(row.due_on, time(0)), f":{row.number}:{row.due_on:%Y%m%d}"
    put(tx, to_cardholder(tx, negotiation, MailKind.PAYMENT_DUE, agreement.id, tells=day, step=step))


def payment_missed(tx: HubTransaction, negotiation: NegotiationRecord, payment: PaymentRecord) -> None:
    """The person is told that the bank misses a payment."""
    put(tx, to_cardholder(tx, negotiation, MailKind.PAYMENT_MISSED, payment.id))


def agreement_ended(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> None:
    """The person is told that the agreement is in force no more, and from when that counts."""
    counts_from = agreement.end_effective_at
    # What failed can end once more, by the bank's word.
    step = ":failed" if agreement.end_reason == EndReason.FAILED else ""
    put(tx, to_cardholder(tx, negotiation, MailKind.AGREEMENT_ENDED, agreement.id, tells=counts_from, step=step))


def amendment_answered(tx: HubTransaction, negotiation: NegotiationRecord, amendment: AmendmentRecord) -> None:
    """The person is told that the bank quoted, proposed or refused; each answer is one mail."""
    step = f":{negotiation.log_length}"
    put(tx, to_cardholder(tx, negotiation, MailKind.AMENDMENT_ANSWERED, amendment.id, step=step))


def amended(tx: HubTransaction, negotiation: NegotiationRecord, amendment: AmendmentRecord) -> None:
    """The person is told that the amendment counts."""
    put(tx, to_cardholder(tx, negotiation, MailKind.AMENDED, amendment.id))


def amendment_lapsed(tx: HubTransaction, negotiation: NegotiationRecord, amendment: AmendmentRecord) -> None:
    """The person is told that the request is over and the rows of before go on."""
    step = f":{negotiation.log_length}"
    put(tx, to_cardholder(tx, negotiation, MailKind.AMENDMENT_LAPSED, amendment.id, step=step))


def collection_reported(tx: HubTransaction, negotiation: NegotiationRecord, report: CollectionReportRecord) -> None:
    """Desk and supervisors are told that somebody collects although an agreement is in force."""
    put(
        tx,
        *(
            to_bank(
                negotiation,
                MailKind.COLLECTION_REPORTED,
                reader,
                report.id,
                tells=report.due_at,
                not_before=tx.now,
            )
            for reader in (Reader.DESK, Reader.SUPERVISORS)
        ),
    )


def collection_answered(tx: HubTransaction, negotiation: NegotiationRecord, report: CollectionReportRecord) -> None:
    """The person is told that the bank answered their report."""
    put(tx, to_cardholder(tx, negotiation, MailKind.COLLECTION_ANSWERED, report.id))


def credit_note_asked(tx: HubTransaction, negotiation: NegotiationRecord, note: CreditNoteRecord) -> None:
    """The desk is told that the person asks it to check an entry at the credit register."""
    kind = MailKind.CREDIT_NOTE_ASKED
    put(tx, to_bank(negotiation, kind, Reader.DESK, note.id, tells=note.due_at, not_before=tx.now))


def credit_note_answered(tx: HubTransaction, negotiation: NegotiationRecord, note: CreditNoteRecord) -> None:
    """The person is told that the bank answered what they asked it to check."""
    put(tx, to_cardholder(tx, negotiation, MailKind.CREDIT_NOTE_ANSWERED, note.id))


def account_proposed(tx: HubTransaction, negotiation: NegotiationRecord, account: ProposedAccountRecord) -> None:
    """The person is told that the bank asks whether a further card shall be part of the negotiation."""
    put(tx, to_cardholder(tx, negotiation, MailKind.ACCOUNT_PROPOSED, account.id))


def consent_withdrawn(tx: HubTransaction, negotiation: NegotiationRecord) -> None:
    """The person is told that what they took back is in force; which consent it was stands on the page alone."""
    put(
        tx,
        to_cardholder(tx, negotiation, MailKind.CONSENT_WITHDRAWN, negotiation.id, step=f":{negotiation.log_length}"),
    )


def refused(tx: HubTransaction, negotiation: NegotiationRecord, *, ended: bool) -> None:
    """The person is told of the bank's no: to the whole, or only to the counter-offer while an offer is still open."""
    kind = MailKind.REFUSED if ended else MailKind.COUNTER_REFUSED
    put(tx, to_cardholder(tx, negotiation, kind, negotiation.id, step=f":{negotiation.log_length}"))


def moved(tx: HubTransaction, negotiation: NegotiationRecord, clock: ClockRecord) -> None:
    """Both sides are told when the bank's answer is due now; each move is one mail, as it is one entry of the log.

    A bank that pauses its clock by asking for papers knows it.
    """
    step, due = f":{negotiation.log_length}", clock.due_at
    queued = [to_cardholder(tx, negotiation, MailKind.MOVED, clock.id, tells=due, step=step)]
    if not clocks.answer_time_of(clock).is_paused:
        kind = MailKind.DUE_MOVED
        queued.append(to_bank(negotiation, kind, Reader.DESK, clock.id, tells=due, not_before=tx.now, step=step))
    put(tx, *queued)


def breached(tx: HubTransaction, late: Sequence[tuple[NegotiationRecord, ClockRecord]]) -> None:
    """Of each late clock desk, owner, leads and person are told; desk, owner and managers again a working day later."""
    put(tx, *(mail for negotiation, clock in late for mail in _of_breach(tx, negotiation, clock)))


def _of_breach(tx: HubTransaction, negotiation: NegotiationRecord, clock: ClockRecord) -> list[NewMail]:
    due, step = clock.due_at, f":{stamp(clock.due_at)}"
    later = escalation_at(due, tx.calendar())
    steps = (
        (MailKind.BREACHED, Reader.DESK, due),
        (MailKind.ESCALATED, Reader.DESK, later),
        (MailKind.ESCALATED, Reader.MANAGERS, later),
    )
    return [
        *(
            to_bank(negotiation, kind, reader, clock.id, tells=due, not_before=at, step=step)
            for kind, reader, at in steps
        ),
        to_cardholder(tx, negotiation, MailKind.LATE, clock.id, tells=due, not_before=due, step=step),
    ]
