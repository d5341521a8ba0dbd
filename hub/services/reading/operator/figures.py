"""Figures for whoever watches over the hub, counted in the database: the same whichever process is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.domain.delivery import DeliveryStatus
from hub.services.transaction import HubTransaction
from storage import bank_lines, banks, log_heads, operations, tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A gauge: its name, what it says, the names of its labels, and a value for each set of their values."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Sequence[tuple[tuple[str, ...], float]]


def figures(tx: HubTransaction) -> list[Figure]:
    """Every figure, as of now."""
    return [*_of_messages(tx), *_of_lines_and_clocks(tx), *_of_tasks_and_mails(tx), *_of_the_log(tx)]


def _of_messages(tx: HubTransaction) -> list[Figure]:
    counted = operations.count_deliveries(tx)
    failed: dict[str, int] = {bank.code: 0 for bank in banks.list_banks(tx)}
    for code, status, messages, attempts in counted:
        failed[code] = failed.get(code, 0) + attempts - (messages if status == DeliveryStatus.DELIVERED else 0)
    return [
        Figure(
            name="hub_deliveries",
            says="Messages to banks, by what became of them",
            labels=("bank", "outcome"),
            values=[((code, status), messages) for code, status, messages, _ in counted],
        ),
        Figure(
            name="hub_delivery_attempts_failed",
            says="Attempts to hand messages to banks that failed, of all messages there are",
            labels=("bank",),
            values=[((code,), max(0, number)) for code, number in failed.items()],
        ),
    ]


def _of_lines_and_clocks(tx: HubTransaction) -> list[Figure]:
    codes = [bank.code for bank in banks.list_banks(tx)]
    lines = bank_lines.list_lines(tx)
    clocks = operations.count_clocks_of_banks(tx, tx.now)
    return [
        Figure(
            name="hub_bank_line_failures",
            says="Attempts that failed in a row just now",
            labels=("bank",),
            values=[((code,), lines.get(code, (0, False))[0]) for code in codes],
        ),
        Figure(
            name="hub_bank_line_closed",
            says="Whether the breaker holds messages back",
            labels=("bank",),
            values=[((code,), lines.get(code, (0, False))[1]) for code in codes],
        ),
        Figure(
            name="hub_clocks_running",
            says="Answers that banks owe",
            labels=("bank",),
            values=[((code,), clocks.get(code, (0, 0))[0]) for code in codes],
        ),
        Figure(
            name="hub_clocks_breached",
            says="Answers that are late",
            labels=("bank",),
            values=[((code,), clocks.get(code, (0, 0))[1]) for code in codes],
        ),
    ]


def _of_tasks_and_mails(tx: HubTransaction) -> list[Figure]:
    mails, since = operations.count_waiting_mails(tx)
    return [
        Figure(
            name="hub_tasks_open",
            says="Tasks that wait for an operator",
            labels=("kind",),
            values=[((kind,), number) for kind, number in sorted(tasks.count_by_kind(tx).items())],
        ),
        Figure(
            name="hub_mails",
            says="Mails that are due and wait, and mails that were refused for good",
            labels=("state",),
            values=[(("waiting",), mails), (("failed",), operations.count_failed_mails(tx))],
        ),
        Figure(
            name="hub_mails_longest_waiting_seconds",
            says="How long the first mail that is due waits",
            labels=(),
            values=[((), 0.0 if since is None else max(0.0, (tx.now - since).total_seconds()))],
        ),
    ]


def _of_the_log(tx: HubTransaction) -> list[Figure]:
    last, since = log_heads.newest(tx), log_heads.uncovered_since(tx)
    return [
        Figure(
            name="hub_log_heads",
            says="Heads of the log that were signed",
            labels=(),
            values=[((), 0 if last is None else last.number)],
        ),
        Figure(
            name="hub_log_unsigned_seconds",
            says="How long what is in the log has waited for a signed head; 0 where heads cover all of it",
            labels=(),
            values=[((), 0.0 if since is None else max(0.0, (tx.now - since).total_seconds()))],
        ),
    ]
