"""Review: what a bank does with a negotiation, whether by its staff, its programs or its system."""

from hub.domain import labels
from hub.domain.answer_time import request_due_at
from hub.domain.china import china_day
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, Refused, StatusConflict
from hub.domain.lifecycle import BANKS_TURN, Event, Status, allows
from hub.domain.review import DecisionDeferral, EvidenceRequest, Rejection, RejectionReason
from hub.services.negotiations import answer_clocks, closing, negotiation_log, owners
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction
from storage import clocks, communications, decisions, evidence_requests, offers
from storage.records import NegotiationRecord


def acknowledge(tx: HubTransaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    """Somebody at the bank has picked it up, whose case it is if it was nobody's. The clock runs on.

    A second time changes nothing, whatever came of it meanwhile.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if not _is_acknowledged(tx, negotiation):
        negotiation_log.apply_event(tx, negotiation, Event.ACKNOWLEDGED, entry(EntryKind.ACKNOWLEDGED, tx.actor))
        owners.take_unowned(tx, negotiation)
    return negotiation


def _is_acknowledged(tx: HubTransaction, negotiation: NegotiationRecord) -> bool:
    if negotiation.status == Status.IN_REVIEW:
        return True
    has_moved_on = not allows(Status(negotiation.status), Event.ACKNOWLEDGED)
    return has_moved_on and communications.has_kind(tx, negotiation.id, EntryKind.ACKNOWLEDGED)


def defer_decision(
    tx: HubTransaction, negotiation_id: str, deferral: DecisionDeferral, *, bank_code: str
) -> NegotiationRecord:
    """The person is told by which day the bank decides; its clock runs on, and is breached as ever.

    It is picked up with it. The same again changes nothing, another day or other words take the place of the former.
    Raises `StatusConflict` where it is not the bank's turn, and `Refused` for a day out of bounds.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if negotiation.status not in BANKS_TURN:
        raise StatusConflict(negotiation.status, EntryKind.DECISION_DEFERRED)
    if decisions.deferral_of(tx, negotiation) == deferral:
        return negotiation
    faults = deferral.faults(today=china_day(tx.now))
    if faults:
        raise Refused(*faults)
    if negotiation.status == Status.AWAITING_BANK:
        acknowledge(tx, negotiation_id, bank_code=bank_code)
    decisions.set_deferral(tx, negotiation, deferral)
    decision_by = deferral.decision_by.isoformat()
    deferred = entry(EntryKind.DECISION_DEFERRED, tx.actor, decision_by=decision_by, text=deferral.text)
    negotiation_log.note(tx, negotiation, deferred)
    notifications.decision_deferred(tx, negotiation)
    return negotiation


def request_evidence(
    tx: HubTransaction, negotiation_id: str, wanted: EvidenceRequest, *, bank_code: str
) -> NegotiationRecord:
    """The cardholder is asked for papers, until `closes_at` on the fifth working day.

    The clock runs on, unless this bank pauses. The same request again changes nothing.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    open_request = evidence_requests.find_open(tx, negotiation.id)
    if (
        open_request is not None
        and negotiation.status == Status.AWAITING_CARDHOLDER
        and evidence_requests.kinds_of(tx, open_request) == list(wanted.kinds)
        and evidence_requests.text_of(tx, open_request) == wanted.text
    ):
        return negotiation
    asked = "、".join(labels.EVIDENCE_KINDS[kind] for kind in wanted.kinds)
    words = f"{wanted.text}\n（{asked}）" if asked else wanted.text
    negotiation_log.apply_event(
        tx, negotiation, Event.EVIDENCE_REQUESTED, entry(EntryKind.EVIDENCE_REQUESTED, tx.actor, text=words)
    )
    rules = tx.bank(bank_code).rules
    due_at = request_due_at(tx.now, rules.closes_at, tx.calendar())
    evidence_requests.add_request(tx, negotiation, wanted, due_at=due_at)
    notifications.asked(tx, negotiation)
    answer_clocks.pause(tx, negotiation)
    return negotiation


def reasons_open(tx: HubTransaction, negotiation_id: str) -> tuple[RejectionReason, ...]:
    """Why the bank may say no just now: papers are missing only where it asked for some and got no answer."""
    has_asked = evidence_requests.any_unanswered(tx, negotiation_id)
    return tuple(each for each in RejectionReason if has_asked or each != RejectionReason.INCOMPLETE)


def reject(tx: HubTransaction, negotiation_id: str, rejection: Rejection, *, bank_code: str) -> NegotiationRecord:
    """The bank has said no, with a reason and words to the person; its clock is answered.

    While an earlier offer of its own is open, only the counter-offer is rejected, and that offer can still be
    accepted. `incomplete` is refused unless a request for evidence went unanswered. The same again changes nothing;
    another reason or other words once it is over raise `StatusConflict`.
    """
    reason, text = rejection.reason_code, rejection.text
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    if _is_said(tx, negotiation, rejection):
        return negotiation
    if not allows(Status(negotiation.status), Event.REJECTED):
        raise StatusConflict(negotiation.status, Event.REJECTED)
    acceptable = offers.list_acceptable(tx, negotiation.id)
    # "Other" says nothing that the words do not say.
    named = "" if reason == RejectionReason.OTHER else f"原因：{labels.REJECTION_REASONS[reason]}。"
    rejected = entry(EntryKind.REJECTED, tx.actor, reason=named, text=text)
    if reason not in reasons_open(tx, negotiation.id):
        raise Refused(Fault("/reason_code", "reason_incomplete_not_allowed"))
    status = negotiation_log.apply_event(tx, negotiation, Event.REJECTED, rejected, another_offer_open=bool(acceptable))
    clocks.answer(tx, negotiation)
    if status == Status.REJECTED:
        closing.close(tx, negotiation)
        decisions.set_rejection(tx, negotiation, reason, text)
    else:
        closing.decide_offers(tx, negotiation, Status.REJECTED, but_for=acceptable)
        evidence_requests.close(tx, negotiation.id)
    notifications.refused(tx, negotiation, ended=status == Status.REJECTED)
    return negotiation


def _is_said(tx: HubTransaction, negotiation: NegotiationRecord, rejection: Rejection) -> bool:
    is_over = negotiation.status == Status.REJECTED
    if not is_over or negotiation.reason_code != rejection.reason_code:
        return False
    return decisions.rejection_text_of(tx, negotiation) == rejection.text
