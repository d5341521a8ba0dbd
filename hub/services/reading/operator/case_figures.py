"""Figures of what is under way, who looks after it, and who tries to get in."""

from datetime import datetime, timedelta
from itertools import product
from typing import Final

from hub.domain.evidence import EvidenceStatus, FileRejectionReason
from hub.domain.operator_task import TaskKind
from hub.domain.service_request import RequestKind
from hub.services.backups import noting
from hub.services.operating.audit import AuditKind
from hub.services.reading.operator.figure import Figure, of_each, one, seconds_since
from hub.services.reading.operator.message_figures import RECENTLY
from hub.services.transaction import HubTransaction
from storage import banks, clock_skew, tasks, watching, worker_beats

# An answer that is due sooner is in danger.
SOON: Final = timedelta(days=1)
TRIES_WITHIN: Final = timedelta(minutes=15)
_TRIES_IN_VAIN: Final = (
    AuditKind.SIGN_IN_FAILED,
    AuditKind.SECOND_STEP_FAILED,
    AuditKind.MOBILE_NOT_PROVED,
    AuditKind.TOKEN_REFUSED,
)


def case_figures(tx: HubTransaction, *, real_now: datetime) -> list[Figure]:
    """All of them. `real_now` is the machine's time, by which workers and ids go."""
    return [
        *_of_clocks(tx),
        *_of_tasks(tx),
        *_of_verdicts(tx, real_now),
        _of_tries(tx),
        _of_workers(tx, real_now),
        _of_backups(tx, real_now),
        _of_time(tx),
    ]


def _of_clocks(tx: HubTransaction) -> list[Figure]:
    codes = [bank.code for bank in banks.list_banks(tx)]
    owed = watching.clocks(tx, soon=tx.now + SOON)
    running, soon, late = (
        {code: float(getattr(each, name)) for code, each in owed.items()} for name in ("running", "due_soon", "late")
    )
    return [
        of_each("hub_clocks_running", "Answers that banks owe", "bank", codes, running),
        of_each("hub_clocks_due_soon", "Answers that are due within a day", "bank", codes, soon),
        of_each("hub_clocks_breached", "Answers that are late", "bank", codes, late),
        of_each(
            "hub_service_requests_open",
            "Requests beside negotiations that are with their banks",
            "kind",
            RequestKind,
            watching.open_requests(tx),
        ),
    ]


def _of_tasks(tx: HubTransaction) -> list[Figure]:
    return [
        of_each("hub_tasks_open", "Tasks that wait for an operator", "kind", TaskKind, tasks.count_by_kind(tx)),
        one(
            "hub_tasks_oldest_seconds",
            "How long the first of them has waited",
            seconds_since(tasks.oldest_raised(tx), tx.now),
        ),
    ]


def _of_verdicts(tx: HubTransaction, real_now: datetime) -> list[Figure]:
    numbers: dict[tuple[str, ...], float] = {
        (EvidenceStatus.CHECKING, ""): 0.0,
        (EvidenceStatus.CLEAN, ""): 0.0,
        **dict.fromkeys(product((EvidenceStatus.REJECTED,), FileRejectionReason), 0.0),
    }
    numbers |= {(status, why): files for status, why, files in watching.verdicts_since(tx, real_now - RECENTLY)}
    return [
        Figure(
            name="hub_verdicts",
            says="Files of the last hour, by the verdict over them so far",
            labels=("status", "reason"),
            values=sorted(numbers.items()),
        )
    ]


def _of_tries(tx: HubTransaction) -> Figure:
    found = watching.audited_since(tx, _TRIES_IN_VAIN, tx.now - TRIES_WITHIN)
    says = "Tries to sign in, or to prove who one is, that failed within the last quarter of an hour"
    return of_each("hub_sign_in_failures", says, "kind", _TRIES_IN_VAIN, found)


def _of_workers(tx: HubTransaction, real_now: datetime) -> Figure:
    ages = {name: seconds_since(at, real_now) for name, at in worker_beats.last_beats(tx).items()}
    says = "How long ago each worker said that it is there; one that ended in order is left out"
    return of_each("hub_worker_heartbeat_age_seconds", says, "worker", (), ages)


def _of_time(tx: HubTransaction) -> Figure:
    says = "How far the database's clock is ahead of this machine's"
    return one("hub_database_clock_ahead_seconds", says, clock_skew.database_ahead_s(tx.session))


def _of_backups(tx: HubTransaction, real_now: datetime) -> Figure:
    ages = noting.ages(tx, real_now=real_now)
    return Figure(
        name="hub_backup_age_seconds",
        says="How old the newest backup is, and the newest that was checked or drilled",
        labels=("kind", "state"),
        values=sorted((each, age.total_seconds()) for each, age in ages.items()),
    )
