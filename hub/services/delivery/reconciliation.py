"""The daily comparison with each bank of what was sent, acknowledged and answered; differences become tasks."""

from dataclasses import dataclass
from datetime import datetime

from hub.banks.port import Asking
from hub.domain.actor import HUB
from hub.domain.bank import Bank
from hub.domain.china import china_day
from hub.domain.delivery import DeliveryStatus
from hub.domain.errors import DeliveryError
from hub.domain.operator_task import TaskKind
from hub.domain.plain import Plain
from hub.domain.working_days import Calendar
from hub.jobs.port import Job
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import operator_tasks
from hub.services.transaction import HubTransaction, Transactions
from storage import banks, reconciling
from storage.reconciling import OpenTurn

# So many working days without a sign from the bank's system are no silence of thought any more.
SILENT_AFTER_DAYS = 2
# The operator is told when so few working days are left to a bank that has said nothing.
DANGER_DAYS = 1
MOST_TURNS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that the hub and the bank do not know alike."""

    kind: TaskKind
    reference: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One bank on one day: messages and turns counted, and what does not fit."""

    bank_code: str
    at: datetime
    sent: int
    arrived: int
    waiting: int
    given_up: int
    turns: int
    answered: int
    events: int
    differences: tuple[Difference, ...]

    def plain(self) -> Plain:
        """The comparison as JSON data."""
        counted = ("sent", "arrived", "waiting", "given_up", "turns", "answered", "events")
        return {
            "bank_code": self.bank_code,
            **{name: getattr(self, name) for name in counted},
            "differences": [
                {"kind": each.kind.value, "reference": each.reference, "detail": each.detail}
                for each in self.differences
            ],
        }


def reconcile_job(bank_code: str, *, day: str) -> Job:
    """The comparison of one bank on one day."""
    return Job(
        name="reconcile", key=f"reconcile:{bank_code}:{day}", argument=bank_code, queue="deliver", partition=bank_code
    )


def jobs_of_today(tx: HubTransaction) -> list[Job]:
    """A job for each bank whose system is not the hub itself."""
    day = f"{china_day(tx.now):%Y%m%d}"
    return [reconcile_job(bank.code, day=day) for bank in banks.list_banks(tx) if not tx.adapters.of(bank).in_house]


def reconcile(transactions: Transactions, bank_code: str) -> Comparison:
    """The hub's figures and the bank's word were compared, and every difference is a task, once.

    The bank is asked message by message where its system can be, with no transaction open.
    """
    with transactions.reading(HUB) as tx:
        bank = tx.bank(bank_code)
        adapter = tx.adapters.of(bank)
        turns = reconciling.list_open_turns(tx, bank_code, MOST_TURNS)
        calendar, now = tx.calendar(), tx.now
    silent = [turn for turn in turns if not turn.heard_of]
    unknown = _unknown_to_bank(adapter, bank, silent) if isinstance(adapter, Asking) else frozenset()
    found = [(turn, kind) for turn in turns for kind in _kinds(turn, calendar, now, unknown=turn.message_id in unknown)]
    with transactions.writing(HUB) as tx:
        for turn, kind in found:
            operator_tasks.difference(
                tx,
                kind,
                turn.negotiation_id,
                bank_code=bank_code,
                about=turn.clock_id,
                due=spoken_time(turn.due_at),
            )
        differences = tuple(
            Difference(kind=kind, reference=turn.reference, detail=f"due {spoken_time(turn.due_at)}")
            for turn, kind in found
        )
        return _counted(tx, bank_code, differences)


def _counted(tx: HubTransaction, bank_code: str, differences: tuple[Difference, ...]) -> Comparison:
    messages = reconciling.count_messages(tx, bank_code)
    turns, answered = reconciling.count_turns(tx, bank_code)
    return Comparison(
        bank_code=bank_code,
        at=tx.now,
        sent=sum(messages.values()) - messages[DeliveryStatus.CANCELLED],
        arrived=messages[DeliveryStatus.DELIVERED],
        waiting=messages[DeliveryStatus.WAITING],
        given_up=messages[DeliveryStatus.UNDELIVERABLE],
        turns=turns,
        answered=answered,
        events=reconciling.count_events(tx, bank_code),
        differences=differences,
    )


def _kinds(turn: OpenTurn, calendar: Calendar, now: datetime, *, unknown: bool) -> list[TaskKind]:
    if turn.paused:
        return []
    today = china_day(now)
    kinds = []
    if unknown:
        kinds.append(TaskKind.NOT_KNOWN_TO_BANK)
    elif not turn.heard_of and calendar.working_days_between(china_day(turn.opened_at), today) >= SILENT_AFTER_DAYS:
        kinds.append(TaskKind.SILENT)
    if now <= turn.due_at and calendar.working_days_between(today, china_day(turn.due_at)) <= DANGER_DAYS:
        kinds.append(TaskKind.ANSWER_IN_DANGER)
    return kinds


def _unknown_to_bank(adapter: Asking, bank: Bank, silent: list[OpenTurn]) -> frozenset[str]:
    unknown = set()
    for turn in silent:
        try:
            if adapter.ask(turn.message_id, bank) is False:
                unknown.add(turn.message_id)
        except DeliveryError:
            # A bank that does not answer now is asked again tomorrow; that its line is down is another task.
            break
    return frozenset(unknown)
