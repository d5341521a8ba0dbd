"""Judging files: every file that waits for its verdict gets one, and what waited for the file goes on.

The rows say what waits, so nothing is lost with a process and no job is put in for each file.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Final, Protocol

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import EvidenceDamaged, StoreFull, TryAgain
from hub.domain.evidence import MAX_COPY_SIZE, CleanCopy, EvidenceStatus, FileRejectionReason, Infection, MediaType
from hub.mail.kinds import MailKind
from hub.services.applications import screening_jobs
from hub.services.evidence.contents import content_of, has_clean_copies
from hub.services.evidence.evidence_files import delete_bytes
from hub.services.evidence.lost_files import are_all_lost
from hub.services.evidence.lots import Lots
from hub.services.notifications import request_mails
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import clean_copies, evidence, given_evidence, request_files, stored_files, viewing_copies
from storage.claims import ALONE, Claim
from storage.evidence_store import EvidenceStore
from storage.records import new_id
from storage.stored_files import StoredCopy

_log = logging.getLogger(__name__)

# One transaction settles so many: few commits, and nobody waits long for the verdict over a small file.
BATCH: Final = 4
# A batch is drawn from so many of the oldest: more than all workers together have in hand.
DRAWN_FROM: Final = 128
# A file that waited this long is an operator's to look into.
TOO_LONG: Final = timedelta(minutes=30)


class Inspection(Protocol):
    """Judges one file, from its bytes."""

    def __call__(self, chunks: Iterator[bytes], media_type: MediaType | None, /) -> str | Infection | CleanCopy | None:
        """The reason why the file is rejected, or else its clean copy; None for one that has none.

        A file whose type is None, such as a recording, is not decoded.
        """
        ...


class Judging:
    """Judges the files that wait, a lot with each call; for any number of threads of any number of workers.

    Two workers may judge one file: the second verdict changes nothing.
    """

    def __init__(
        self,
        transactions: Transactions,
        store: EvidenceStore,
        inspect: Inspection,
        real_clock: Clock,
        *,
        claim: Claim = ALONE,
    ) -> None:
        self._transactions = transactions
        self._store = store
        self._inspect = inspect
        waiting = evidence.list_checking
        self._lots = Lots(transactions, waiting, real_clock, batch=BATCH, drawn_from=DRAWN_FROM, claim=claim)

    def __call__(self) -> bool:
        """Some files that waited have their verdict; False where none waits that could be judged now."""
        batch = self._lots.take()
        if not batch:
            return False
        reached("judge.taken")
        judged: set[str] = set()
        try:
            judged = judge(self._transactions, self._store, self._inspect, batch)
        finally:
            self._lots.give_back(batch, judged)
        reached("judge.done")
        return bool(judged)


def judge(
    transactions: Transactions, store: EvidenceStore, inspect: Inspection, evidence_ids: Sequence[str]
) -> set[str]:
    """The files have their verdicts, in one commit, and what waited for them goes on; gives those that wait no longer.

    Of a rejected file nothing stays but its row: no key opens its bytes any more, and they are deleted.

    Doing it twice changes nothing. A file that cannot be judged now, because the scanner or the store is away, waits
    on: none is ever taken for clean unseen. It holds up no other.
    """
    found: dict[str, str | Infection | StoredCopy | None] = {}
    gone: set[str] = set()
    for evidence_id in evidence_ids:
        try:
            found[evidence_id] = _look(transactions, store, inspect, evidence_id)
        except _NotWaitingError:
            gone.add(evidence_id)
        except (StoreFull, TryAgain) as error:
            _log.warning("a file waits for its verdict", extra={"file": evidence_id, "error": type(error).__name__})
        except Exception as error:  # noqa: BLE001 - whatever it was, the other files of the batch are judged
            # Without its words, which may quote what the file holds.
            _log.warning("a file was not judged", extra={"file": evidence_id, "error": type(error).__name__})
    if found:
        with transactions.writing(HUB) as tx:
            refused = _settle(tx, found)
        reached("judge.settled")
        delete_bytes(store, refused)
    return gone | found.keys()


class _NotWaitingError(Exception):
    """The file has its verdict, or was removed."""


def _look(
    transactions: Transactions, store: EvidenceStore, inspect: Inspection, evidence_id: str
) -> str | Infection | StoredCopy | None:
    """The reason against the file, or its clean copy, which lies in the store; a copy that gets no row is swept."""
    with transactions.reading(HUB) as tx:
        record = evidence.find_evidence(tx, evidence_id)
        if record is None or record.status != EvidenceStatus.CHECKING:
            raise _NotWaitingError
        file = content_of(tx, store, record)
        media_type = MediaType(record.media_type) if record.media_type in set(MediaType) else None
    try:
        finding = inspect(file.chunks, media_type)
    except EvidenceDamaged as error:
        if are_all_lost(transactions, store):
            raise TryAgain("the evidence store has none of its files") from error
        return "unreadable"
    return stored(store, finding) if isinstance(finding, CleanCopy) else finding


def stored(store: EvidenceStore, copy: CleanCopy) -> StoredCopy:
    """The copy lies in the store, for a row to speak of."""
    file, length = stored_files.new_file(new_id()), len(copy.content)
    kept = store.write(file.store_name, file.key, BytesIO(copy.content).read, length=length, limit=MAX_COPY_SIZE)
    reached("judge.copied")
    return StoredCopy(
        file=file,
        media_type=copy.media_type,
        size=kept.size,
        sha256=kept.sha256,
        thumbnail=copy.thumbnail,
        removed=copy.removed,
        was_signed=copy.was_signed,
        origin=copy.origin,
    )


def _settle(tx: HubTransaction, found: Mapping[str, str | Infection | StoredCopy | None]) -> list[str]:
    """The verdicts stand; gives the names of bytes that are to be deleted."""
    refused: list[str] = []
    settled = evidence.lock_checking(tx, list(found))
    for record in settled:
        finding = found[record.id]
        if isinstance(finding, Infection):
            operator_tasks.infected(tx, file=record.id, signature=finding.signature)
            finding = FileRejectionReason.INFECTED
        if finding == FileRejectionReason.NOT_SCANNED:
            operator_tasks.not_scanned(tx, file=record.id)
        if isinstance(finding, str):
            evidence.set_verdict(record, EvidenceStatus.REJECTED, finding)
            refused.append(evidence.destroy_content(record))
            continue
        evidence.set_verdict(record, EvidenceStatus.CLEAN, None)
        if finding is not None:
            clean_copies.add_copy(tx, record, finding)
        elif has_clean_copies(record.media_type):
            clean_copies.want(tx, record.id)
        if record.media_type in set(MediaType):
            viewing_copies.ask(tx, record.id)
    _tell(tx, [record.id for record in settled if record.status == EvidenceStatus.REJECTED])
    waited = given_evidence.applications_given(tx, [record.id for record in settled])
    for application_id, evidence_id in waited.items():
        # Each file gets one verdict, so a job of that name was never put in; those that were judged before there were
        # clean copies had jobs of other names.
        tx.jobs.enqueue(tx.session, screening_jobs.after_verdict(application_id, evidence_id))
    return refused


def _tell(tx: HubTransaction, rejected: Sequence[str]) -> None:
    """Who gave such a file with a request is told, while there is time for another; their page says why."""
    if not rejected:
        return
    for request, evidence_id in request_files.requests_given(tx, rejected):
        request_mails.to_person(tx, request, MailKind.REQUEST_NEWS, step=f":file:{evidence_id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many files wait for their verdict, and how many seconds the first of them has."""

    files: int
    longest_s: float


def waiting(tx: HubTransaction) -> Waiting:
    """What waits now."""
    files, first = evidence.waiting_for_a_verdict(tx)
    longest_s = 0.0 if first is None else max(0.0, (tx.now - first).total_seconds())
    return Waiting(files=files, longest_s=longest_s)


def look_for_unjudged(tx: HubTransaction) -> None:
    """Where files have waited too long for their verdicts or clean copies, an operator is asked to look into it."""
    files = evidence.count_checking_since(tx, tx.now - TOO_LONG)
    files += clean_copies.count_waiting_since(tx, tx.now - TOO_LONG)
    if files:
        operator_tasks.not_judged(tx, files=files)
