"""Sweeps: a schedule asks the rows what is due, so whatever moves the hub's clock, everything follows.

What is due is taken in bounded batches, no item holds up another, and nothing is found the second time. What is over is
forgotten sort by sort, each as a whole.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from hub.domain.actor import HUB
from hub.domain.retention import TRACES_KEPT_DAYS
from hub.domain.service_request import RequestKind
from hub.services.accounts import unfinished_forms
from hub.services.accounts.sign_in import LAPSED_KEPT
from hub.services.agreements import (
    amendment_steps,
    collection,
    failed_agreements,
    payment_reminders,
    payment_standing,
)
from hub.services.agreements import clearances as late_clearances
from hub.services.applications import screening
from hub.services.appointments import timing as appointment_timing
from hub.services.bills import reminders as bill_reminders
from hub.services.delivery import queueing
from hub.services.instalments import lapsing as instalments
from hub.services.mandates import looking as mandates
from hub.services.negotiations import answer_clocks, correspondence, offering, presence
from hub.services.notifications import client_notices, reminders, staff_mails
from hub.services.operating.apart import run_apart
from hub.services.operating.heartbeats import FORGOTTEN_AFTER
from hub.services.referrals import handing_over
from hub.services.referrals import referrals as person_referrals
from hub.services.requests import clocks as request_clocks
from hub.services.requests import erasing as request_erasing
from hub.services.transaction import HubTransaction, Transactions
from storage import (
    agreements,
    amendments,
    application_traces,
    appointments,
    attempts,
    bill_consents,
    bills,
    clearances,
    clients,
    clocks,
    deductions,
    evidence_requests,
    matter_codes,
    negotiations,
    offers,
    preferences,
    referrals,
    service_requests,
    sessions,
    worker_beats,
)
from storage import collection as collection_rows
from storage import mandates as mandate_rows

_log = logging.getLogger(__name__)

Finding = Callable[[HubTransaction, datetime, int], Sequence[str]]
"""At most so many ids of what is due at that instant."""
Settling = Callable[[HubTransaction, str], None]
Forgetting = Callable[[HubTransaction, datetime], None]

BATCH = 500
# So many are settled in one transaction: few commits, and no writer waits long for it.
TOGETHER = 50
ANSWERS_KEPT = timedelta(days=30)
CODES_KEPT = timedelta(days=1)


def run_due(transactions: Transactions) -> int:
    """Everything that is due by now has happened; gives how many things did.

    Lapsed corrections, requests and offers, breaches, late certificates, reminders, deliveries to try again, and work
    whose job was lost.
    What fails holds up nothing else: each error is logged, and the first comes out at the end.
    """
    with transactions.reading(HUB) as tx:
        if not _is_any_due(tx):
            return 0
    kinds = {_name_of(act): partial(_settle_kind, transactions, find=find, act=act) for find, act in _KINDS}
    # The mornings come before the steps of the ladder, which they stand for where a person wants it.
    others = {"mornings": _plan_mornings, "reminders": _remind, "jobs": _put_in_jobs}
    return sum(run_apart(kinds | {name: partial(part, transactions) for name, part in others.items()}))


def _is_any_due(tx: HubTransaction) -> bool:
    """Whether a sweep would find anything: most do not, and one of a kind is enough to know."""
    return (
        any(find(tx, tx.now, 1) for find, _ in _KINDS)
        or bool(staff_mails.banks_to_tell(tx))
        or clocks.any_to_remind(tx, tx.now)
        or any(find(tx, limit=1) for find in _JOBS)
    )


def _settle_kind(transactions: Transactions, *, find: Finding, act: Settling) -> int:
    with transactions.reading(HUB) as tx:
        due = find(tx, tx.now, BATCH)
    failed = _settle(transactions, act, due)
    if failed:
        raise failed[0]
    return len(due)


def _settle(transactions: Transactions, act: Settling, due: Sequence[str]) -> list[Exception]:
    """Each is settled: many in one transaction where they can be, alone otherwise. What failed alone is given."""
    at_once = _AT_ONCE.get(act)
    if at_once is None:
        return [error for each in due if (error := _alone(transactions, act, each))]
    failed = []
    for start in range(0, len(due), TOGETHER):
        batch = due[start : start + TOGETHER]
        try:
            with transactions.writing(HUB) as tx:
                at_once(tx, batch)
        except Exception:  # noqa: BLE001 - one of the batch is to blame, and alone it holds up no other
            failed += [error for each in batch if (error := _alone(transactions, act, each))]
    return failed


def _alone(transactions: Transactions, act: Settling, due: str) -> Exception | None:
    try:
        with transactions.writing(HUB) as tx:
            act(tx, due)
    except Exception as error:  # noqa: BLE001 - one that cannot be settled must not hold up the others
        _log.error("what was due failed", extra={"step": _name_of(act), "due": due, "error": type(error).__name__})
        return error
    return None


def _name_of(act: Settling) -> str:
    return f"{act.__module__}.{act.__qualname__}"


def _plan_mornings(transactions: Transactions) -> int:
    with transactions.reading(HUB) as tx:
        due = staff_mails.banks_to_tell(tx)
    if due:
        with transactions.writing(HUB) as tx:
            for bank_code, at in due:
                staff_mails.plan(tx, bank_code, at)
    return len(due)


def _remind(transactions: Transactions) -> int:
    planned = 0
    while True:
        with transactions.reading(HUB) as tx:
            if not clocks.any_to_remind(tx, tx.now):
                return planned
        with transactions.writing(HUB) as tx:
            added = reminders.plan_due(tx, limit=BATCH)
        if added == 0:
            # Another worker has the rest in hand.
            return planned
        planned += added


def _put_in_jobs(transactions: Transactions) -> int:
    with transactions.reading(HUB) as tx:
        jobs = [job for find in _JOBS for job in find(tx, limit=BATCH)]
    if jobs:
        with transactions.writing(HUB) as tx:
            for job in jobs:
                tx.jobs.enqueue(tx.session, job)
    return len(jobs)


def _requests(tx: HubTransaction, at: datetime, limit: int) -> Sequence[str]:
    return [each.negotiation_id for each in evidence_requests.list_due(tx, at, limit)]


def _offers(tx: HubTransaction, at: datetime, limit: int) -> Sequence[str]:
    return list(dict.fromkeys(each.negotiation_id for each in offers.list_lapsing(tx, at, limit)))


def _breaches(tx: HubTransaction, at: datetime, limit: int) -> Sequence[str]:
    return [each.id for each in clocks.list_breached(tx, at, limit)]


def _amendments(tx: HubTransaction, at: datetime, limit: int) -> Sequence[str]:
    return [each.id for each in amendments.list_lapsing(tx, at, limit)]


def _unfollowed(tx: HubTransaction, _at: datetime, limit: int) -> Sequence[str]:
    return payment_standing.list_unfollowed(tx, limit)


def _instalments(tx: HubTransaction, at: datetime, limit: int) -> Sequence[str]:
    return service_requests.list_to_look_at(tx, RequestKind.INSTALMENTS, at, limit)


# Of one deed there is one kind.
_KINDS: tuple[tuple[Finding, Settling], ...] = (
    (_requests, correspondence.lapse_request),
    (_breaches, answer_clocks.note_breach),
    (service_requests.list_breached, request_clocks.note_breach),
    (service_requests.list_to_remind, request_clocks.remind),
    (_instalments, instalments.look),
    (_offers, offering.lapse),
    (negotiations.list_to_correct_by, screening.lapse_correction),
    (_amendments, amendment_steps.lapse),
    (collection_rows.list_to_check, collection.check_hold),
    (clearances.list_late, late_clearances.note_late),
    (agreements.list_to_judge, failed_agreements.judge),
    (agreements.list_to_remind, payment_reminders.tell),
    (_unfollowed, payment_standing.follow),
    (bills.list_to_remind, bill_reminders.tell),
    (referrals.list_lapsing, person_referrals.lapse),
    (mandate_rows.list_to_look_at, mandates.look),
    (appointments.list_to_act, appointment_timing.act),
    (appointments.list_to_forget, appointment_timing.forget_address),
)
_JOBS = (queueing.jobs_due, screening.jobs_stuck, client_notices.jobs_due, handing_over.jobs_due)
# Deeds that come by the hundred at one moment of the day, beside what does many of them in one transaction.
_AT_ONCE: Mapping[Settling, Callable[[HubTransaction, Sequence[str]], None]] = {
    answer_clocks.note_breach: answer_clocks.note_breaches
}


def forget_old(transactions: Transactions, *, real_now: datetime) -> None:
    """Ended tokens, first answers older than thirty days and choices that nobody uses are gone.

    Each sort in a transaction of its own, all that is over by now: an hour's worth where a worker runs. A sort that
    fails holds up no other; the first error comes out at the end. Tokens live in real time, so it is handed in.
    """

    def forget(step: Forgetting) -> Callable[[], None]:
        def run() -> None:
            with transactions.writing(HUB) as tx:
                step(tx, real_now)

        return run

    run_apart({name: forget(step) for name, step in _FORGOTTEN.items()})


# What is forgotten by the hub's clock takes no notice of the real time.
_FORGOTTEN: Mapping[str, Forgetting] = {
    "attempts": attempts.forget,
    "clients": lambda tx, real_now: clients.forget_old(
        tx, tokens_before=real_now, answers_before=tx.now - ANSWERS_KEPT
    ),
    "preferences": lambda tx, _: preferences.forget_expired(tx),
    "bills": lambda tx, _: bills.forget_expired(tx),
    "requests": lambda tx, _: request_erasing.erase_expired(tx),
    "bill consents": lambda tx, _: bill_consents.forget_expired(tx),
    "referrals": lambda tx, _: referrals.forget_expired(tx),
    "mandates": lambda tx, _: mandate_rows.forget_expired(tx),
    "deductions": lambda tx, _: deductions.forget_expired(tx),
    "codes of matters": lambda tx, _: matter_codes.forget_expired(tx),
    "appointments": lambda tx, _: appointments.forget_expired(tx),
    "traces": lambda tx, _: application_traces.forget(tx, tx.now - timedelta(days=TRACES_KEPT_DAYS)),
    # Codes that ran out still count against the limit of their mobile for a while.
    "sessions": lambda tx, real_now: sessions.forget_ended(
        tx, sessions_before=real_now - LAPSED_KEPT, codes_before=tx.now - CODES_KEPT
    ),
    "unfinished forms": lambda tx, real_now: unfinished_forms.forget_old(tx, real_now=real_now),
    "presence": lambda tx, real_now: presence.forget_old(tx, real_now=real_now),
    "workers": lambda tx, real_now: worker_beats.forget(tx, before=real_now - FORGOTTEN_AFTER),
}
