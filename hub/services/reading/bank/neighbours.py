"""The case before or behind another one, in the order and cut of the queue that somebody came from."""

from dataclasses import dataclass
from datetime import datetime

from hub.domain.lifecycle import OPEN
from hub.domain.paging import Stretch
from hub.domain.queue_question import Order, QueueQuestion
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.queue import queue
from hub.services.transaction import HubTransaction
from storage import clocks, negotiations
from storage.records import NegotiationRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What stands beside a case: `id` of another, None at an end of the list.

    `has_moved` says that the case itself stands elsewhere since it was answered, `is_over` that it is open no more.
    """

    id: str | None
    has_moved: bool
    is_over: bool


def neighbour(
    tx: HubTransaction,
    negotiation_id: str,
    person: Staff,
    question: QueueQuestion,
    *,
    before: bool = False,
    decided: bool = False,
) -> Neighbour:
    """The case behind that one, or `before` it. Nothing is counted.

    `decided` says that the case was answered just now: it is looked for from where it stood until then. Raises
    `NotFound` for an unknown case and another bank's alike.
    """
    row = negotiations.get_of_bank(tx, negotiation_id, bank_code=person.bank)
    at = _place_of(tx, row, question.order, decided=decided)
    found = queue(tx, person, question, Stretch(limit=1, place=(at, row.id), before=before))
    is_over = row.status not in OPEN
    return Neighbour(
        id=found.rows[0].id if found.rows else None,
        has_moved=is_over or at != _place_of(tx, row, question.order, decided=False),
        is_over=is_over,
    )


def _place_of(tx: HubTransaction, row: NegotiationRecord, order: Order, *, decided: bool) -> datetime | int:
    if order is Order.OWED:
        return row.owed_hundreds
    if order is Order.OPENED:
        return row.reached_bank_at or row.opened_at
    newest = clocks.list_of(tx, row.id)[-1:] if decided else []
    return newest[0].due_at if newest else row.due_at
