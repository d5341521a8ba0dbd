"""Making the clean copies of files that were found clean without one, as all PDFs were at one time.

The rows say which files wait, as with verdicts. No bank gets such a file meanwhile; what waited for it goes on after.
"""

from functools import partial

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import EvidenceDamaged, TryAgain
from hub.domain.evidence import CleanCopy, FileRejectionReason, Infection, MediaType
from hub.services.applications import screening_jobs
from hub.services.evidence.contents import content_of
from hub.services.evidence.evidence_files import delete_bytes
from hub.services.evidence.judging import Inspection, stored
from hub.services.evidence.lost_files import are_all_lost
from hub.services.evidence.lots import OneByOne
from hub.services.operating import operator_tasks
from hub.services.transaction import Transactions
from storage import clean_copies, evidence, given_evidence
from storage.claims import ALONE, Claim
from storage.evidence_store import EvidenceStore
from storage.stored_files import StoredCopy


class Copying(OneByOne):
    """Makes the copy of a file that waits."""

    def __init__(
        self,
        transactions: Transactions,
        store: EvidenceStore,
        inspect: Inspection,
        real_clock: Clock,
        *,
        claim: Claim = ALONE,
    ) -> None:
        make = partial(make_copy, transactions, store, inspect)
        super().__init__(transactions, clean_copies.list_waiting, real_clock, make, awaited="its copy", claim=claim)


def make_copy(transactions: Transactions, store: EvidenceStore, inspect: Inspection, evidence_id: str) -> None:
    """The file has its clean copy, or it is said why it can have none; its verdict stays. Twice changes nothing.

    Raises StoreFull, TryAgain: the file waits on.
    """
    with transactions.reading(HUB) as tx:
        wanted, record = clean_copies.find_wanted(tx, evidence_id), evidence.find_evidence(tx, evidence_id)
        if wanted is None or record is None or wanted.reason is not None:
            return
        content = content_of(tx, store, record)
    found: StoredCopy | str
    signature: str | None = None
    try:
        finding = inspect(content.chunks, MediaType(content.media_type))
        if finding is None:
            raise TryAgain("no copy was made")
        if isinstance(finding, Infection):
            # The scanner learnt of it since; the bank gets no copy.
            signature = finding.signature
            finding = FileRejectionReason.INFECTED
        found = stored(store, finding) if isinstance(finding, CleanCopy) else finding
    except EvidenceDamaged as error:
        if are_all_lost(transactions, store):
            raise TryAgain("the evidence store has none of its files") from error
        found = FileRejectionReason.UNREADABLE
    kept = False
    try:
        kept = _settle(transactions, evidence_id, found, signature)
    finally:
        if isinstance(found, StoredCopy) and not kept:
            delete_bytes(store, [found.file.store_name])


def _settle(transactions: Transactions, evidence_id: str, found: StoredCopy | str, signature: str | None) -> bool:
    """Whether a row speaks of the copy; False where another worker was quicker, or the file is gone."""
    with transactions.writing(HUB) as tx:
        wanted = clean_copies.find_wanted(tx, evidence_id, lock=True)
        record = evidence.find_evidence(tx, evidence_id)
        if wanted is None or record is None or wanted.reason is not None:
            return False
        if signature is not None:
            operator_tasks.infected(tx, file=evidence_id, signature=signature)
        if isinstance(found, str):
            wanted.reason = found
        else:
            clean_copies.add_copy(tx, record, found)
            tx.session.delete(wanted)
        for application_id in given_evidence.applications_given(tx, [evidence_id]):
            tx.jobs.enqueue(tx.session, screening_jobs.after_copy(application_id, evidence_id))
    return True
