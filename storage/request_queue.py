"""The requests that a bank has in hand: what waits, how many, and whose each is; the only writer of their owner."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from hub.domain.service_request import RequestKind
from storage.records import ServiceRequestRecord
from storage.records.negotiations import NO_CLOCK
from storage.records.service_requests import OPEN_SQL
from storage.transaction import Transaction


def list_open_of_bank(
    tx: Transaction,
    bank_code: str,
    *,
    kind: RequestKind | None = None,
    owner_id: str | None = None,
    is_unowned: bool = False,
    limit: int,
) -> list[ServiceRequestRecord]:
    """The bank's requests that are not over, the first due first, those without a running clock last.

    Those of one kind, of one colleague, or of nobody alone where that is asked.
    """
    table = ServiceRequestRecord
    query = sa.select(table).where(table.bank_code == bank_code, sa.text(OPEN_SQL))
    if kind is not None:
        query = query.where(table.kind == kind)
    if owner_id is not None:
        query = query.where(table.owner_id == owner_id)
    if is_unowned:
        query = query.where(table.owner_id.is_(None))
    return list(tx.session.scalars(query.order_by(table.due_at, table.id).limit(limit)))


def list_waiting(tx: Transaction, bank_code: str, *, limit: int) -> list[ServiceRequestRecord]:
    """The bank's requests whose clock runs, the first due first."""
    table = ServiceRequestRecord
    query = sa.select(table).where(table.bank_code == bank_code, sa.text(OPEN_SQL), table.due_at < NO_CLOCK)
    return list(tx.session.scalars(query.order_by(table.due_at, table.id).limit(limit)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCount:
    """How many requests are not over, and how many of them are due by a time."""

    open: int
    due: int


def count_open_of_bank(tx: Transaction, bank_code: str, *, due_before: datetime) -> dict[RequestKind, OpenCount]:
    """The counts of the bank's requests by kind; kinds without any are left out."""
    table = ServiceRequestRecord
    due = sa.func.sum(sa.case((table.due_at < due_before, 1), else_=0))
    query = sa.select(table.kind, sa.func.count(), due).where(table.bank_code == bank_code, sa.text(OPEN_SQL))
    found = tx.session.execute(query.group_by(table.kind))
    return {RequestKind(kind): OpenCount(open=number, due=int(late)) for kind, number, late in found}


def set_owner(_tx: Transaction, record: ServiceRequestRecord, owner_id: str | None) -> None:
    """The request is that colleague's, or nobody's; its row has to be locked."""
    record.owner_id = owner_id


def list_owned(tx: Transaction, owner_id: str, *, bank_code: str) -> list[ServiceRequestRecord]:
    """All requests of the bank whose owner is that colleague, also those that are over, held."""
    table = ServiceRequestRecord
    query = sa.select(table).where(table.bank_code == bank_code, table.owner_id == owner_id).order_by(table.id)
    return list(tx.session.scalars(query.with_for_update().execution_options(populate_existing=True)))
