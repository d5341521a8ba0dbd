"""How an agreement ends: settled, ended for default, or replaced by a newer one over a card of its own."""

from datetime import date, datetime, time, timedelta

from hub.domain import labels, payments
from hub.domain.actor import Actor
from hub.domain.agreement_end import AgreementEnd, AgreementStatus, EndNote, EndReason, effective_at
from hub.domain.china import china_instant
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, Fault, Refused
from hub.domain.people import says_nothing
from hub.domain.plain import Plain
from hub.domain.proposed_account import share_a_card
from hub.services.agreements import (
    agreement_views,
    amendment_steps,
    default_notices,
    due_clearances,
    payment_standing,
)
from hub.services.agreements.finding import agreement_that_hears
from hub.services.agreements.signed_contents import debts_signed, texts_signed
from hub.services.applications.person_index import person_indexes
from hub.services.delivery import queueing
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import agreements, negotiation_locks
from storage.records import AgreementRecord, NegotiationRecord
from storage.submissions import submission_of


def end_agreement(
    tx: HubTransaction,
    negotiation_id: str,
    ending: AgreementEnd,
    *,
    bank_code: str,
) -> AgreementRecord:
    """The agreement is in force no more: log, person and the bank's systems say so. The same again changes nothing.

    With rows open it is settled only where the bank waives the rest, and in default only with as many missed rows as
    was signed; raises `AgreementConflict` `rows_open` and `not_defaulted`. What is not all paid needs the bank's
    words: `Refused`.
    """
    reason, text = ending.reason, ending.text
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    known = agreements.find_agreement(tx, negotiation.id)
    if known is not None and known.end_reason == reason:
        return known
    agreement = agreement_that_hears(tx, negotiation, "agreement_ended")
    rows = agreement_views.payment_rows(tx, agreement)
    is_paid = payments.next_open(rows) is None
    if says_nothing(text) and not (reason is EndReason.SETTLED and (is_paid or not ending.waive_rest)):
        raise Refused(Fault("/text", "text_required"))
    if reason is EndReason.SETTLED and not is_paid and not ending.waive_rest:
        raise AgreementConflict("rows_open", agreement.status, rows=sum(row.is_open for row in rows))
    if reason is EndReason.DEFAULTED:
        missed = len(payments.missed_rows(rows))
        needed = payments.rows_before_default(rows, texts_signed(tx, agreement).void_after_missed)
        if missed < needed:
            raise AgreementConflict("not_defaulted", agreement.status, missed=missed, needed=needed)
    waived_fen = None if any(row.total_fen is None for row in rows) else sum(row.open_fen for row in rows)
    note = EndNote(text=text, waived_fen=waived_fen if reason is EndReason.SETTLED else None)
    # What had failed by itself is over since then, whatever the bank says of it later.
    failed_at = agreement.end_effective_at if reason is EndReason.DEFAULTED else None
    _end(tx, negotiation, agreement, reason, note, by=tx.actor, effective=failed_at)
    return agreement


def settle_when_paid(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord) -> None:
    """The agreement whose last row was paid is settled by itself. The negotiation's row must be locked."""
    _end(tx, negotiation, agreement, EndReason.SETTLED, EndNote(text="", waived_fen=0), by=tx.actor)


def fail(tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord, *, due_on: date) -> None:
    """The agreement of one payment that was not all there on `due_on` has failed, from the next day on, as was signed.

    The negotiation's row must be locked.
    """
    failed_on = due_on + timedelta(days=1)
    note = EndNote(text="")
    _end(tx, negotiation, agreement, EndReason.FAILED, note, by=tx.actor, effective=china_instant(failed_on, time(0)))


def replace_older(tx: HubTransaction, negotiation: NegotiationRecord, newer: AgreementRecord) -> None:
    """Every other agreement in force of the same person over a card or loan of this one is ended by it.

    Also of those that are signed or ended at the same moment: no card is left under two agreements.
    """
    applicant = submission_of(tx, negotiation).applicant
    cards = debts_signed(tx, negotiation, newer)
    indexes = person_indexes(tx, applicant.id_type, applicant.id_number)
    negotiation_locks.lock_first_of_person(tx, indexes, bank_code=negotiation.bank_code)
    for agreement, older in agreements.list_in_force(tx, indexes, [negotiation.bank_code]):
        if agreement.id == newer.id or not share_a_card(cards, debts_signed(tx, older, agreement)):
            continue
        held = negotiation_locks.lock(tx, older.id)
        agreements.refresh_agreement(tx, agreement)
        if agreement.status != AgreementStatus.IN_FORCE:
            # The bank ended it while this one was being signed.
            continue
        note = EndNote(text=f"新协议编号 {newer.number}。", replaced_by=newer.number)
        _end(tx, held, agreement, EndReason.REPLACED, note, by=tx.actor)


def _end(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    agreement: AgreementRecord,
    reason: EndReason,
    note: EndNote,
    *,
    by: Actor,
    effective: datetime | None = None,
) -> None:
    notice_days = tx.bank(agreement.bank_code).rules.default_notice_days
    effective = effective or effective_at(reason, tx.now, notice_days=notice_days)
    is_paid = payments.next_open(agreement_views.payment_rows(tx, agreement)) is None
    agreements.end_agreement(tx, agreement, reason, note, effective_at=effective)
    agreement.judged_at = None
    amendment_steps.close_with_agreement(tx, negotiation, agreement, is_paid=is_paid)
    payment_standing.renew(tx, agreement)
    words = entry(EntryKind.AGREEMENT_ENDED, by, reason=labels.END_REASONS[reason], text=note.text)
    negotiation_log.note(tx, negotiation, words)
    due_clearances.open_when_settled(tx, negotiation, agreement)
    message: Plain = {
        "agreement": {
            "id": agreement.id,
            "number": agreement.number,
            "status": agreement.status,
            **agreement_views.ending_view(tx, agreement),
            "clearance": agreement_views.clearance_view(tx, agreement),
        },
        "text": note.text,
    }
    queueing.queue(tx, negotiation, MessageKind.AGREEMENT_ENDED, message)
    notifications.agreement_ended(tx, negotiation, agreement)
    default_notices.order(tx, agreement)
