"""What an erasure leaves to do once its rows are gone: bytes in the store, and answers that were kept for callers.

A worker that dies begins anew; doing it twice changes nothing.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from hub.domain.actor import HUB
from hub.jobs.port import Job
from hub.services.erasure.erasing import Leftovers
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import erasures
from storage.evidence_store import EvidenceStore

FINISH: Final = "finish_erasure"
_LATE: Final = timedelta(minutes=2)
_BATCH: Final = 100
_ANSWERS: Final = 200


def keep(tx: HubTransaction, left: Iterable[Leftovers]) -> None:
    """What is left to do stands in a row, and its job is on its way."""
    found = list(left)
    names = [name for each in found for name in each.store_names if name]
    ids = list(dict.fromkeys(id_ for each in found for id_ in each.ids))
    if names or ids:
        tx.jobs.enqueue(tx.session, _job(erasures.add(tx, store_names=names, ids=ids), why="begun"))


def _job(erasure_id: str, *, why: str) -> Job:
    return Job(name=FINISH, key=f"{FINISH}:{erasure_id}:{why}", argument=erasure_id)


def jobs_unfinished(tx: HubTransaction) -> list[Job]:
    """A job for each erasure that was begun a while ago and is not done; a new one each minute."""
    minute = tx.now.strftime("%Y%m%d%H%M")
    late = erasures.list_open(tx, before=tx.now - _LATE, limit=_BATCH)
    return [_job(each, why=f"late:{minute}") for each in late]


def finish(transactions: Transactions, store: EvidenceStore, erasure_id: str) -> None:
    """Nothing is left of what was erased. Raises `StoreFull` where the store is away; the next run goes on."""
    with transactions.reading(HUB) as tx:
        record = erasures.find_open(tx, erasure_id)
        if record is None:
            return
        names, ids = list(record.store_names), list(record.ids)
    for name in names:
        store.delete(name)
        reached("erasure.deleted")
    place: tuple[str, str] | None = None
    is_more = bool(ids)
    while is_more:
        with transactions.writing(HUB) as tx:
            place = erasures.drop_answers(tx, ids, after=place, limit=_ANSWERS)
        reached("erasure.answers")
        is_more = place is not None
    with transactions.writing(HUB) as tx:
        record = erasures.find_open(tx, erasure_id, lock=True)
        if record is not None:
            erasures.set_done(tx, record)
