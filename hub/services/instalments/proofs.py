"""The merchant's refund proof: what a person shows their bank where goods went back."""

from collections.abc import Sequence

from hub.domain.delivery import MessageKind
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import StatusConflict
from hub.domain.evidence import REFUND
from hub.domain.instalment_estimate import CancellationKind
from hub.domain.instalment_request import InstalmentMatter, InstalmentStatus
from hub.domain.plain import Plain
from hub.services.accounts.subjects import Subject
from hub.services.evidence import waiting_files
from hub.services.evidence.evidence_files import StoredEvidence
from hub.services.instalments import matters
from hub.services.negotiations.entries import entry, evidence_attachment
from hub.services.requests import files, moving, sending
from hub.services.transaction import HubTransaction
from storage.drafts import FORM_CLIENT, ensure_form_client
from storage.records import ServiceRequestRecord


def give(tx: HubTransaction, subject: Subject, matter_id: str, file_ids: Sequence[str]) -> ServiceRequestRecord:
    """The files are with the bank as the merchant's proof, and the log says so; given twice is given once.

    Raises `StatusConflict` where the request is about no refund or the bank has answered it for good, and `Refused`.
    """
    record = matters.lock_own(tx, subject, matter_id)
    if not may_give(record.status, matters.matter_of(tx, record)):
        raise StatusConflict(record.status, "proof_given")
    given = given_with(tx, record, file_ids)
    if given:
        sending.queue(tx, record, MessageKind.REQUEST_MESSAGE, {"text": "", "evidence": given})
    return record


def give_stored(
    tx: HubTransaction, subject: Subject, matter_id: str, stored: Sequence[StoredEvidence]
) -> ServiceRequestRecord:
    """The same of files that lie in the store and get their rows now."""
    if subject.client_id == FORM_CLIENT:
        ensure_form_client(tx)
    for each in stored:
        waiting_files.keep(tx, each)
    return give(tx, subject, matter_id, [each.file.id for each in stored])


def given_with(tx: HubTransaction, record: ServiceRequestRecord, file_ids: Sequence[str]) -> list[Plain]:
    """The files are the request's, and its log says so; gives what the bank is told of those that are new.

    The bank fetches them by their ids. Raises `Refused`. The row must be locked, or new.
    """
    fresh = files.give(tx, record, file_ids, kind=REFUND)
    if fresh:
        named = [evidence_attachment(each) for each in fresh]
        moving.note(tx, record, entry(EntryKind.INSTALMENTS_PROOF_GIVEN, tx.actor, named, count=len(fresh)))
    return [{"id": each.id, "kind": REFUND} for each in fresh]


def may_give(status: str, matter: InstalmentMatter) -> bool:
    """Whether such proof can be given now: of a refund, until the person took a quote or it is over."""
    waits = {InstalmentStatus.SUBMITTED, InstalmentStatus.WITH_BANK, InstalmentStatus.QUOTED}
    return matter.wish.kind is CancellationKind.REFUND and status in waits
