"""Screening: a machine looks at each bank's negotiation alone, and returns only what nobody can act on.

What else waits for the verdict over a file goes on here as well: the answer whose message it came with.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from hub.documents import application_form
from hub.domain.actor import HUB
from hub.domain.application import contradictions
from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.evidence import EvidenceStatus
from hub.domain.lifecycle import CORRECTION_DAYS, Event, Status
from hub.domain.plain import Plain
from hub.jobs.port import Job
from hub.services.applications import screening_jobs
from hub.services.delivery import packets, queueing
from hub.services.documents.printing import Printed, Printer, form_of, keep_document, print_and_store
from hub.services.doubts.jobs import look_for_doubts
from hub.services.evidence import clean_copies
from hub.services.negotiations import closing, correspondence, negotiation_log
from hub.services.negotiations.entries import FAULT_WORDS, entry
from hub.services.notifications import notifications
from hub.services.transaction import HubTransaction, Transactions
from storage import clean_copies as stored_copies
from storage import documents, given_evidence, negotiation_locks, negotiations
from storage.claims import ALONE, Claim
from storage.evidence_store import EvidenceStore
from storage.records import EvidenceRecord, NegotiationRecord
from storage.submissions import submission_of

# A negotiation that has stood in screening longer than this is looked at again: its job may have died.
STUCK_AFTER = timedelta(minutes=2)


def screen_application(
    transactions: Transactions, printer: Printer, store: EvidenceStore, application_id: str, *, claim: Claim = ALONE
) -> None:
    """Every negotiation of the application that stands in screening is screened."""
    _each_of(transactions, application_id, partial(screen_negotiation, transactions, printer, store, claim=claim))


def after_verdict(
    transactions: Transactions, printer: Printer, store: EvidenceStore, application_id: str, *, claim: Claim = ALONE
) -> None:
    """What waited for the verdict over a file goes on, in every negotiation of the application.

    One that stands in screening is screened. In any other a picture's clean copy is noted, and an answer of the person
    is given whose files all have their verdict.
    """

    def go_on(negotiation_id: str) -> None:
        with transactions.writing(HUB) as tx:
            negotiation = negotiation_locks.lock(tx, negotiation_id)
            if negotiation.status != Status.SCREENING:
                clean_copies.note_new(tx, negotiation)
                correspondence.settle_waiting_answer(tx, negotiation)
                return
        screen_negotiation(transactions, printer, store, negotiation_id, claim=claim)

    _each_of(transactions, application_id, go_on)


def screen_as_once_queued(
    transactions: Transactions, printer: Printer, store: EvidenceStore, argument: str, *, claim: Claim = ALONE
) -> None:
    """A job of a version that had one for all three is done; its argument is an application's or negotiation's id."""
    with transactions.reading(HUB) as tx:
        of_application = bool(negotiations.list_of_application(tx, argument))
    (after_verdict if of_application else screen_negotiation)(transactions, printer, store, argument, claim=claim)


def _each_of(transactions: Transactions, application_id: str, run: Callable[[str], None]) -> None:
    """`run` is called for each negotiation. One that fails holds up no other; its error comes out at the end."""
    with transactions.reading(HUB) as tx:
        ids = [record.id for record in negotiations.list_of_application(tx, application_id)]
    failed: list[Exception] = []
    for negotiation_id in ids:
        try:
            run(negotiation_id)
        except Exception as error:  # noqa: BLE001 - one bank's negotiation must not hold up another's; raised below
            failed.append(error)
    if failed:
        raise failed[0]


def screen_negotiation(
    transactions: Transactions, printer: Printer, store: EvidenceStore, negotiation_id: str, *, claim: Claim = ALONE
) -> None:
    """The negotiation is returned or on its way to the bank, if it stood in screening.

    While a file of it waits for its verdict or clean copy it stays as it is; what it waits for brings it here again.
    Where somebody prints the form of this version, by the `claim`, it is theirs to pass on: a submission and the
    verdicts over its files each bring it here, at one time where printers are behind. `jobs_stuck` brings it here again
    where they never do.
    """
    with transactions.writing(HUB) as tx:
        negotiation = negotiation_locks.lock(tx, negotiation_id)
        if negotiation.status != Status.SCREENING:
            return
        if _waits_for_files(tx, negotiation):
            return
        faults = faults_of(tx, negotiation)
        if faults:
            _return(tx, negotiation, faults)
            return
        version = negotiation.version
        html = application_form.html_of(form_of(tx, negotiation))
    with claim.of(f"{negotiation_id}:{version}") as is_ours:
        if not is_ours:
            return
        printed = print_and_store(printer, store, html)
        with transactions.writing(HUB) as tx:
            negotiation = negotiation_locks.lock(tx, negotiation_id)
            # Withdrawn or screened by another run meanwhile: the printed file is an orphan, and swept.
            if negotiation.status == Status.SCREENING and negotiation.version == version:
                _pass_on(tx, negotiation, printed)


def _files_of_version(tx: HubTransaction, negotiation: NegotiationRecord) -> list[EvidenceRecord]:
    """The files that were submitted. One sent with a message is not among them: no correction could replace it."""
    return [
        record for given, record in given_evidence.list_given(tx, negotiation) if given.version == negotiation.version
    ]


def _waits_for_files(tx: HubTransaction, negotiation: NegotiationRecord) -> bool:
    files = _files_of_version(tx, negotiation)
    if any(record.status == EvidenceStatus.CHECKING for record in files):
        return True
    return bool(stored_copies.waiting_among(tx, [record.id for record in files]))


def faults_of(tx: HubTransaction, negotiation: NegotiationRecord) -> list[Plain]:
    """What must be put right first: files nobody can read, and owed amounts that contradict each other."""
    faults: list[Plain] = [
        {"code": f"evidence_{record.reason}", "evidence": record.id}
        for record in _files_of_version(tx, negotiation)
        if record.status == EvidenceStatus.REJECTED
    ]
    submission = submission_of(tx, negotiation)
    faults += [{"code": code, "card_last4": last4} for code, last4 in contradictions(submission.accounts)]
    return faults


def _return(tx: HubTransaction, negotiation: NegotiationRecord, faults: list[Plain]) -> None:
    words = "；".join(dict.fromkeys(FAULT_WORDS[fault["code"]] for fault in faults))
    negotiation_log.apply_event(tx, negotiation, Event.FAULT_FOUND, entry(EntryKind.RETURNED, HUB, faults=words))
    negotiation.faults = faults
    negotiation.correct_by = tx.now + timedelta(days=CORRECTION_DAYS)
    notifications.returned(tx, negotiation)


def _pass_on(tx: HubTransaction, negotiation: NegotiationRecord, printed: Printed) -> None:
    form = keep_document(tx, negotiation, printed, kind=documents.APPLICATION_FORM, version=negotiation.version)
    named = [form, *clean_copies.plain_attachments(tx, negotiation)]
    negotiation_log.apply_event(tx, negotiation, Event.SCREENED, entry(EntryKind.SCREENED, HUB, named))
    clean_copies.note_new(tx, negotiation)
    queueing.queue(tx, negotiation, MessageKind.SUBMITTED, packets.packet_of(tx, negotiation))
    tx.jobs.enqueue(tx.session, look_for_doubts(negotiation.id, why=f"version:{negotiation.version}"))


def lapse_correction(tx: HubTransaction, negotiation_id: str) -> None:
    """A returned negotiation that nobody corrected in time has lapsed."""
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    if negotiation.correct_by is None or negotiation.correct_by > tx.now:
        return
    negotiation_log.apply_event(tx, negotiation, Event.CORRECTION_LAPSED, entry(EntryKind.CORRECTION_LAPSED, HUB))
    closing.close(tx, negotiation)
    notifications.correction_lapsed(tx, negotiation)


def jobs_stuck(tx: HubTransaction, *, limit: int) -> list[Job]:
    """A job for whatever has stood in screening for long, a new one each minute."""
    minute = tx.now.strftime("%Y%m%d%H%M")
    stuck = negotiations.list_in_screening_since(tx, tx.now - STUCK_AFTER, limit)
    return [screening_jobs.screen_negotiation(record.id, why=f"stuck:{minute}") for record in stuck]
