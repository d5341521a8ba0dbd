"""Messages to banks: those that are stuck, and all that were sent for one negotiation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.domain.errors import NotFound
from hub.domain.masks import scrubbed
from hub.services.reading.operator import MOST_SHOWN
from hub.services.transaction import HubTransaction
from storage import clocks, deliveries, negotiations, operations, request_clocks, service_requests
from storage.operations import Failing
from storage.records import DeliveryRecord


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
    """Where a negotiation stands, without anything of the person. `due_at` is None where no clock runs.

    Of a request beside negotiations `status` is empty: each kind of these has words of its own.
    """

    reference: str
    bank_code: str
    status: str
    opened_at: datetime
    due_at: datetime | None
    messages: list[SentMessage]


def course_of(tx: HubTransaction, reference: str) -> Course:
    """The negotiation or request of that reference and its messages, the oldest first; raises `NotFound`."""
    found = negotiations.find_negotiation(tx, reference)
    if found is None:
        return _of_request(tx, reference)
    running = clocks.find_running(tx, found.id)
    return Course(
        reference=found.reference,
        bank_code=found.bank_code,
        status=found.status,
        opened_at=found.opened_at,
        due_at=None if running is None else running.due_at,
        messages=[_sent(record) for record in deliveries.list_of(tx, found.id)],
    )


def _of_request(tx: HubTransaction, reference: str) -> Course:
    # Of one that is with several banks the first stands for all, with the messages to each.
    found = service_requests.find_by_reference(tx, reference)
    if not found:
        raise NotFound
    first = found[0]
    return Course(
        reference=first.reference,
        bank_code=first.bank_code,
        status="",
        opened_at=first.opened_at,
        due_at=first.due_at if request_clocks.is_running(first) else None,
        messages=[_sent(record) for each in found for record in deliveries.list_of_request(tx, each.id)],
    )


def _sent(record: DeliveryRecord) -> SentMessage:
    return SentMessage(
        kind=record.kind,
        status=record.status,
        attempts=record.attempts,
        queued_at=record.queued_at,
        next_try_at=record.next_try_at,
        detail="" if record.delivered_at is not None else scrubbed(record.detail),
    )


def list_given_up(tx: HubTransaction) -> list[StuckMessage]:
    """Messages that were given up, the oldest first; at most `MOST_SHOWN`."""
    return _stuck(operations.list_given_up(tx, MOST_SHOWN))


def list_held_up(tx: HubTransaction) -> list[StuckMessage]:
    """Messages that failed or were not taken up and are tried again, the oldest first; at most `MOST_SHOWN`."""
    return _stuck(operations.list_held_up(tx, tx.now, MOST_SHOWN))


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


def list_failing(tx: HubTransaction) -> Mapping[str, Failing]:
    """What fails at each bank and is tried again, by its code; banks at which nothing does are left out."""
    return operations.failing_since(tx)
