"""Scrubbing: every stored file is read once a day, a slice every five minutes, and a damaged one is an operator's task.

Whose turn it is follows from the time alone, so nothing has to be remembered. A day has one slice less than there are:
whatever stands still at the same time each day still has every file read on the next.
"""

import contextlib
import hashlib
from datetime import datetime, timedelta

from hub.domain.actor import HUB
from hub.domain.errors import EvidenceDamaged, HubError
from hub.services.operating import done_tasks, operator_tasks
from hub.services.transaction import Transactions
from storage import scrubbing
from storage.evidence_store import EvidenceStore
from storage.scrubbing import RecordedFile

EVERY = timedelta(minutes=5)
SLICES = timedelta(days=1) // EVERY + 1
# Of evidence, of documents and of exports each: a slice with more is read in parts, one a day.
MOST = 200
_NAMES = 1 << 32


def scrub(transactions: Transactions, store: EvidenceStore, *, at: datetime) -> int:
    """The files whose turn it is at that time were read whole, and a task raised for each damaged one; gives how many.

    The task of one that is whole again is done.

    No transaction is open while files are read. Raises `StoreFull` where the store does not answer.
    """
    turn = int(at.timestamp()) // int(EVERY.total_seconds())
    low, high = (_name_at(turn % SLICES + step) for step in (0, 1))
    with transactions.reading(HUB) as tx:
        files = scrubbing.slice_of_files(tx, low, high, round_number=turn // SLICES, most=MOST)
    broken = [file.store_name for file in files if not _is_whole(store, file)]
    done_tasks.files_are_whole(transactions, {file.store_name for file in files} - set(broken))
    return sum(report_damage(transactions, name) for name in broken)


def _name_at(slice_number: int) -> str:
    # Names are random hex digits; "g" comes behind the last of them.
    return "g" if slice_number == SLICES else f"{slice_number * _NAMES // SLICES:08x}"


def _is_whole(store: EvidenceStore, file: RecordedFile) -> bool:
    digest = hashlib.sha256()
    try:
        for chunk in store.read(file.store_name, file.key, file.size):
            digest.update(chunk)
    except EvidenceDamaged:
        return False
    return digest.hexdigest() == file.sha256


def report_damage(transactions: Transactions, store_name: str) -> bool:
    """An operator is told of the damaged file, once; False where no row speaks of it any more."""
    with transactions.writing(HUB) as tx:
        owner = scrubbing.owner_of(tx, store_name)
        if owner is None:
            return False
        operator_tasks.file_damaged(tx, owner)
        return True


def report_damage_in_passing(transactions: Transactions, store_name: str) -> None:
    """The same for whoever is answering somebody else, and must not fail over it: the scrub finds it again."""
    with contextlib.suppress(HubError):
        report_damage(transactions, store_name)
