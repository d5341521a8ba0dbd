"""Figures of what leaves the hub: messages to banks and the lines they go by, mails and text messages."""

from datetime import datetime, timedelta
from itertools import product
from typing import Final

from hub.domain.delivery import DeliveryStatus
from hub.domain.preferences import NoticeChannel
from hub.services.reading.operator.figure import Figure, of_each, seconds_since
from hub.services.transaction import HubTransaction
from storage import bank_lines, banks, watching

# Long enough that none is missed between two looks, and short enough that what is over is over.
RECENTLY: Final = timedelta(hours=1)


def message_figures(tx: HubTransaction, *, real_now: datetime) -> list[Figure]:
    """All of them. `real_now` is the machine's time, by which ids are drawn."""
    codes = [bank.code for bank in banks.list_banks(tx)]
    return [*_of_recent(tx, codes, real_now - RECENTLY), *_of_unsent(tx, codes), *_of_lines(tx, codes), *_of_mails(tx)]


def _of_recent(tx: HubTransaction, codes: list[str], since: datetime) -> list[Figure]:
    sent = watching.deliveries_since(tx, since)
    outcomes: dict[tuple[str, ...], float] = dict.fromkeys(product(codes, DeliveryStatus), 0.0)
    failed = dict.fromkeys(codes, 0.0)
    for each in sent:
        outcomes[each.bank_code, each.status] = each.messages
        taken = each.messages if each.status == DeliveryStatus.DELIVERED else 0
        # What a bank acknowledged before its own system answered has an attempt less.
        failed[each.bank_code] = failed.get(each.bank_code, 0.0) + max(0, each.attempts - taken)
    return [
        Figure(
            name="hub_deliveries",
            says="Messages to banks of the last hour, by what became of them so far",
            labels=("bank", "outcome"),
            values=sorted(outcomes.items()),
        ),
        of_each(
            "hub_delivery_attempts_failed",
            "Attempts to hand over the messages of the last hour that failed",
            "bank",
            codes,
            failed,
        ),
    ]


def _of_unsent(tx: HubTransaction, codes: list[str]) -> list[Figure]:
    waiting = watching.deliveries_waiting(tx)
    failing = {code: seconds_since(each.failing_since, tx.now) for code, each in waiting.items()}
    due = {code: seconds_since(each.due_since, tx.now) for code, each in waiting.items()}
    numbers = {code: float(each.messages) for code, each in waiting.items()}
    return [
        of_each("hub_deliveries_waiting", "Messages that wait for their bank", "bank", codes, numbers),
        of_each(
            "hub_deliveries_failing_seconds", "How long the first that waits has been tried", "bank", codes, failing
        ),
        of_each("hub_deliveries_due_seconds", "How long the first of them is due and not tried", "bank", codes, due),
        of_each(
            "hub_deliveries_given_up",
            "Messages that were given up and not sent again",
            "bank",
            codes,
            watching.deliveries_given_up(tx),
        ),
    ]


def _of_lines(tx: HubTransaction, codes: list[str]) -> list[Figure]:
    lines = bank_lines.list_lines(tx)
    return [
        of_each(
            "hub_bank_line_failures",
            "Attempts that failed in a row just now",
            "bank",
            codes,
            {code: line.failures for code, line in lines.items()},
        ),
        of_each(
            "hub_bank_line_closed",
            "Whether the breaker holds messages back",
            "bank",
            codes,
            {code: line.is_closed for code, line in lines.items()},
        ),
        of_each(
            "hub_bank_collect_failures",
            "How many times in a row the bank could not be asked for what it lays out",
            "bank",
            codes,
            {code: line.collect_failures for code, line in lines.items()},
        ),
    ]


def _of_mails(tx: HubTransaction) -> list[Figure]:
    waiting, failed = watching.mails_waiting(tx), watching.mails_failed(tx)
    numbers: dict[tuple[str, ...], float] = dict.fromkeys(product(NoticeChannel, ("failed", "waiting")), 0.0)
    numbers |= {(channel, "waiting"): number for channel, (number, _) in waiting.items()}
    numbers |= {(channel, "failed"): number for channel, number in failed.items()}
    longest = {channel: seconds_since(since, tx.now) for channel, (_, since) in waiting.items()}
    return [
        Figure(
            name="hub_mails",
            says="Mails and text messages that are due and wait, and that were refused for good",
            labels=("channel", "state"),
            values=sorted(numbers.items()),
        ),
        of_each(
            "hub_mails_longest_waiting_seconds",
            "How long the first that is due waits",
            "channel",
            NoticeChannel,
            longest,
        ),
    ]
