"""The certificate of settlement: asked for, or due once an agreement is settled; issued by the bank, in seven days."""

from hub.domain.agreement_end import AgreementEnd, AgreementStatus, EndReason
from hub.domain.clearance import Issuance, require_settled
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import Conflict, StatusConflict
from hub.domain.plain import Plain, instant
from hub.services.agreements import agreement_ends, agreement_views, clearance_papers, due_clearances
from hub.services.agreements.finding import agreement_of
from hub.services.agreements.signed_contents import kind_signed
from hub.services.delivery import queueing
from hub.services.documents.printing import keep_document
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry, spoken_time
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import clearance_mails
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction
from storage import agreements, clearances, documents, negotiation_locks
from storage.records import AgreementRecord, ClearanceRecord, NegotiationRecord
from storage.stored_files import StoredEvidence


def ask(tx: HubTransaction, negotiation_id: str, *, client_id: str) -> AgreementRecord:
    """The bank is asked for the certificate; asked once more, nothing changes.

    Raises `StatusConflict` and `AgreementConflict` as `require_settled` does, and where there is no agreement.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    agreement = _agreement(tx, negotiation)
    _require_settled(tx, agreement)
    record = clearances.find(tx, agreement.id) or due_clearances.opened(tx, negotiation, agreement)
    if record.asked_at is not None or record.issued_at is not None:
        return agreement
    record.asked_at = tx.now
    words = entry(EntryKind.CLEARANCE_ASKED, tx.actor, due=spoken_time(record.due_at))
    written = negotiation_log.note(tx, negotiation, words)
    clearance_mails.asked(tx, negotiation, record)
    about: Plain = {"clearance": {"agreement": agreement.number, "due_at": instant(record.due_at)}}
    queueing.queue_entry_for_systems(tx, negotiation, written, about=about)
    return agreement


def issue(
    tx: HubTransaction,
    negotiation_id: str,
    text: str,
    *,
    file: StoredEvidence | None,
    bank_code: str,
) -> AgreementRecord:
    """The bank's certificate is issued: its own `file`, judged already, or one that the hub prints with `text`.

    A newer one takes the place of the one before, which is kept. An agreement that is all paid is settled with it.
    Raises as `ask` does.
    """
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = _agreement(tx, negotiation)
    _require_settled(tx, agreement)
    if agreement.status == AgreementStatus.IN_FORCE:
        settled = AgreementEnd(reason=EndReason.SETTLED, text="")
        agreement_ends.end_agreement(tx, negotiation_id, settled, bank_code=bank_code)
    record = clearances.find(tx, agreement.id) or due_clearances.opened(tx, negotiation, agreement)
    clearances.set_issued(tx, record, Issuance(text=text, uploaded=file is not None))
    attachments = []
    if file is not None:
        attachments = [keep_document(tx, negotiation, file, kind=documents.CLEARANCE, version=record.version)]
    kind = EntryKind.CLEARANCE_ISSUED if record.version == 1 else EntryKind.CLEARANCE_REISSUED
    negotiation_log.note(tx, negotiation, entry(kind, tx.actor, attachments, text=text))
    if file is None:
        clearance_papers.order(tx, record)
    else:
        clearance_mails.issued(tx, negotiation, record)
    return agreement


def note_late(tx: HubTransaction, clearance_id: str) -> None:
    """That a certificate is late stands in the log, and the bank's desk, its supervisors and the operator are told."""
    found = tx.session.get_one(ClearanceRecord, clearance_id)
    negotiation = negotiation_locks.lock(tx, found.negotiation_id)
    tx.session.refresh(found)
    if found.issued_at is not None or found.late_noted_at is not None:
        return
    found.late_noted_at = tx.now
    negotiation_log.note(tx, negotiation, entry(EntryKind.CLEARANCE_LATE, tx.actor, due=spoken_time(found.due_at)))
    clearance_mails.late(tx, negotiation, found)
    operator_tasks.clearance_late(tx, negotiation, found)


def may_be_issued(tx: HubTransaction, negotiation_id: str) -> bool:
    """Whether the bank may issue a certificate now, the first or another."""
    agreement = agreements.find_agreement(tx, negotiation_id)
    if agreement is None:
        return False
    try:
        _require_settled(tx, agreement)
    except Conflict:
        return False
    return True


def may_be_asked_for(tx: HubTransaction, negotiation_id: str) -> bool:
    """Whether the person has to ask for the certificate: one may be issued, and none is due yet."""
    agreement = agreements.find_agreement(tx, negotiation_id)
    return agreement is not None and clearances.find(tx, agreement.id) is None and may_be_issued(tx, negotiation_id)


def view(tx: HubTransaction, negotiation_id: str) -> Plain:
    """How the certificate stands, all null before one is due; raises `NotFound` without an agreement."""
    return agreement_views.clearance_view(tx, agreement_of(tx, negotiation_id)) or dict.fromkeys(
        ("asked_at", "due_at", "issued_at", "document")
    )


def _agreement(tx: HubTransaction, negotiation: NegotiationRecord) -> AgreementRecord:
    agreement = agreements.find_agreement(tx, negotiation.id)
    if agreement is None:
        raise StatusConflict(negotiation.status, "clearance")
    return agreement


def _require_settled(tx: HubTransaction, agreement: AgreementRecord) -> None:
    rows = agreement_views.payment_rows(tx, agreement)
    require_settled(kind_signed(tx, agreement), AgreementStatus(agreement.status), rows)
