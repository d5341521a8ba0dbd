"""The visit itself: it begins with the pass code, and ends with a report that stands in the negotiation's log too."""

from hub.domain import labels
from hub.domain.appointment import ADDRESS_KEPT, BEGIN_BEFORE, PASS_CODE_TRIES, AppointmentEvent, AppointmentStatus
from hub.domain.appointment_kind import AppointmentKind, AppointmentPurpose
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Fault, Refused, StatusConflict
from hub.domain.identifiers import normalised_digits
from hub.domain.identity import IdentityComparison
from hub.domain.lifecycle import OPEN
from hub.domain.plain import to_plain
from hub.domain.visit import IdentityFound, VisitReport
from hub.mail.kinds import MailKind
from hub.services.applications import identity
from hub.services.appointments import telling, timing
from hub.services.appointments.banks_steps import lock
from hub.services.appointments.words import staff_words, time_words
from hub.services.negotiations import commitments, negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.negotiations.locking import lock_for_bank
from hub.services.operating import visit_tasks
from hub.services.requests import moving
from hub.services.requests.arriving import owner_of
from hub.services.transaction import HubTransaction
from storage import appointments
from storage.records import AppointmentRecord, NegotiationRecord, ServiceRequestRecord

VISIT_REPORT = "visit_report"
"""The kind of an attachment that commits to what was reported of a visit."""


def begin(tx: HubTransaction, appointment_id: str, pass_code: str, *, bank_code: str) -> Refused | None:
    """The visit has begun: both are there, and the person has said the code that their page shows.

    A wrong code is no error of the transaction: the try counts, nothing begins, and the person is told. Raises
    `NotFound`, `StatusConflict`, and `Refused` `not_yet_begun`.
    """
    record, request = lock(tx, appointment_id, bank_code)
    status = AppointmentStatus(request.status)
    if status not in (AppointmentStatus.CONFIRMED, AppointmentStatus.REMINDED):
        raise StatusConflict(status, AppointmentEvent.BEGIN)
    if tx.now < record.starts_at - BEGIN_BEFORE:
        raise Refused(Fault("", "not_yet_begun"))
    if record.pass_code_tries >= PASS_CODE_TRIES:
        return Refused(Fault("/pass_code", "pass_code_stopped"))
    if normalised_digits(pass_code) != appointments.pass_code_of(tx, record):
        return _wrong(tx, record, request)
    moving.move(tx, request, AppointmentEvent.BEGIN, entry(EntryKind.VISIT_BEGUN, tx.actor))
    timing.plan(tx, record, request)
    return None


def _wrong(tx: HubTransaction, record: AppointmentRecord, request: ServiceRequestRecord) -> Refused:
    record.pass_code_tries += 1
    tries = record.pass_code_tries
    moving.note(tx, request, entry(EntryKind.PASS_CODE_WRONG, tx.actor, tries=tries))
    telling.person(tx, record, request, MailKind.PASS_CODE_WRONG)
    if tries < PASS_CODE_TRIES:
        return Refused(Fault("/pass_code", "pass_code_wrong", {"left": PASS_CODE_TRIES - tries}))
    return Refused(Fault("/pass_code", "pass_code_stopped"))


def report(tx: HubTransaction, appointment_id: str, said: VisitReport, *, bank_code: str) -> AppointmentRecord:
    """The visit is done and what the bank's people say of it is kept; the person is told.

    Who matched is known to the bank from then on; who did not can sign nothing, and an operator looks into it. Raises
    `NotFound`, `StatusConflict`, and `Refused` where the report does not fit.
    """
    record, request = lock(tx, appointment_id, bank_code)
    said.require_fits(AppointmentKind(record.kind), AppointmentPurpose(record.purpose))
    negotiation = None
    if record.negotiation_id is not None:
        negotiation = lock_for_bank(tx, record.negotiation_id, bank_code=bank_code)
    owner = owner_of(request) if negotiation is None else commitments.owner_of(negotiation)
    content = {"appointment": record.id, **to_plain(said)}
    committed = commitments.committed(tx, owner, record.id, VISIT_REPORT, content)
    contents = appointments.contents_of(tx, record)
    values = {
        "what": time_words(record),
        "staff": staff_words(contents),
        "identity": labels.IDENTITY_FOUND[said.identity],
        "papers": len(said.papers),
        "text": said.note,
    }
    moving.move(tx, request, AppointmentEvent.REPORT, entry(EntryKind.VISIT_REPORTED, tx.actor, [committed], **values))
    appointments.save_report(tx, record, said)
    record.act_at = None
    if record.address_ends_at is not None:
        record.address_ends_at = tx.now + ADDRESS_KEPT
    if negotiation is not None:
        negotiation_log.note(tx, negotiation, entry(EntryKind.VISIT_REPORTED, tx.actor, [committed], **values))
    visit_tasks.reported(tx, request)
    _follow_identity(tx, request, negotiation, said, bank_code=bank_code)
    telling.person(tx, record, request, MailKind.VISIT_REPORT_READY)
    return record


def _follow_identity(
    tx: HubTransaction,
    request: ServiceRequestRecord,
    negotiation: NegotiationRecord | None,
    said: VisitReport,
    *,
    bank_code: str,
) -> None:
    if said.identity is IdentityFound.FAILED:
        visit_tasks.identity_failed(tx, request)
    elif negotiation is not None and negotiation.status in OPEN:
        identity.confirm(tx, negotiation.id, IdentityComparison(matches=True, text=""), bank_code=bank_code)
