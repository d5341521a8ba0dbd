"""What each step of an amendment leaves behind: its status, the entry of the log, the mail, the message to the bank."""

from datetime import time

from hub.domain.actor import Party
from hub.domain.agreement_end import AgreementStatus
from hub.domain.amendment import AmendmentEvent, AmendmentKind, AmendmentStatus
from hub.domain.china import china_instant
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, NotFound
from hub.domain.payments import next_open
from hub.domain.plain import Plain, to_plain
from hub.domain.terms import Kind
from hub.services.agreements import amendment_views, payment_reminders, payment_standing
from hub.services.agreements.agreement_views import payment_rows
from hub.services.agreements.signed_contents import kind_signed
from hub.services.delivery import queueing
from hub.services.documents.papers import print_job
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import amendments, negotiation_locks, signing_codes
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord

PRINT_JOB = "print_amendment"
# How an open request is over by itself, and why, by where it stood.
_OVER = {
    AmendmentStatus.WITH_BANK: AmendmentEvent.LAPSED,
    AmendmentStatus.QUOTED: AmendmentEvent.LAPSED,
    AmendmentStatus.PROPOSED: AmendmentEvent.LAPSED,
    AmendmentStatus.AWAITING_PAYMENT: AmendmentEvent.NOT_PAID,
}
_WHY = {
    AmendmentStatus.WITH_BANK: "银行没有在希望结清的日子之前报价",
    AmendmentStatus.QUOTED: "报价已过有效期",
    AmendmentStatus.PROPOSED: "银行的提议已过有效期",
    AmendmentStatus.AWAITING_PAYMENT: "没有在约定的日子前足额到账",
}
_AGREEMENT_ENDED = "协议已经结束"


def require_askable(tx: HubTransaction, agreement: AgreementRecord, *, except_for: frozenset[Kind]) -> None:
    """Nothing, or `AgreementConflict`: another request is open, nothing is owed, or the kind of plan has no such."""
    if kind_signed(tx, agreement) in except_for:
        raise AgreementConflict("not_for_this_agreement", agreement.status)
    if amendments.find_open(tx, agreement.id) is not None:
        raise AgreementConflict("amendment_open", agreement.status)
    if next_open(payment_rows(tx, agreement)) is None:
        raise AgreementConflict("nothing_open", agreement.status)


def what_of(tx: HubTransaction, record: AmendmentRecord) -> str:
    """What was asked for, in the log's words."""
    asked = amendments.asked_of(tx, record)
    if record.kind == AmendmentKind.EARLY_SETTLEMENT:
        return f"于 {asked['settle_on']} 提前结清"
    return f"把还款日改为每月 {asked['day']} 日"


def asked(tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, *, text: str) -> None:
    """The request is in the log; what a person asks is on its way to the bank."""
    who = "银行" if record.by == Party.BANK else "持卡人"
    words = entry(EntryKind.AMENDMENT_ASKED, tx.actor, who=who, what=what_of(tx, record), text=text)
    negotiation_log.note(tx, negotiation, words)
    if record.by != Party.BANK:
        tell_bank(tx, negotiation, record, MessageKind.AMENDMENT_REQUESTED)


def answered(
    tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, event: AmendmentEvent, answer: str
) -> None:
    """The bank's figures or days are in the log with their digest, and the person is told."""
    amendments.apply_event(tx, record, event)
    contents = amendments.contents_of(tx, record)
    attachments = [] if contents is None else [amendment_views.attachment(tx, negotiation, record, contents)]
    words = entry(EntryKind.AMENDMENT_ANSWERED, tx.actor, attachments, what=what_of(tx, record), answer=answer)
    negotiation_log.note(tx, negotiation, words)
    notifications.amendment_answered(tx, negotiation, record)


def refused(tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, text: str) -> None:
    """The bank's no is in the log, and the person is told."""
    amendments.set_answer(tx, record, {"text": text})
    amendments.apply_event(tx, record, AmendmentEvent.REFUSED)
    words = entry(EntryKind.AMENDMENT_REFUSED, tx.actor, what=what_of(tx, record), text=text)
    negotiation_log.note(tx, negotiation, words)
    notifications.amendment_answered(tx, negotiation, record)


def signed(tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, event: AmendmentEvent) -> None:
    """The amendment counts: it has its number, is in the log, told to both sides, and its paper is on its way."""
    agreement = tx.session.get_one(AgreementRecord, record.agreement_id)
    amendments.apply_event(tx, record, event)
    amendments.signed(tx, record, agreement.number)
    payment_standing.renew(tx, agreement)
    payment_reminders.plan_next(tx, agreement)
    contents = amendments.contents_of(tx, record)
    if contents is None:
        raise NotFound
    logged = amendment_views.attachment(tx, negotiation, record, contents)
    words = entry(EntryKind.AMENDED, tx.actor, [logged], what=what_of(tx, record), number=record.number)
    negotiation_log.note(tx, negotiation, words)
    more: Plain = {"contents": to_plain(contents), "digest": amendment_views.digest(contents)}
    tell_bank(tx, negotiation, record, MessageKind.AMENDED, more)
    notifications.amended(tx, negotiation, record)
    tx.jobs.enqueue(tx.session, print_job(PRINT_JOB, record.id, why="signed"))


def lapse(tx: HubTransaction, amendment_id: str) -> None:
    """The request whose time is over is over, and a settlement that was not paid fails; a second call does nothing."""
    known = tx.session.get(AmendmentRecord, amendment_id)
    if known is None:
        return
    negotiation = negotiation_locks.lock(tx, known.negotiation_id)
    tx.session.refresh(known)
    status = AmendmentStatus(known.status)
    if status in _OVER and known.lapses_at is not None and known.lapses_at <= tx.now:
        _over(tx, negotiation, known, _OVER[status], _WHY[status])


def close_with_agreement(
    tx: HubTransaction, negotiation: NegotiationRecord, agreement: AgreementRecord, *, is_paid: bool
) -> None:
    """Nothing is open of an agreement that ended: what was paid is done, everything else is over."""
    record = amendments.find_open(tx, agreement.id)
    if record is None:
        return
    status = AmendmentStatus(record.status)
    if status is AmendmentStatus.AWAITING_PAYMENT and is_paid:
        amendments.apply_event(tx, record, AmendmentEvent.PAID)
        return
    _over(tx, negotiation, record, _OVER[status], _AGREEMENT_ENDED)


def _over(
    tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, event: AmendmentEvent, why: str
) -> None:
    amendments.apply_event(tx, record, event)
    words = entry(EntryKind.AMENDMENT_LAPSED, tx.actor, what=what_of(tx, record), why=why)
    negotiation_log.note(tx, negotiation, words)
    tell_bank(tx, negotiation, record, MessageKind.AMENDMENT_CLOSED)
    agreement = tx.session.get_one(AgreementRecord, record.agreement_id)
    if agreement.status == AgreementStatus.IN_FORCE:
        payment_standing.renew(tx, agreement)
        notifications.amendment_lapsed(tx, negotiation, record)


def ended_by_person(
    tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord, event: AmendmentEvent, text: str
) -> None:
    """The person goes on as before; the bank is told, with their words."""
    amendments.apply_event(tx, record, event)
    words = entry(EntryKind.AMENDMENT_DECLINED, tx.actor, what=what_of(tx, record), text=text)
    negotiation_log.note(tx, negotiation, words)
    tell_bank(tx, negotiation, record, MessageKind.AMENDMENT_CLOSED, {"text": text})


def outdated(tx: HubTransaction, negotiation: NegotiationRecord, record: AmendmentRecord) -> None:
    """Money came after the quote: the bank has to quote anew, and is told; no code of this quote signs the next."""
    amendments.apply_event(tx, record, AmendmentEvent.OUTDATED)
    for code in signing_codes.list_of(tx, record.id):
        code.expires_at = min(code.expires_at, tx.now)
    amendments.set_answer(tx, record, None)
    amendments.set_contents(tx, record, None)
    record.valid_until = None
    record.lapses_at = china_instant(amendment_views.settle_on_of(tx, record), time())
    words = entry(EntryKind.AMENDMENT_OUTDATED, tx.actor, what=what_of(tx, record))
    negotiation_log.note(tx, negotiation, words)
    tell_bank(tx, negotiation, record, MessageKind.AMENDMENT_REQUESTED)


def tell_bank(
    tx: HubTransaction,
    negotiation: NegotiationRecord,
    record: AmendmentRecord,
    kind: MessageKind,
    more: Plain | None = None,
) -> None:
    """The bank's systems hear of the step: whose agreement, what was asked, where it stands."""
    agreement = tx.session.get_one(AgreementRecord, record.agreement_id)
    message: Plain = {
        "agreement": {"id": agreement.id, "number": agreement.number},
        "amendment": {
            "id": record.id,
            "kind": record.kind,
            "status": record.status,
            "number": record.number,
            **amendments.asked_of(tx, record),
            **(more or {}),
        },
    }
    queueing.queue(tx, negotiation, kind, message)
