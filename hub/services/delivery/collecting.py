"""Collecting what banks lay out for the hub to pick up: a job a bank, and one at a time, so that none holds up another.

When a bank is next asked stands in the row of its line, so that the hub's clock moves it as it does everything else.
"""

from collections.abc import Callable
from datetime import timedelta

from hub.banks.port import BankCall, Collecting, Refusal, WrongResponse
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.errors import HostNotTrusted, TryAgain
from hub.jobs.port import Job
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import bank_events, bank_lines, banks

EVERY = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=5)
_DOUBLED = 5
# Longer than an adapter takes for one run: a worker that was not heard of for so long has died.
IN_HAND = timedelta(minutes=6)
# What lies there for so long with a part of it missing is no longer on its way.
UNFINISHED_AFTER = timedelta(minutes=15)
# The operator hears of it after so many failures in a row, which takes half an hour.
FAILURES_TO_TELL = 10

Apply = Callable[[Bank, BankCall], Refusal | None]


def jobs_due(tx: HubTransaction) -> list[Job]:
    """A job for each bank that lays out what it says and has not been asked for a while."""
    known = bank_lines.collect_times(tx)
    found = []
    for bank in banks.list_banks(tx):
        at = known.get(bank.code)
        if isinstance(tx.adapters.of(bank), Collecting) and bank_lines.is_collect_time(at, tx.now):
            found.append(
                Job(
                    name="collect",
                    # The same until the job has run, so that they never pile up behind a bank that hangs.
                    key=f"collect:{bank.code}:{'first' if at is None else f'{at.timestamp():.3f}'}",
                    argument=bank.code,
                    queue="deliver",
                    partition=bank.code,
                )
            )
    return found


def collect(transactions: Transactions, apply: Apply, bank_code: str) -> int:
    """What the bank has laid out was applied; gives how many events were. No transaction is open meanwhile.

    Does nothing where another worker is at it. A bank that cannot be reached is asked again after growing waits, and
    the operator is told.
    """
    with transactions.writing(HUB) as tx:
        bank = banks.get_bank(tx, bank_code)
        adapter = tx.adapters.of(bank)
        if not isinstance(adapter, Collecting) or not bank_lines.begin_collecting(tx, bank_code, tx.now + IN_HAND):
            return 0

    begun_at = tx.now

    def report(wrong: WrongResponse) -> bool:
        if wrong.lies_since is not None and begun_at - wrong.lies_since < UNFINISHED_AFTER:
            return False
        with transactions.writing(HUB) as tx:
            bank_events.keep_refused(
                tx, bank_code=bank_code, code=wrong.code, digest=wrong.digest, event_id=None, negotiation_id=None
            )
            return operator_tasks.response_wrong(tx, bank_code, name=wrong.name, code=wrong.code, digest=wrong.digest)

    reached("collecting.begun")
    failure: TryAgain | None = None
    applied = 0
    try:
        applied = adapter.collect(bank, lambda call: apply(bank, call), report)
    except TryAgain as error:
        failure = error
    reached("collecting.done")
    with transactions.writing(HUB) as tx:
        _end(tx, bank_code, failure)
    return applied


def _end(tx: HubTransaction, bank_code: str, failure: TryAgain | None) -> None:
    failures = bank_lines.count_collecting(tx, bank_code, failed=failure is not None)
    bank_lines.collect_again(tx, bank_code, tx.now + min(EVERY * 2 ** min(failures, _DOUBLED), LONGEST_WAIT))
    if isinstance(failure, HostNotTrusted):
        operator_tasks.host_not_trusted(tx, bank_code, detail=failure.detail)
    elif failure is not None and failures >= FAILURES_TO_TELL:
        operator_tasks.not_collected(tx, bank_code, failures=failures, detail=failure.detail)
