"""How much of everything there is to look after."""

from dataclasses import dataclass

from hub.services.transaction import HubTransaction
from storage import bank_events, clock_counts, operations, tasks
from storage.clock_counts import ClockCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much of everything there is to look after."""

    given_up: int
    held_up: int
    failed_mails: int
    tasks: int
    refusals: int
    clocks: ClockCounts


def tally_of(tx: HubTransaction) -> Tally:
    """How much of everything there is just now."""
    return Tally(
        given_up=operations.count_given_up(tx),
        held_up=operations.count_held_up(tx, tx.now),
        failed_mails=operations.count_failed_mails(tx),
        tasks=tasks.count_open(tx),
        refusals=bank_events.count_refused(tx),
        clocks=clock_counts.count_clocks(tx, tx.now),
    )
