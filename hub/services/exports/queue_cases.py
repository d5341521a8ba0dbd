"""The cases that an export of the queue holds: those chosen one by one, or all that the queue's filters leave."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hub.domain.export import ExportOrder
from hub.domain.paging import Page, Place, Stretch
from hub.domain.queue_query import question_of, words_of
from hub.domain.queue_question import Order, QueueQuestion, Tab
from hub.services.accounts.staff import Staff
from hub.services.reading.bank.queue import waiting_for_approval_of, wanted_of_bank
from hub.services.transaction import HubTransaction
from storage import negotiations, queue_rows
from storage.records import NegotiationRecord

_NOTHING = "0" * 32


def fixed(tx: HubTransaction, person: Staff, question: QueueQuestion) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The question so that whoever makes the table later finds the same: what to look for, and the ids that it means.

    What is the asker's own, and what waits for their approval, is written out; the order is by due time.
    """
    ids: tuple[str, ...] = ()
    if question.tab is Tab.MINE:
        question = replace(question, tab=Tab.ALL, owner=person.id)
    if question.tab is Tab.APPROVAL:
        # An id of nothing stands for none: no ids at all would mean every case.
        ids = waiting_for_approval_of(tx, person) or (_NOTHING,)
    found: dict[str, list[str]] = {}
    for name, word in words_of(replace(question, order=Order.DUE, down=False)):
        if word:
            found.setdefault(name, []).append(word)
    return found, ids


def cases_of(
    tx: HubTransaction, bank_code: str, order: ExportOrder, page: Page
) -> tuple[Sequence[NegotiationRecord], Place | None]:
    """A page of the bank's cases by due time, and where the next one begins.

    A chosen id of another bank, or of nothing, is left out.
    """
    if order.ids:
        chosen = negotiations.list_chosen(tx, order.ids, bank_code=bank_code, page=page)
        cases = chosen[: page.limit]
        return cases, (cases[-1].due_at, cases[-1].id) if len(chosen) > page.limit else None
    wanted = wanted_of_bank(tx, bank_code, question_of(order.which))
    found = queue_rows.list_page(tx, wanted, Stretch(limit=page.limit, place=page.after))
    shown = found[: page.limit]
    cases = negotiations.list_chosen(tx, [each.id for each in shown], bank_code=bank_code)
    last = cases[-1] if len(found) > page.limit else None
    return cases, None if last is None else (last.due_at, last.id)
