"""Deductions that a person reports: on record, sent to the creditor, and noted where one came during a hold.

A hold is an agreement in force with who deducted: no more than the row that is due may be taken.
"""

from collections.abc import Sequence

from hub.domain.agreement_end import AgreementStatus
from hub.domain.amounts import yuan
from hub.domain.china import china_day
from hub.domain.deduction import MOST_DEDUCTIONS, Deduction, Hold
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict, Fault, NotFound, Refused
from hub.domain.issuers import same_bank
from hub.domain.mandate import MandateContents
from hub.domain.plain import Plain, instant, to_plain
from hub.domain.revocation import ReportEvent, ReportStatus
from hub.domain.service_request import RequestKind
from hub.mail.kinds import MailKind
from hub.services.accounts.subjects import Subject, negotiations_of
from hub.services.agreements.agreement_views import payment_rows
from hub.services.mandates import mandates, revoking, telling
from hub.services.negotiations import correspondence
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.notifications import request_mails
from hub.services.notifications.outbox import put, to_bank
from hub.services.requests import moving, opening, sending
from hub.services.requests.opening import NewRequest
from hub.services.transaction import HubTransaction
from storage import agreements, deductions, request_clocks, service_requests
from storage import mandates as mandate_rows
from storage.mails import Reader
from storage.records import AgreementRecord, DeductionRecord, NegotiationRecord, ServiceRequestRecord
from storage.submissions import submission_of


def report(tx: HubTransaction, subject: Subject, deduction: Deduction) -> DeductionRecord:
    """The deduction is on record and on its way to the creditor, whose answer is due in three working days.

    One dated inside a hold and above the row that was due is told to the desk and the supervisors of the bank whose
    agreement it is, once. Raises `NotFound` for another's mandate, and `Refused` `time_in_future` or
    `deductions_too_many`.
    """
    correspondence.require_past(tx, deduction.at)
    if len(deductions.list_of(tx, subject.indexes, client_id=subject.client_id)) >= MOST_DEDUCTIONS:
        raise Refused(Fault("", "deductions_too_many", {"most": MOST_DEDUCTIONS}))
    broken = _broken_hold(tx, subject, deduction)
    record = deductions.add(
        tx, subject.indexes[0], client_id=subject.client_id, deduction=deduction, during_hold=broken is not None
    )
    here = next((code for code in _receivers_of(tx, subject, deduction) if revoking.is_here(tx, code)), None)
    if here is not None:
        # Another bank's agreement is no business of the one that gets the report.
        is_theirs = broken is not None and same_bank(broken.bank_code, here)
        _sent(tx, subject, record, deduction, here, during_hold=is_theirs)
    if broken is not None:
        _tell_bank(tx, broken, record)
    _tell_person(tx, deduction, record)
    return record


def _receivers_of(tx: HubTransaction, subject: Subject, deduction: Deduction) -> Sequence[str]:
    """Who may be sent the report: the creditor that was named, or the mandate's payee and the bank of its account."""
    if deduction.mandate_id is not None:
        return _mandate_of(tx, subject, deduction.mandate_id).receivers
    return (str(deduction.creditor_code),)


def _taken_by(tx: HubTransaction, subject: Subject, deduction: Deduction) -> str | None:
    """The creditor who deducted; None for a payment company. The bank of the account is not, unless it is the payee."""
    if deduction.mandate_id is not None:
        return _mandate_of(tx, subject, deduction.mandate_id).payee_code
    return deduction.creditor_code


def _mandate_of(tx: HubTransaction, subject: Subject, mandate_id: str) -> MandateContents:
    return mandate_rows.contents_of(tx, mandates.get_own(tx, subject, mandate_id))


def _broken_hold(tx: HubTransaction, subject: Subject, deduction: Deduction) -> NegotiationRecord | None:
    """The negotiation with who deducted whose agreement forbade it; None where none did."""
    taken_by = _taken_by(tx, subject, deduction)
    if taken_by is None:
        return None
    day = china_day(deduction.at)
    for negotiation in negotiations_of(tx, subject):
        if negotiation.erased_at is not None or not same_bank(negotiation.bank_code, taken_by):
            continue
        agreement = agreements.find_agreement(tx, negotiation.id)
        if agreement is not None and _hold(tx, agreement).forbids(day, deduction.amount_fen):
            return negotiation
    return None


def _hold(tx: HubTransaction, agreement: AgreementRecord) -> Hold:
    is_over = agreement.status != AgreementStatus.IN_FORCE and agreement.ended_at is not None
    return Hold(
        held_from=china_day(agreement.signed_at),
        held_until=china_day(agreement.ended_at) if is_over and agreement.ended_at is not None else None,
        rows=payment_rows(tx, agreement),
    )


def _sent(
    tx: HubTransaction,
    subject: Subject,
    record: DeductionRecord,
    deduction: Deduction,
    bank_code: str,
    *,
    during_hold: bool,
) -> None:
    body = {
        "at": instant(deduction.at),
        "amount_fen": deduction.amount_fen,
        "account_last4": deduction.account_last4,
        "text": deduction.text or None,
        "during_hold": during_hold,
        "mandate": _mandate_told(tx, subject, deduction),
        "holder": _holder(tx, subject, deduction, bank_code),
    }
    request = opening.open_request(
        tx,
        NewRequest(
            kind=RequestKind.DEDUCTION,
            subject=subject,
            bank_code=bank_code,
            matter_id=record.id,
            contents=body,
            contact=_contact(tx, subject, deduction),
        ),
        entry(
            EntryKind.DEDUCTION_REPORTED,
            tx.actor,
            at=spoken_time(deduction.at),
            amount=yuan(deduction.amount_fen),
            last4=deduction.account_last4,
            text=deduction.text,
        ),
    )
    sending.queue(tx, request, MessageKind.DEDUCTION_REPORTED, body, opens_clock=True)


def _contact(tx: HubTransaction, subject: Subject, deduction: Deduction) -> Plain | None:
    """Where the person hears of the answer: as the mandate says, else by the mobile they signed in with."""
    if deduction.mandate_id is not None:
        contents = _mandate_of(tx, subject, deduction.mandate_id)
        return {"email": contents.email, "mobile": contents.mobile}
    return None if subject.cardholder is None else {"mobile": subject.cardholder.mobile}


def _holder(tx: HubTransaction, subject: Subject, deduction: Deduction, bank_code: str) -> Plain:
    """Whose account it is, as far as it is known, so that the creditor finds its customer: name and mobile.

    By what the creditor knows already from a negotiation with it, else by the session and the mandate.
    """
    for negotiation in negotiations_of(tx, subject):
        if negotiation.erased_at is None and same_bank(negotiation.bank_code, bank_code):
            applicant = submission_of(tx, negotiation).applicant
            return {"name": applicant.name, "mobile": applicant.mobile}
    contact = _contact(tx, subject, deduction) or {}
    name = None if subject.cardholder is None else subject.cardholder.name
    return {"name": name, "mobile": contact.get("mobile")}


def _mandate_told(tx: HubTransaction, subject: Subject, deduction: Deduction) -> Plain | None:
    if deduction.mandate_id is None:
        return None
    contents = _mandate_of(tx, subject, deduction.mandate_id)
    return {"use": contents.use, "cap_fen": contents.cap_fen, "frequency": contents.frequency.value}


def _tell_bank(tx: HubTransaction, negotiation: NegotiationRecord, record: DeductionRecord) -> None:
    put(
        tx,
        *(
            to_bank(
                negotiation,
                MailKind.DEDUCTION_DURING_HOLD,
                reader,
                record.id,
                tells=record.reported_at,
                not_before=tx.now,
            )
            for reader in (Reader.DESK, Reader.SUPERVISORS)
        ),
    )


def _tell_person(tx: HubTransaction, deduction: Deduction, record: DeductionRecord) -> None:
    if deduction.mandate_id is None:
        return
    mandate = mandate_rows.find(tx, deduction.mandate_id)
    if mandate is not None and record.during_hold:
        telling.deduction_noted(tx, mandate, mandate_rows.contents_of(tx, mandate), record.id)


def answer(tx: HubTransaction, deduction_id: str, text: str, *, bank_code: str) -> ServiceRequestRecord:
    """The creditor's answer is with the report, and its person told. Twice the same is once, another is refused.

    Raises `NotFound` for an unknown one, and another bank's alike.
    """
    record = service_requests.lock_of_bank(tx, deduction_id, bank_code=bank_code, kind=RequestKind.DEDUCTION)
    before = service_requests.contents_of(tx, record)
    if record.status == ReportStatus.ANSWERED:
        if before.get("answer") == text:
            return record
        raise AgreementConflict("already_answered", record.status)
    words = entry(EntryKind.DEDUCTION_ANSWERED, tx.actor, text=text)
    moving.move(tx, record, ReportEvent.ANSWERED, words, contents={**before, "answer": text})
    request_mails.to_person(tx, record, MailKind.REQUEST_NEWS)
    return record


def bank_view(tx: HubTransaction, record: ServiceRequestRecord) -> Plain:
    """A reported deduction as the one bank sees it that it was sent to."""
    contents = service_requests.contents_of(tx, record)
    until = request_clocks.running_until(record)
    return {
        "id": record.matter_id,
        "reference": record.reference,
        "status": record.status,
        **{name: contents[name] for name in ("at", "amount_fen", "account_last4", "text", "during_hold", "mandate")},
        "holder": contents.get("holder"),
        "received_at": None if record.reached_bank_at is None else instant(record.reached_bank_at),
        "due_at": None if until is None else instant(until),
        "answer": contents.get("answer"),
    }


def get_own(tx: HubTransaction, subject: Subject, deduction_id: str) -> DeductionRecord:
    """The person's report; raises `NotFound` for an unknown one and for another's alike."""
    record = deductions.find(tx, deduction_id)
    if record is None or record.client_id != subject.client_id or record.owner_index not in subject.indexes:
        raise NotFound
    return record


def list_for(tx: HubTransaction, subject: Subject) -> list[DeductionRecord]:
    """What the person reported, the newest first."""
    return deductions.list_of(tx, subject.indexes, client_id=subject.client_id)


def request_of(tx: HubTransaction, record: DeductionRecord) -> ServiceRequestRecord | None:
    """The report with the creditor; None where the creditor is not here."""
    return next(iter(service_requests.list_of_matter(tx, record.id)), None)


def view(tx: HubTransaction, record: DeductionRecord) -> Plain:
    """The report as API and exports show it, with the creditor's answer."""
    request = request_of(tx, record)
    sent = None
    if request is not None:
        until = request_clocks.running_until(request)
        sent = {
            "bank_code": request.bank_code,
            "reference": request.reference,
            "status": request.status,
            "due_at": None if until is None else instant(until),
            "answer": service_requests.contents_of(tx, request).get("answer"),
        }
    return {
        "id": record.id,
        **to_plain(deductions.deduction_of(tx, record)),
        "during_hold": record.during_hold,
        "reported_at": instant(record.reported_at),
        "sent": sent,
    }


def views_of_person(tx: HubTransaction, owner_indexes: Sequence[bytes], *, client_id: str) -> list[Plain]:
    """Every report that is kept of the person, for their export."""
    return [view(tx, each) for each in deductions.list_of(tx, owner_indexes, client_id=client_id)]
