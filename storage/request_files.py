"""Which files were given with which request."""

from collections.abc import Sequence

import sqlalchemy as sa

from storage import erasing
from storage.records import EvidenceRecord, RequestFileRecord, ServiceRequestRecord
from storage.spans import WHOLE, Span
from storage.transaction import Transaction


def give(tx: Transaction, request: ServiceRequestRecord, files: Sequence[EvidenceRecord]) -> None:
    """Each file belongs to the request, and can no longer be removed. Both must be locked."""
    for each in files:
        each.attached_at = each.attached_at or tx.now
        tx.session.add(
            RequestFileRecord(request_id=request.id, evidence_id=each.id, bank_code=request.bank_code, given_at=tx.now)
        )
    tx.session.flush()


def list_of(tx: Transaction, request_id: str) -> list[EvidenceRecord]:
    """The files of the request, in the order they were uploaded."""
    given = sa.select(RequestFileRecord.evidence_id).where(RequestFileRecord.request_id == request_id)
    query = sa.select(EvidenceRecord).where(EvidenceRecord.id.in_(given))
    return list(tx.session.scalars(query.order_by(EvidenceRecord.uploaded_at, EvidenceRecord.id)))


def requests_given(tx: Transaction, evidence_ids: Sequence[str]) -> list[tuple[ServiceRequestRecord, str]]:
    """The requests that any of these files were given with, each with the first of its files."""
    table, record = RequestFileRecord, ServiceRequestRecord
    given = sa.select(table.request_id, table.evidence_id).where(table.evidence_id.in_(evidence_ids))
    first: dict[str, str] = {}
    for request_id, evidence_id in tx.session.execute(given.order_by(table.request_id, table.evidence_id)):
        first.setdefault(request_id, evidence_id)
    kept = sa.select(record).where(record.id.in_(first), record.erased_at.is_(None)).order_by(record.id)
    return [(each, first[each.id]) for each in tx.session.scalars(kept)] if first else []


def find(tx: Transaction, request_id: str, evidence_id: str) -> EvidenceRecord | None:
    """The file, if it was given with the request."""
    if tx.session.get(RequestFileRecord, (request_id, evidence_id)) is None:
        return None
    return tx.session.get(EvidenceRecord, evidence_id)


def take(tx: Transaction, request_id: str) -> list[str]:
    """The request has no files any more; gives the names of the bytes of those that nothing else has."""
    table = RequestFileRecord
    ids = sorted(tx.session.scalars(sa.select(table.evidence_id).where(table.request_id == request_id)))
    tx.session.execute(sa.delete(table).where(table.request_id == request_id))
    return erasing.remove_unheld(tx, ids)


def list_left(tx: Transaction, span: Span = WHOLE) -> list[str]:
    """Ids of erased requests that have files all the same."""
    request, file = ServiceRequestRecord, RequestFileRecord
    erased = sa.select(request.id).where(request.erased_at.is_not(None), *span.of(request.id))
    query = sa.select(file.request_id).where(file.request_id.in_(erased), *span.of(file.request_id)).distinct()
    return sorted(tx.session.scalars(query))
