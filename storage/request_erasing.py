"""Taking out what a request holds of its person; reference, statuses, times and digests stay."""

from collections.abc import Sequence

import sqlalchemy as sa

from hub.domain.entry_kind import EntryKind
from storage.records import (
    BankEventRecord,
    ContentSaltRecord,
    DeliveryRecord,
    RequestContentRecord,
    RequestEntryRecord,
    ServiceRequestRecord,
)
from storage.transaction import Transaction


def list_of(
    tx: Transaction, owners: Sequence[bytes], clients: Sequence[str] | None, *, lock: bool = False
) -> list[ServiceRequestRecord]:
    """The person's requests that still hold something, of these ways in alone where named, the oldest first."""
    table = ServiceRequestRecord
    query = sa.select(table).where(table.owner_index.in_(owners), table.erased_at.is_(None))
    if clients is not None:
        query = query.where(table.client_id.in_(clients))
    query = query.order_by(table.id)
    return list(tx.session.scalars(query.with_for_update() if lock else query))


def list_expired(tx: Transaction, limit: int) -> list[ServiceRequestRecord]:
    """Requests that are over and whose time is over too, held; at most so many."""
    table = ServiceRequestRecord
    query = sa.select(table).where(table.expires_at <= tx.now, table.closed_at.is_not(None), table.erased_at.is_(None))
    return list(tx.session.scalars(query.order_by(table.id).limit(limit).with_for_update()))


def logged(tx: Transaction, request_id: str) -> list[tuple[str, str]]:
    """(id, digest) of each words and attachment that entries of the request name, but for those of erasures."""
    entry = RequestEntryRecord
    query = sa.select(entry.sequence, entry.content, entry.attachments).where(
        entry.request_id == request_id, entry.kind != EntryKind.ERASED
    )
    found = []
    for sequence, content, attachments in tx.session.execute(query.order_by(entry.sequence)):
        found.append((str(sequence), content))
        found += [(each["id"], each["sha256"]) for each in attachments]
    return list(dict.fromkeys(found))


def take_all(tx: Transaction, record: ServiceRequestRecord) -> None:
    """The request holds nothing of the person any more: words, salts, messages, contents and whose it is are gone."""
    tx.session.execute(sa.delete(RequestContentRecord).where(RequestContentRecord.request_id == record.id))
    tx.session.execute(sa.delete(ContentSaltRecord).where(ContentSaltRecord.negotiation_id == record.id))
    tx.session.execute(sa.delete(DeliveryRecord).where(DeliveryRecord.request_id == record.id))
    tx.session.execute(sa.delete(BankEventRecord).where(BankEventRecord.request_id == record.id))
    record.contents_sealed = record.owner_index = b""
    record.contact_sealed = None
    record.erased_at = tx.now
    tx.session.flush()
