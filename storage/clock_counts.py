"""How many clocks run, of negotiations and of requests: each count is one range of one index, and stops at a bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from hub.domain.paging import MOST_COUNTED
from storage.bounded_counts import count_up_to
from storage.operations import IS_PAUSED
from storage.records import ClockRecord, ServiceRequestRecord
from storage.records import clocks as of_negotiations
from storage.records import service_requests as of_requests
from storage.transaction import Transaction

_MOST: Final = MOST_COUNTED + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BankClocks:
    """How many clocks run at a bank, and how many of them are late; `MOST_COUNTED` + 1 where there are more."""

    running: int
    breached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCounts:
    """How many clocks run, and how many of them are late, paused, or rest on a year without a notice.

    `MOST_COUNTED` + 1 where there are more.
    """

    running: int
    breached: int
    paused: int
    provisional: int


def count_clocks(tx: Transaction, at: datetime) -> ClockCounts:
    """The clocks of all banks that run at `at`."""
    clock, request = ClockRecord, ServiceRequestRecord
    found = _counted(
        tx,
        {
            **_running_and_breached(at, ()),
            "paused": [_some(clock.id, sa.text(of_negotiations.PAUSED_SQL))],
            "provisional": [
                _some(clock.id, sa.text(of_negotiations.PROVISIONAL_SQL)),
                _some(request.id, sa.text(of_requests.PROVISIONAL_SQL)),
            ],
        },
    )
    return ClockCounts(**found)


def count_clocks_of(tx: Transaction, at: datetime, bank_code: str) -> BankClocks:
    """The clocks of that bank that run at `at`."""
    return BankClocks(**_counted(tx, _running_and_breached(at, (bank_code,))))


def _running_and_breached(at: datetime, bank: tuple[str, ...]) -> dict[str, list[sa.ScalarSelect[int]]]:
    clock, request = ClockRecord, ServiceRequestRecord
    run = [sa.text(of_negotiations.RUNNING_SQL), *(clock.bank_code == code for code in bank)]
    # Those of requests are never paused.
    beside = [sa.text(of_requests.RUNNING_SQL), *(request.bank_code == code for code in bank)]
    return {
        "running": [_some(clock.due_at, *run), _some(request.due_at, *beside)],
        "breached": [
            _some(clock.due_at, *run, clock.due_at < at, sa.not_(IS_PAUSED)),
            _some(request.due_at, *beside, request.due_at < at),
        ],
    }


def _some(order: Any, *which: Any) -> sa.ScalarSelect[int]:
    return count_up_to(_MOST, sa.select(order).where(*which), order).scalar_subquery()


def _counted(tx: Transaction, asked: Mapping[str, list[sa.ScalarSelect[int]]]) -> dict[str, int]:
    counts = [count for parts in asked.values() for count in parts]
    found = iter(tx.session.execute(sa.select(*counts)).one())
    return {name: min(sum(next(found) for _ in parts), _MOST) for name, parts in asked.items()}
