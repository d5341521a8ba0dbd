"""A bank's queue by due time as whole records, for its systems: one statement for each shape of question.

It costs the same however many negotiations are open.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

import sqlalchemy as sa

from hub.domain.lifecycle import Status
from hub.domain.paging import Page
from storage.records import NegotiationRecord
from storage.records.negotiations import QUEUE_SQL

_DUE_AT = NegotiationRecord.due_at.type


def asked_for(
    bank_code: str, *, statuses: Sequence[Status], due_before: datetime | None, page: Page
) -> dict[str, object]:
    """The question as the parameters of its statement: for a page of that bank's queue, and one negotiation more."""
    asked: dict[str, object] = {"bank_code": bank_code, "most": page.limit + 1}
    if statuses:
        asked["statuses"] = list(statuses)
    if due_before is not None:
        asked["due_before"] = due_before
    if page.after is not None:
        asked["after_at"], asked["after_id"] = page.after
    return asked


def of_bank(asked: dict[str, object]) -> sa.Select[NegotiationRecord]:
    """The statement whose records answer the question; without statuses it is the open negotiations."""
    return _of_bank("statuses" in asked, "due_before" in asked, "after_at" in asked)


@cache
def _of_bank(of_statuses: bool, is_bounded: bool, is_later: bool) -> sa.Select[NegotiationRecord]:
    table = NegotiationRecord
    query = sa.select(table).where(table.bank_code == sa.bindparam("bank_code"))
    if of_statuses:
        wanted = table.status.in_(sa.bindparam("statuses", expanding=True))
        query = query.where(wanted, table.reached_bank_at.is_not(None), table.erased_at.is_(None))
    else:
        query = query.where(sa.text(QUEUE_SQL))
    if is_bounded:
        query = query.where(table.due_at < sa.bindparam("due_before"))
    if is_later:
        last_seen = sa.tuple_(sa.bindparam("after_at", type_=_DUE_AT), sa.bindparam("after_id", type_=sa.String()))
        query = query.where(sa.tuple_(table.due_at, table.id) > last_seen)
    return query.order_by(table.due_at, table.id).limit(sa.bindparam("most", type_=sa.Integer()))
