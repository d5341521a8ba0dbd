"""Judging files: every file that waits for its verdict gets one, and what waited for the file goes on.

The rows say what waits, so nothing is lost with a process and no job is put in for each file.
"""

import logging
import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Final, Protocol

from hub.domain.actor import HUB
from hub.domain.clock import Clock
from hub.domain.errors import EvidenceDamaged, StoreFull, TryAgain
from hub.domain.evidence import MAX_COPY_SIZE, CleanCopy, EvidenceStatus, MediaType
from hub.services.applications import screening_jobs
from hub.services.evidence.evidence_files import content_of
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import clean_copies, evidence, given_evidence, stored_files
from storage.evidence_store import EvidenceStore
from storage.records import new_id
from storage.stored_files import StoredCopy

_log = logging.getLogger(__name__)
_chance = random.SystemRandom()

# One transaction settles so many: few commits, and nobody waits long for the verdict over a small file.
BATCH: Final = 4
# Workers that share a database each draw their batch from so many of the oldest, so that they seldom draw the same.
DRAWN_FROM: Final = 32
# A file that could not be judged, because the scanner or the store was away, is left alone for so long.
AGAIN_AFTER: Final = timedelta(seconds=30)
# A file that waited this long is an operator's to look into.
TOO_LONG: Final = timedelta(minutes=30)


class Inspection(Protocol):
    """Judges one file, from its bytes."""

    def __call__(self, chunks: Iterator[bytes], media_type: MediaType | None, /) -> str | CleanCopy | None:
        """The reason why the file is rejected, or else the clean copy of a picture and None for any other file.

        A file whose type is None, such as a recording, is not decoded.
        """
        ...


class Judging:
    """Judges the files that wait, a lot with each call; for any number of threads of any number of workers.

    Two workers may judge one file: the second verdict changes nothing.
    """

    def __init__(
        self, transactions: Transactions, store: EvidenceStore, inspect: Inspection, real_clock: Clock
    ) -> None:
        self._transactions = transactions
        self._store = store
        self._inspect = inspect
        self._clock = real_clock
        self._lock = threading.Lock()
        self._in_hand: set[str] = set()
        # Files that could not be judged, and when that was.
        self._failed: dict[str, datetime] = {}

    def __call__(self) -> bool:
        """Some files that waited have their verdict; False where none waits that could be judged now."""
        batch = self._take()
        if not batch:
            return False
        reached("judge.taken")
        judged: set[str] = set()
        try:
            judged = judge(self._transactions, self._store, self._inspect, batch)
        finally:
            self._give_back(batch, judged)
        reached("judge.done")
        return bool(judged)

    def _take(self) -> Sequence[str]:
        now = self._clock.now()
        with self._lock:
            # A machine's clock may also jump back.
            self._failed = {id_: at for id_, at in self._failed.items() if timedelta() <= now - at < AGAIN_AFTER}
            left_alone = self._in_hand | self._failed.keys()
            with self._transactions.reading(HUB) as tx:
                oldest = evidence.list_checking(tx, limit=DRAWN_FROM + len(left_alone))
            free = [id_ for id_ in oldest if id_ not in left_alone]
            batch = _chance.sample(free, min(BATCH, len(free)))
            self._in_hand.update(batch)
        return batch

    def _give_back(self, batch: Sequence[str], judged: set[str]) -> None:
        now = self._clock.now()
        with self._lock:
            self._in_hand.difference_update(batch)
            self._failed |= {id_: now for id_ in batch if id_ not in judged}


def judge(
    transactions: Transactions, store: EvidenceStore, inspect: Inspection, evidence_ids: Sequence[str]
) -> set[str]:
    """The files have their verdicts, in one commit, and what waited for them goes on; gives those that wait no longer.

    Doing it twice changes nothing. A file that cannot be judged now, because the scanner or the store is away, waits
    on: none is ever taken for clean unseen. It holds up no other.
    """
    found: dict[str, str | StoredCopy | None] = {}
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
            _settle(tx, found)
    return gone | found.keys()


class _NotWaitingError(Exception):
    """The file has its verdict, or was removed."""


def _look(
    transactions: Transactions, store: EvidenceStore, inspect: Inspection, evidence_id: str
) -> str | StoredCopy | None:
    """The reason against the file, or its clean copy, which lies in the store; a copy that gets no row is swept."""
    with transactions.reading(HUB) as tx:
        record = evidence.find_evidence(tx, evidence_id)
        if record is None or record.status != EvidenceStatus.CHECKING:
            raise _NotWaitingError
        file = content_of(tx, store, record)
        media_type = MediaType(record.media_type) if record.media_type in set(MediaType) else None
    try:
        finding = inspect(file.chunks, media_type)
    except EvidenceDamaged:
        return "unreadable"
    return _stored(store, finding) if isinstance(finding, CleanCopy) else finding


def _stored(store: EvidenceStore, copy: CleanCopy) -> StoredCopy:
    file, length = stored_files.new_file(new_id()), len(copy.content)
    kept = store.write(file.store_name, file.key, BytesIO(copy.content).read, length=length, limit=MAX_COPY_SIZE)
    reached("judge.copied")
    return StoredCopy(
        file=file, media_type=copy.media_type, size=kept.size, sha256=kept.sha256, thumbnail=copy.thumbnail
    )


def _settle(tx: HubTransaction, found: Mapping[str, str | StoredCopy | None]) -> None:
    settled = evidence.lock_checking(tx, list(found))
    for record in settled:
        finding = found[record.id]
        if isinstance(finding, str):
            evidence.set_verdict(record, EvidenceStatus.REJECTED, finding)
            continue
        evidence.set_verdict(record, EvidenceStatus.CLEAN, None)
        if finding is not None:
            clean_copies.add_copy(tx, record, finding)
    waited = given_evidence.applications_given(tx, [record.id for record in settled])
    for application_id, evidence_id in waited.items():
        # Each file gets one verdict, so a job of that name was never put in; those that were judged before there were
        # clean copies had jobs of other names.
        tx.jobs.enqueue(tx.session, screening_jobs.after_verdict(application_id, evidence_id))


def is_any_waiting(tx: HubTransaction) -> bool:
    """Whether a file waits for its verdict."""
    return bool(evidence.list_checking(tx, limit=1))


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
    """Where files have waited too long for their verdicts, an operator is asked to look into it."""
    files = evidence.count_checking_since(tx, tx.now - TOO_LONG)
    if files:
        operator_tasks.not_judged(tx, files=files)
