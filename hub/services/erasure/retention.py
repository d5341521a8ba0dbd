"""Retention: what is due is erased each day, by the same code path as what a person asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from hub.domain.actor import HUB
from hub.domain.lifecycle import OPEN, Status
from hub.domain.retention import Cause, DataClass, Extent, Periods
from hub.services.erasure import erasing, leftovers
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import erasures, negotiation_locks
from storage.records import NegotiationRecord

EXTENTS: Final = {
    DataClass.APPLICATION: Extent.WHOLE,
    DataClass.AGREEMENT: Extent.WHOLE,
    DataClass.FILES: Extent.FILES,
    DataClass.AGREEMENT_FILES: Extent.FILES,
}
_BATCH: Final = 200
# Rows of before it was kept when they were over, so many in one transaction.
_DATED_TOGETHER: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How many negotiations are due in a class by now, and when the next one after them is; None where none waits."""

    data_class: DataClass
    days: int
    due: int
    next_at: datetime | None


class _Which(TypedDict):
    """Which negotiations a class is about, as `storage.erasures` asks for them."""

    agreed: bool
    with_files: bool


def _of(data_class: DataClass) -> _Which:
    is_agreed = data_class in (DataClass.AGREEMENT, DataClass.AGREEMENT_FILES)
    return _Which(agreed=is_agreed, with_files=EXTENTS[data_class] is Extent.FILES)


def overview(tx: HubTransaction, periods: Periods) -> list[Due]:
    """What is due in each class, and what is next; held negotiations are neither."""
    return [_due(tx, each, periods) for each in EXTENTS]


def _due(tx: HubTransaction, data_class: DataClass, periods: Periods) -> Due:
    period, which = periods.of(data_class), _of(data_class)
    first = erasures.first_over(tx, **which, after=tx.now - period)
    return Due(
        data_class=data_class,
        days=period.days,
        due=erasures.count_over(tx, **which, before=tx.now - period),
        next_at=None if first is None else first + period,
    )


def date_old(transactions: Transactions) -> int:
    """A lot of the negotiations that ended before it was kept when they were over say so now; gives how many.

    It goes on where it was broken off, and finds nothing once all are done.
    """
    with transactions.reading(HUB) as tx:
        if not erasures.are_any_undated(tx):
            return 0
    with transactions.writing(HUB) as tx:
        return erasures.date_some(tx, _DATED_TOGETHER)


def run(transactions: Transactions, periods: Periods) -> dict[DataClass, int]:
    """Whatever is due by now is erased, one negotiation a transaction; gives how many of each class.

    What cannot be erased holds up no other; its error comes out at the end.
    """
    done = dict.fromkeys(EXTENTS, 0)
    failed: list[Exception] = []
    for data_class in EXTENTS:
        for negotiation_id in _due_ids(transactions, data_class, periods):
            try:
                with transactions.writing(HUB) as tx:
                    done[data_class] += _erase(tx, negotiation_id, data_class, periods)
            except Exception as error:  # noqa: BLE001 - one that cannot be erased must not hold up the others
                failed.append(error)
            reached("retention.erased")
    if failed:
        raise failed[0]
    return done


def _due_ids(transactions: Transactions, data_class: DataClass, periods: Periods) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        with transactions.reading(HUB) as tx:
            before = tx.now - periods.of(data_class)
            found = erasures.list_over(tx, **_of(data_class), before=before, limit=_BATCH + len(seen))
        fresh = [id_ for id_, _ in found if id_ not in seen]
        if not fresh:
            return
        seen.update(fresh)
        yield from fresh


def _erase(tx: HubTransaction, negotiation_id: str, data_class: DataClass, periods: Periods) -> int:
    negotiation = negotiation_locks.lock(tx, negotiation_id)
    # Somebody may have held it, or somebody else erased it, since it was found.
    if not is_due(tx, negotiation, data_class, periods):
        return 0
    leftovers.keep(tx, [erasing.erase(tx, negotiation, EXTENTS[data_class], Cause.DUE)])
    return 1


def is_due(tx: HubTransaction, negotiation: NegotiationRecord, data_class: DataClass, periods: Periods) -> bool:
    """Whether that class of the negotiation, whose row is locked, may go by now."""
    extent = EXTENTS[data_class]
    done = negotiation.erased_at if extent is Extent.WHOLE else negotiation.erased_at or negotiation.files_erased_at
    if done is not None or negotiation.status in OPEN or erasures.find_hold(tx, negotiation.id) is not None:
        return False
    ended = ended_at(tx, negotiation)
    return (
        ended is not None
        and erasing.class_of(negotiation, extent) is data_class
        and ended + periods.of(data_class) <= tx.now
    )


def ended_at(tx: HubTransaction, negotiation: NegotiationRecord) -> datetime | None:
    """When the negotiation was over; None while it is open, or an agreement is in force."""
    if negotiation.status == Status.AGREED:
        return erasures.end_of_agreements(tx, negotiation.id)
    return erasures.end_of_negotiation(tx, negotiation)
