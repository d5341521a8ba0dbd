"""What an operator sees and puts right over all banks: stuck messages, refused mails, clocks, notices, banks.

Nothing here holds a person's data: negotiations are named by their references, and what others wrote is scrubbed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.domain.actor import Actor
from hub.domain.bank import READERS, Bank, BankRules
from hub.domain.errors import NotFound
from hub.domain.masks import scrubbed
from hub.jobs.port import DeadJob, JobDesk
from hub.services.delivery import queueing
from hub.services.negotiations.answer_clocks import RunningClock, running_clock
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction, Transactions
from storage import bank_events, bank_lines, clocks, deliveries, mails, negotiations, operations, tasks
from storage.operations import ClockCounts, Failing
from storage.records import DeliveryRecord

MOST_SHOWN = 200
_SECRET = re.compile(r"secret|password|passphrase|private|token")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class StuckMessage:
    """A message that has not reached its bank. `next_try_at` is None where it was given up."""

    id: str
    reference: str
    bank_code: str
    kind: str
    attempts: int
    queued_at: datetime
    next_try_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message to a bank, and how far it got."""

    kind: str
    status: str
    attempts: int
    queued_at: datetime
    next_try_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a negotiation stands, without anything of the person. `due_at` is None where no clock runs."""

    reference: str
    bank_code: str
    status: str
    opened_at: datetime
    due_at: datetime | None
    messages: list[SentMessage]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedMail:
    """A mail that was refused for good."""

    id: str
    reference: str
    bank_code: str
    kind: str
    reader: str
    attempts: int
    planned_at: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much of everything there is to look after."""

    given_up: int
    held_up: int
    failed_mails: int
    tasks: int
    refusals: int
    clocks: ClockCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a bank as it may be shown. `text` is None for a secret; `is_set` is False for a default."""

    name: str
    text: str | None
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPage:
    """Some of the running clocks; `next_place` is where the following page begins, or None at the end."""

    items: list[RunningClock]
    next_place: tuple[datetime, str] | None


def tally(tx: HubTransaction) -> Tally:
    """How much of everything there is just now."""
    return Tally(
        given_up=operations.count_given_up(tx),
        held_up=operations.count_held_up(tx, tx.now),
        failed_mails=operations.count_failed_mails(tx),
        tasks=tasks.count_open(tx),
        refusals=bank_events.count_refused(tx),
        clocks=operations.count_clocks(tx, tx.now),
    )


def _stuck(found: Sequence[tuple[DeliveryRecord, str]]) -> list[StuckMessage]:
    return [
        StuckMessage(
            id=record.id,
            reference=reference,
            bank_code=record.bank_code,
            kind=record.kind,
            attempts=record.attempts,
            queued_at=record.queued_at,
            next_try_at=record.next_try_at,
            detail=scrubbed(record.detail),
        )
        for record, reference in found
    ]


def course_of(tx: HubTransaction, reference: str) -> Course:
    """The negotiation of that reference and its messages, the oldest first; raises `NotFound`."""
    found = negotiations.find_negotiation(tx, reference)
    if found is None:
        raise NotFound
    running = clocks.find_running(tx, found.id)
    return Course(
        reference=found.reference,
        bank_code=found.bank_code,
        status=found.status,
        opened_at=found.opened_at,
        due_at=None if running is None else running.due_at,
        messages=[
            SentMessage(
                kind=record.kind,
                status=record.status,
                attempts=record.attempts,
                queued_at=record.queued_at,
                next_try_at=record.next_try_at,
                detail="" if record.delivered_at is not None else scrubbed(record.detail),
            )
            for record in deliveries.list_of(tx, found.id)
        ],
    )


def given_up(tx: HubTransaction) -> list[StuckMessage]:
    """Messages that were given up, the oldest first; at most `MOST_SHOWN`."""
    return _stuck(operations.list_given_up(tx, MOST_SHOWN))


def held_up(tx: HubTransaction) -> list[StuckMessage]:
    """Messages that failed or were not taken up and are tried again, the oldest first; at most `MOST_SHOWN`."""
    return _stuck(operations.list_held_up(tx, tx.now, MOST_SHOWN))


def failing(tx: HubTransaction) -> Mapping[str, Failing]:
    """What fails at each bank and is tried again, by its code; banks at which nothing does are left out."""
    return operations.failing_since(tx)


def try_now(tx: HubTransaction, delivery_id: str) -> bool:
    """The next attempt of a waiting message is made now; False where the message does not wait any more."""
    record = operations.try_now(tx, delivery_id)
    if record is None:
        return False
    bank_lines.open_again(tx, record.bank_code)
    tx.jobs.enqueue(tx.session, queueing.job_of(tx, record))
    audit.note(tx, AuditKind.DELIVERY_TRIED_NOW, _reference_of(tx, record.negotiation_id), message=record.kind)
    return True


def _reference_of(tx: HubTransaction, negotiation_id: str) -> str:
    return operations.references_of(tx, [negotiation_id])[negotiation_id]


def try_all_now(tx: HubTransaction, reference: str) -> int:
    """The next attempt of each waiting message of the negotiation is made now; gives how many. Raises `NotFound`."""
    if negotiations.find_negotiation(tx, reference) is None:
        raise NotFound
    return sum(try_now(tx, record.id) for record in operations.waiting_of(tx, reference))


def failed_mails(tx: HubTransaction) -> list[FailedMail]:
    """Mails that were refused for good, the newest first; at most `MOST_SHOWN`."""
    found = mails.list_failed(tx, limit=MOST_SHOWN)
    references = operations.references_of(tx, [mail.negotiation_id for mail in found])
    return [
        FailedMail(
            id=mail.id,
            reference=references[mail.negotiation_id],
            bank_code=mail.bank_code,
            kind=mail.kind,
            reader=mail.reader,
            attempts=mail.attempts,
            planned_at=mail.planned_at,
            detail=scrubbed(mail.detail),
        )
        for mail in found
    ]


def send_mail_again(tx: HubTransaction, mail_id: str) -> bool:
    """A mail that was refused for good waits to be sent again; False where it is no such mail any more."""
    mail = operations.send_mail_again(tx, mail_id)
    if mail is None:
        return False
    audit.note(tx, AuditKind.MAIL_SENT_AGAIN, _reference_of(tx, mail.negotiation_id), mail=mail.kind)
    return True


def send_job_again(transactions: Transactions, desk: JobDesk, key: str, actor: Actor) -> None:
    """The dead job waits in its queue again with all its attempts; raises `NotFound` where it is not dead.

    The desk's transaction is its own. The line of the audit is written before, so that no deed goes without one.
    """
    dead = next((job for job in desk.list_dead() if job.key == key), None)
    if dead is None:
        raise NotFound
    with transactions.writing(actor) as tx:
        about = references_of_jobs(tx, [dead]).get(dead.argument, "")
        audit.note(tx, AuditKind.JOB_SENT_AGAIN, about, job=dead.name)
    desk.send_again(key)


def references_of_jobs(tx: HubTransaction, jobs: Sequence[DeadJob]) -> dict[str, str]:
    """The reference of the negotiation that a job is about, by the job's argument, as far as it is about one."""
    arguments = [job.argument for job in jobs]
    return operations.references_of(tx, arguments) | operations.references_of_deliveries(tx, arguments)


def clock_page(
    tx: HubTransaction, *, late_only: bool, after: tuple[datetime, str] | None, limit: int = 100
) -> ClockPage:
    """Running clocks, the one due first at the front."""
    found = operations.list_clocks(tx, late_at=tx.now if late_only else None, after=after, limit=limit + 1)
    calendar = tx.calendar()
    items = [running_clock(clock, reference, calendar=calendar, as_of=tx.now) for clock, reference in found[:limit]]
    last = found[limit - 1][0] if len(found) > limit else None
    return ClockPage(items=items, next_place=None if last is None else (last.due_at, last.id))


def clocks_of_bank(tx: HubTransaction, bank_code: str) -> ClockCounts:
    """The bank's clocks that run."""
    return operations.count_clocks(tx, tx.now, bank_code)


def settings_of(bank: Bank) -> list[Setting]:
    """Every setting in force: the common ones in their order, then the adapter's own; secrets without their text."""
    common = [_setting(bank, name, _default(name)) for name in READERS]
    own = [_setting(bank, name, "") for name in sorted(bank.settings) if name not in READERS]
    return common + own


def is_hidden(bank: Bank, name: str) -> bool:
    """Whether the setting is shown to nobody: it is secret, or its name says so."""
    return name in bank.secret or _SECRET.search(name) is not None


def _setting(bank: Bank, name: str, default: str) -> Setting:
    is_set = name in bank.settings
    text = bank.settings[name] if is_set else default
    shown = None if is_hidden(bank, name) else _CREDENTIALS.sub("…@", text)
    return Setting(name=name, text=shown, is_set=is_set)


def _default(name: str) -> str:
    value = getattr(BankRules(), name)
    match name:
        case "closes_at":
            return str(value.isoformat("minutes"))
        case "give_up_after":
            return f"{value.days}d"
    return str(value).lower() if isinstance(value, bool) else str(value)
