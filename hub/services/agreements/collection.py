"""The stop of collection: who confirmed it, and what becomes of a report that somebody collected all the same."""

from collections.abc import Sequence

from hub.domain import labels
from hub.domain.answer_time import report_due_at
from hub.domain.china import china_day
from hub.domain.collection import OWN_NAME, CollectionReport, HoldApplied
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import AgreementConflict
from hub.domain.plain import Plain, instant
from hub.services.agreements.agreement_views import missing_holds
from hub.services.agreements.finding import agreement_in_force, require_since_signing
from hub.services.delivery import queueing
from hub.services.negotiations import correspondence, negotiation_log
from hub.services.negotiations.entries import entry, evidence_attachment, spoken_time
from hub.services.negotiations.locking import lock_for_bank, lock_for_client
from hub.services.notifications import notifications
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction
from storage import bank_answers, collection, negotiation_locks
from storage.records import AgreementRecord, CollectionReportRecord


def confirm_hold(tx: HubTransaction, negotiation_id: str, hold: HoldApplied, *, bank_code: str) -> AgreementRecord:
    """The person can see who collects no more, and since when. The same again changes nothing."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    agreement = agreement_in_force(tx, negotiation, "hold_applied")
    correspondence.require_past(tx, hold.at)
    known = {(each.by, each.stopped_at) for each in collection.list_holds(tx, agreement.id)}
    if (hold.by, hold.at) in known:
        return agreement
    collection.add_hold(tx, agreement, by=hold.by, stopped_at=hold.at)
    # Both sides read the log, and 本行 is no name to the other.
    by = tx.bank(bank_code).name_zh if hold.by == OWN_NAME else hold.by
    negotiation_log.note(tx, negotiation, entry(EntryKind.HOLD_APPLIED, tx.actor, by=by, at=spoken_time(hold.at)))
    return agreement


def check_hold(tx: HubTransaction, negotiation_id: str) -> None:
    """Where somebody has not said in time that they collect no more, it is an operator's task; looked at once."""
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    for agreement in collection.list_unchecked(tx, negotiation_id):
        agreement.hold_check_at = None
        missing = missing_holds(tx, agreement)
        if missing:
            operator_tasks.hold_not_confirmed(tx, negotiation, agreement, count=len(missing))


def report(
    tx: HubTransaction, negotiation_id: str, report: CollectionReport, *, client_id: str
) -> CollectionReportRecord:
    """The report is in the log and on its way to the bank, whose answer is due in three working days.

    Desk, supervisors and operator are told. Raises `StatusConflict` where no agreement is in force, and `Refused` for a
    time before the day on which it was signed.
    """
    negotiation = lock_for_client(tx, negotiation_id, client_id=client_id)
    agreement = agreement_in_force(tx, negotiation, "collection_report")
    correspondence.require_past(tx, report.at)
    require_since_signing(agreement, china_day(report.at), "/at")
    files = correspondence.take_files(tx, negotiation, report.evidence, report.consents, client_id=client_id)
    plain: Plain = {
        "at": instant(report.at),
        "channel": report.channel,
        "caller": report.caller,
        "text": report.text,
        "evidence": [{"id": each.id, "kind": each.kind} for each in report.evidence],
    }
    due_at = report_due_at(tx.now, tx.bank(negotiation.bank_code).rules.closes_at, tx.calendar())
    record = collection.add_report(tx, negotiation, agreement, report=plain, due_at=due_at)
    words = entry(
        EntryKind.COLLECTION_REPORTED,
        tx.actor,
        [evidence_attachment(each) for each, _ in files],
        at=spoken_time(report.at),
        channel=labels.COLLECTION_CHANNELS[report.channel],
        caller=report.caller or "未说明对方",
        text=report.text,
        due=spoken_time(due_at),
    )
    written = negotiation_log.note(tx, negotiation, words)
    queueing.queue_entry_for_systems(
        tx,
        negotiation,
        written,
        evidence=[each.id for each in report.evidence],
        about={"collection_report": {"id": record.id, "due_at": instant(due_at), **plain}},
    )
    notifications.collection_reported(tx, negotiation, record)
    operator_tasks.collected_although_agreed(tx, negotiation, record)
    return record


def answer(
    tx: HubTransaction, negotiation_id: str, report_id: str, text: str, *, bank_code: str
) -> CollectionReportRecord:
    """The bank's answer is in the log and the person is told. The same again changes nothing, another is refused."""
    negotiation = lock_for_bank(tx, negotiation_id, bank_code=bank_code)
    record = bank_answers.get_of_negotiation(tx, CollectionReportRecord, negotiation.id, report_id)
    given = bank_answers.answer_of(tx, record)
    if given == text:
        return record
    if given is not None:
        raise AgreementConflict("already_answered", negotiation.status)
    bank_answers.set_answer(tx, record, text)
    negotiation_log.note(tx, negotiation, entry(EntryKind.COLLECTION_ANSWERED, tx.actor, text=text))
    notifications.collection_answered(tx, negotiation, record)
    return record


def report_view(tx: HubTransaction, record: CollectionReportRecord) -> Plain:
    """One report with the bank's answer, as every face shows it."""
    return {
        "id": record.id,
        **bank_answers.words_of(tx, record),
        "reported_at": instant(record.reported_at),
        "due_at": instant(record.due_at),
        "answered_at": None if record.answered_at is None else instant(record.answered_at),
        "answer": bank_answers.answer_of(tx, record),
    }


def report_views(tx: HubTransaction, negotiation_id: str) -> Sequence[Plain]:
    """All reports of the negotiation, oldest first."""
    return [report_view(tx, each) for each in collection.list_reports(tx, negotiation_id)]
