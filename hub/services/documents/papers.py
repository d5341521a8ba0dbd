"""Papers of an agreement: printed by a job, kept with their digest and in the log, and looked for where they lack."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hub.documents.paper_seal import PaperSeal, PaperSigner
from hub.domain.actor import HUB
from hub.domain.entry_kind import EntryKind
from hub.domain.errors import TryAgain
from hub.jobs.port import Job
from hub.services.documents.printing import Printer, keep_document, store_printed
from hub.services.negotiations import negotiation_log
from hub.services.negotiations.entries import entry
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from storage import documents, negotiation_locks
from storage.evidence_store import EvidenceStore
from storage.records import NegotiationRecord

# A paper that is not there this long after its cause lost its job, or met a store that was away.
UNPRINTED_AFTER = timedelta(minutes=2)
UNPRINTED_BATCH = 500
_WEEK = timedelta(days=7)
_WEEKS_LOOKED_BACK = 522
# Papers that lack are looked for every two minutes.
_TURN_S = 120
# So long after its cause a paper waits for its time stamp, if the authority is away; then it goes out without.
STAMP_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is to be printed: the document's kind and version, and what the log calls it.

    `since` is when what it tells of happened; `page` gives its HTML, which names the seal where it will have one.
    """

    kind: str
    version: int
    name_zh: str
    since: datetime
    page: Callable[[PaperSeal | None], str]


def print_paper(
    transactions: Transactions,
    printer: Printer,
    store: EvidenceStore,
    negotiation_id: str,
    *,
    compose: Callable[[HubTransaction, NegotiationRecord], Paper | None],
    printed: Callable[[HubTransaction, NegotiationRecord], None] | None = None,
    signer: PaperSigner | None = None,
) -> None:
    """What `compose` gives is printed, kept with its SHA-256 and in the log, and `printed` told, in one transaction.

    Each version once, however often this runs. `compose` gives None where nothing is to be printed. With a `signer` the
    paper is sealed and says so, and the digest is that of the sealed bytes. Raises `TryAgain` where it should wait for
    its time stamp; where it has waited long enough it is sealed without, and operators have a task.
    """
    with transactions.writing(HUB) as tx:
        negotiation = negotiation_locks.lock(tx, negotiation_id)
        paper = None if negotiation.erased_at is not None else compose(tx, negotiation)
        if paper is None or _is_there(tx, negotiation_id, paper):
            return
        may_wait = tx.now - paper.since < STAMP_WAIT
    pdf = printer(paper.page(None if signer is None else signer.seal))
    lacks_stamp = False
    if signer is not None:
        pdf, lacks_stamp = _sealed(signer, pdf, may_wait=may_wait)
    found = store_printed(store, pdf)
    with transactions.writing(HUB) as tx:
        negotiation = negotiation_locks.lock(tx, negotiation_id)
        if negotiation.erased_at is not None or _is_there(tx, negotiation_id, paper):
            return
        attachment = keep_document(tx, negotiation, found, kind=paper.kind, version=paper.version)
        words = entry(EntryKind.DOCUMENT_PRINTED, HUB, [attachment], what=paper.name_zh)
        negotiation_log.note(tx, negotiation, words)
        if printed is not None:
            printed(tx, negotiation)
        if lacks_stamp:
            operator_tasks.paper_unstamped(tx, negotiation)


def _sealed(signer: PaperSigner, pdf: bytes, *, may_wait: bool) -> tuple[bytes, bool]:
    """The sealed paper, and whether it lacks the time stamp that it should have."""
    try:
        return signer.sign(pdf), False
    except TryAgain:
        if may_wait:
            raise
    return signer.sign(pdf, stamped=False), True


def _is_there(tx: HubTransaction, negotiation_id: str, paper: Paper) -> bool:
    return documents.find_document(tx, negotiation_id, paper.kind, paper.version) is not None


def print_job(name: str, argument: str, *, why: str) -> Job:
    """The job of that name, which prints the paper of `argument`: one for each reason."""
    return Job(name=name, key=f"{name}:{argument}:{why}", argument=argument, queue="documents")


class Unprinted(Protocol):
    """Finds the ids of what was signed, issued or ended in that time and has no paper."""

    def __call__(self, tx: HubTransaction, *, since: datetime, before: datetime, limit: int) -> list[str]: ...


def late_jobs(tx: HubTransaction, name: str, find: Unprinted) -> list[Job]:
    """A job for each paper that is long due and that `find` finds; a new one each minute.

    What is older than a week is looked at a week at a time, by what the time is, so that nothing has to be remembered
    and no question grows: the papers of ten years have their turn within a day.
    """
    before = tx.now - UNPRINTED_AFTER
    back = _WEEK * (1 + int(tx.now.timestamp()) // _TURN_S % _WEEKS_LOOKED_BACK)
    waiting = [
        each
        for until in (before, before - back)
        for each in find(tx, since=until - _WEEK, before=until, limit=UNPRINTED_BATCH)
    ]
    minute = tx.now.strftime("%Y%m%d%H%M")
    return [print_job(name, each, why=f"late:{minute}") for each in waiting]
