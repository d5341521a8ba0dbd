"""How the way to each bank is just now; nothing of what travels on it."""

from dataclasses import dataclass
from datetime import datetime

from hub.services.transaction import HubTransaction
from storage import bank_lines, operations
from storage.operations import Failing


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The way to one bank. `in_house` is one that needs no line: the bank works here.

    `closed_until` is None where the line is open. `failures` and `collect_failures` are counted in a row: attempts to
    hand a message over, and to pick up what the bank lays out. `last_arrival` is None where the bank took nothing yet.
    `failing` is what failed and is tried again.
    """

    in_house: bool
    closed_until: datetime | None
    failures: int
    collect_failures: int
    last_arrival: datetime | None
    waiting: int
    given_up: int
    failing: Failing | None


def lines_of(tx: HubTransaction, banks: dict[str, str]) -> dict[str, Line]:
    """The line to each of `banks`, kinds of adapters by code, by its code."""
    unsent, failing = operations.count_unsent(tx), operations.failing_since(tx)
    return {
        code: Line(
            in_house=adapter in tx.adapters.in_house_kinds,
            closed_until=bank_lines.closed_until(tx, code),
            failures=bank_lines.failures_of(tx, code),
            collect_failures=bank_lines.collect_failures_of(tx, code),
            last_arrival=operations.last_arrival(tx, code),
            waiting=unsent.get(code, (0, 0))[0],
            given_up=unsent.get(code, (0, 0))[1],
            failing=failing.get(code),
        )
        for code, adapter in banks.items()
    }
