"""Requests beside negotiations: writing them down, finding them, and the only writer of a status."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.request_kinds import rules_of
from hub.domain.retention import RULES, DataClass
from hub.domain.service_request import RequestKind
from storage import communications
from storage.communications import Entry, NewEntry
from storage.database import added
from storage.records import ServiceRequestRecord, new_id
from storage.records.negotiations import NO_CLOCK
from storage.records.service_requests import OF_A_CALENDAR_SQL, RUNNING_SQL, TO_REMIND_SQL, UNNOTED_SQL
from storage.sealed_json import open_json, seal_json
from storage.spans import WHOLE, Span
from storage.transaction import Transaction

_TABLE = "service_request"
KEPT = timedelta(days=RULES[DataClass.REQUESTS].days or 0)
"""How long a request is kept after the last change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request that shall be opened with one bank."""

    kind: RequestKind
    matter_id: str
    reference: str
    bank_code: str
    owner_index: bytes
    client_id: str
    contents: Mapping[str, Any]
    negotiation_id: str | None = None
    contact: Mapping[str, Any] | None = None


def add(tx: Transaction, new: NewRequest, entry: NewEntry) -> ServiceRequestRecord | None:
    """The request stands where its kind begins, with a log; None where the matter has one with that bank already."""
    row, rules = new_id(), rules_of(new.kind)
    record = ServiceRequestRecord(
        id=row,
        matter_id=new.matter_id,
        kind=new.kind,
        reference=new.reference,
        bank_code=new.bank_code,
        negotiation_id=new.negotiation_id,
        status=rules.first,
        contents_sealed=_sealed(tx, row, "contents", new.contents),
        contact_sealed=None if new.contact is None else _sealed(tx, row, "contact", new.contact),
        opened_at=tx.now,
        updated_at=tx.now,
        due_at=NO_CLOCK,
        provisional=False,
        log_length=0,
        log_head=NO_PREVIOUS,
        owner_index=new.owner_index,
        client_id=new.client_id,
        changed_at=tx.now,
        expires_at=tx.now + KEPT,
    )
    if not added(tx.session, record):
        return None
    communications.append(tx, record, entry, change=(None, rules.first))
    tx.session.flush()
    return record


def apply_event(tx: Transaction, record: ServiceRequestRecord, event: str, entry: NewEntry) -> str:
    """The request stands where its kind's table says, and its log says why; raises `StatusConflict` otherwise.

    The row must be locked. An event that leads to the same status writes its entry without a change.
    """
    rules = rules_of(record.kind)
    before = record.status
    after = rules.next_status(before, event)
    record.status = after
    record.closed_at = tx.now if rules.is_over(after) else None
    append(tx, record, entry, event=event, change=None if after == before else (before, after))
    return after


def append(
    tx: Transaction,
    record: ServiceRequestRecord,
    entry: NewEntry,
    *,
    event: str | None = None,
    change: tuple[str | None, str] | None = None,
) -> Entry:
    """The entry is the end of the request's log. The row must be locked."""
    written = communications.append(tx, record, entry, event=event, change=change)
    record.changed_at = tx.now
    record.expires_at = tx.now + KEPT
    tx.session.flush()
    return written


def save_contents(tx: Transaction, record: ServiceRequestRecord, contents: Mapping[str, Any]) -> None:
    """`contents` take the place of what the request said."""
    record.contents_sealed = _sealed(tx, record.id, "contents", contents)
    record.updated_at = record.changed_at = tx.now


def contents_of(tx: Transaction, record: ServiceRequestRecord) -> Any:
    """What the request says."""
    return open_json(tx, record.contents_sealed, table=_TABLE, column="contents", row=record.id)


def contact_of(tx: Transaction, record: ServiceRequestRecord) -> Any:
    """Where the person is told of it; None where nowhere."""
    if record.contact_sealed is None:
        return None
    return open_json(tx, record.contact_sealed, table=_TABLE, column="contact", row=record.id)


def _sealed(tx: Transaction, row: str, column: str, plain: Mapping[str, Any]) -> bytes:
    return seal_json(tx, dict(plain), table=_TABLE, column=column, row=row)


def find(tx: Transaction, request_id: str) -> ServiceRequestRecord | None:
    """The request with the id of its row."""
    return tx.session.get(ServiceRequestRecord, request_id)


def lock(tx: Transaction, request_id: str) -> ServiceRequestRecord:
    """The request, held against every other writer until the transaction ends; raises `NotFound`."""
    return _locked(tx, ServiceRequestRecord.id == request_id)


def find_of_bank(
    tx: Transaction, matter_id: str, *, bank_code: str, kind: RequestKind | None = None
) -> ServiceRequestRecord:
    """The bank's request in that matter.

    Raises `NotFound` for an unknown one, another bank's, and one that has not reached the bank.
    """
    record = tx.session.scalar(sa.select(ServiceRequestRecord).where(*_of_bank(matter_id, bank_code, kind)))
    if record is None:
        raise NotFound
    return record


def lock_of_bank(
    tx: Transaction, matter_id: str, *, bank_code: str, kind: RequestKind | None = None
) -> ServiceRequestRecord:
    """The same, held against every other writer."""
    return _locked(tx, *_of_bank(matter_id, bank_code, kind))


def _of_bank(matter_id: str, bank_code: str, kind: RequestKind | None) -> list[sa.ColumnElement[bool]]:
    table = ServiceRequestRecord
    mine = [table.matter_id == matter_id, table.bank_code == bank_code, table.reached_bank_at.is_not(None)]
    return [*mine, table.erased_at.is_(None), *([] if kind is None else [table.kind == kind])]


def _locked(tx: Transaction, *which: sa.ColumnElement[bool]) -> ServiceRequestRecord:
    query = sa.select(ServiceRequestRecord).where(*which).with_for_update()
    record = tx.session.scalar(query.execution_options(populate_existing=True))
    if record is None:
        raise NotFound
    return record


def list_of_matter(tx: Transaction, matter_id: str, *, lock: bool = False) -> list[ServiceRequestRecord]:
    """The matter's requests, one a bank."""
    query = sa.select(ServiceRequestRecord).where(ServiceRequestRecord.matter_id == matter_id)
    query = query.order_by(ServiceRequestRecord.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(tx.session.scalars(query))


def lock_of_person(
    tx: Transaction, matter_id: str, owner_indexes: Sequence[bytes], *, client_id: str, kind: RequestKind | None = None
) -> list[ServiceRequestRecord]:
    """The person's requests in that matter, one a bank, held; raises `NotFound` for an unknown one and another's."""
    found = list_of_matter(tx, matter_id, lock=True)
    return _those_of_person(found, owner_indexes, client_id=client_id, kind=kind)


def find_of_person(
    tx: Transaction, matter_id: str, owner_indexes: Sequence[bytes], *, client_id: str, kind: RequestKind | None = None
) -> list[ServiceRequestRecord]:
    """The same, not held."""
    return _those_of_person(list_of_matter(tx, matter_id), owner_indexes, client_id=client_id, kind=kind)


def _those_of_person(
    found: Sequence[ServiceRequestRecord], owner_indexes: Sequence[bytes], *, client_id: str, kind: RequestKind | None
) -> list[ServiceRequestRecord]:
    mine = [
        each
        for each in found
        if each.owner_index in owner_indexes
        and each.client_id == client_id
        and each.erased_at is None
        and kind in {None, each.kind}
    ]
    if not mine:
        raise NotFound
    return mine


def list_of_person(
    tx: Transaction, owner_indexes: Sequence[bytes], *, client_id: str, kind: RequestKind | None = None
) -> list[ServiceRequestRecord]:
    """The person's requests, the newest first."""
    table = ServiceRequestRecord
    query = sa.select(table).where(table.owner_index.in_(owner_indexes), table.client_id == client_id)
    query = query.where(table.erased_at.is_(None))
    if kind is not None:
        query = query.where(table.kind == kind)
    return list(tx.session.scalars(query.order_by(table.opened_at.desc(), table.id.desc())))


def iterate(tx: Transaction, span: Span = WHOLE) -> Iterator[ServiceRequestRecord]:
    """Every request whose id is in `span`, oldest first, a few at a time."""
    query = sa.select(ServiceRequestRecord).where(*span.of(ServiceRequestRecord.id)).order_by(ServiceRequestRecord.id)
    yield from tx.session.scalars(query.execution_options(yield_per=200))


def list_over_of_bank(tx: Transaction, bank_code: str, *, kind: RequestKind, limit: int) -> list[ServiceRequestRecord]:
    """The bank's requests of that kind to which nothing can happen any more, the newest first."""
    table = ServiceRequestRecord
    mine = (table.bank_code == bank_code, table.kind == kind, table.reached_bank_at.is_not(None))
    over = (table.closed_at.is_not(None), table.erased_at.is_(None))
    query = sa.select(table).where(*mine, *over).order_by(table.id.desc())
    return list(tx.session.scalars(query.limit(limit)))


def find_by_reference(tx: Transaction, reference: str) -> list[ServiceRequestRecord]:
    """The requests of that reference, one a bank, or the one with that id."""
    table = ServiceRequestRecord
    named = sa.or_(table.reference == reference, table.id == reference)
    return list(tx.session.scalars(sa.select(table).where(named).order_by(table.id)))


def list_breached(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of requests whose running clock is past its due time at `at`, which their log does not say yet."""
    table = ServiceRequestRecord
    query = sa.select(table.id).where(sa.text(UNNOTED_SQL), table.due_at < at).order_by(table.due_at, table.id)
    return list(tx.session.scalars(query.limit(limit)))


def list_to_remind(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of requests of whose clock the desk is to be reminded by now."""
    table = ServiceRequestRecord
    query = sa.select(table.id).where(sa.text(TO_REMIND_SQL), table.remind_at <= at)
    return list(tx.session.scalars(query.order_by(table.remind_at, table.id).limit(limit)))


def list_running(
    tx: Transaction, *, late_at: datetime | None, after: tuple[datetime, str] | None, limit: int
) -> list[ServiceRequestRecord]:
    """Requests whose clock runs, the one due first at the front; only late ones where `late_at` is named."""
    table = ServiceRequestRecord
    query = sa.select(table).where(sa.text(RUNNING_SQL)).order_by(table.due_at, table.id).limit(limit)
    if late_at is not None:
        query = query.where(table.due_at < late_at)
    if after is not None:
        due_at, id_ = after
        query = query.where(sa.or_(table.due_at > due_at, sa.and_(table.due_at == due_at, table.id > id_)))
    return list(tx.session.scalars(query))


def look_at(record: ServiceRequestRecord, at: datetime | None) -> None:
    """Its kind looks at the request by itself at `at`; never where that is None."""
    record.look_at = at


def list_to_look_at(tx: Transaction, kind: RequestKind, at: datetime, limit: int) -> list[str]:
    """Ids of requests of that kind that are to be looked at by now, the longest due first."""
    table = ServiceRequestRecord
    query = sa.select(table.id).where(sa.text("look_at IS NOT NULL"), table.kind == kind, table.look_at <= at)
    return list(tx.session.scalars(query.order_by(table.look_at, table.id).limit(limit)))


def list_behind(tx: Transaction, calendar_version: str) -> list[str]:
    """Ids of requests whose running clock was computed by another calendar, the one due first at the front."""
    table = ServiceRequestRecord
    # In the words of the index; two ranges of it, since none is "not this".
    behind = sa.or_(table.calendar_version < calendar_version, table.calendar_version > calendar_version)
    query = sa.select(table.due_at, table.id).where(sa.text(OF_A_CALENDAR_SQL), behind)
    # Sorted here: for the order SQLite would read every clock that runs.
    return [id_ for _, id_ in sorted((due_at, id_) for due_at, id_ in tx.session.execute(query))]
