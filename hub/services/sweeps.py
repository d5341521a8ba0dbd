"""Sweeps: a schedule asks the rows what is due, so whatever moves the hub's clock, everything follows.

Each sweep takes a bounded lot, each item in a transaction of its own, and finds nothing the second time.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from hub.domain.actor import HUB
from hub.jobs.port import Job
from hub.services import client_notices, correspondence, delivery, reminders, screening
from hub.services import clocks as clock_deeds
from hub.services import offers as offer_deeds
from hub.services.references import check_evidence_job
from hub.services.transaction import HubTransaction, Transactions
from storage import clients, clocks, evidence, evidence_requests, negotiations, offers, sessions

LOT = 500
# A file that waited this long for its verdict is put in again: its job may have died.
CHECKING_AFTER = timedelta(minutes=2)
ANSWERS_KEPT = timedelta(days=30)
CODES_KEPT = timedelta(days=1)


def run_due(transactions: Transactions) -> int:
    """Everything that is due by now has happened; gives how many things did.

    Lapsed corrections, requests and offers, breaches, reminders, deliveries to try again, and work whose job was lost.
    One that cannot be settled holds up no other; its error comes out at the end.
    """
    done = 0
    failed: list[Exception] = []
    for find, act in _KINDS:
        with transactions.reading(HUB) as tx:
            due = find(tx)
        for each in due:
            try:
                with transactions.writing(HUB) as tx:
                    act(tx, each)
            except Exception as error:  # noqa: BLE001 - one that cannot be settled must not hold up the others
                failed.append(error)
            done += 1
    done += _remind(transactions)
    with transactions.reading(HUB) as tx:
        jobs = [
            *delivery.jobs_due(tx, limit=LOT),
            *screening.jobs_stuck(tx, limit=LOT),
            *_unchecked(tx),
            *client_notices.jobs_due(tx, limit=LOT),
        ]
    if jobs:
        with transactions.writing(HUB) as tx:
            for job in jobs:
                tx.jobs.enqueue(tx.session, job)
    if failed:
        raise failed[0]
    return done + len(jobs)


def _remind(transactions: Transactions) -> int:
    planned = 0
    while True:
        with transactions.reading(HUB) as tx:
            if not clocks.any_to_remind(tx, tx.now):
                return planned
        with transactions.writing(HUB) as tx:
            lot = reminders.plan_due(tx, limit=LOT)
        if lot == 0:
            # Another worker has the rest in hand.
            return planned
        planned += lot


def _corrections(tx: HubTransaction) -> Sequence[str]:
    return negotiations.list_to_correct_by(tx, tx.now, LOT)


def _requests(tx: HubTransaction) -> Sequence[str]:
    return [each.negotiation_id for each in evidence_requests.list_due(tx, tx.now, LOT)]


def _offers(tx: HubTransaction) -> Sequence[str]:
    return list(dict.fromkeys(each.negotiation_id for each in offers.list_lapsing(tx, tx.now, LOT)))


def _breaches(tx: HubTransaction) -> Sequence[str]:
    return [each.id for each in clocks.list_breached(tx, tx.now, LOT)]


def _note_breach(tx: HubTransaction, clock_id: str) -> None:
    clock_deeds.note_breach(tx, clock_id)


_KINDS: tuple[tuple[Callable[[HubTransaction], Sequence[str]], Callable[[HubTransaction, str], None]], ...] = (
    (_requests, correspondence.lapse_request),
    (_breaches, _note_breach),
    (_offers, offer_deeds.lapse),
    (_corrections, screening.lapse_correction),
)


def _unchecked(tx: HubTransaction) -> list[Job]:
    minute = tx.now.strftime("%Y%m%d%H%M")
    waiting = evidence.list_checking_since(tx, tx.now - CHECKING_AFTER, LOT)
    return [check_evidence_job(evidence_id, why=minute) for evidence_id in waiting]


def forget_old(transactions: Transactions, *, real_now: datetime) -> None:
    """Ended tokens and first answers older than thirty days are gone. Tokens live in real time, so it is handed in."""
    with transactions.writing(HUB) as tx:
        clients.forget_old(tx, tokens_before=real_now, answers_before=tx.now - ANSWERS_KEPT)
        # Codes that ran out still count against the limit of their mobile for a while.
        sessions.forget_ended(tx, sessions_before=real_now, codes_before=tx.now - CODES_KEPT)
