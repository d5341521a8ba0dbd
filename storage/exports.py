"""Exports: writing and finding them; the only writer of their status."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.export import ExportEvent, ExportOrder, ExportStatus, next_status
from hub.domain.plain import from_plain, to_plain
from storage.records import ExportRecord, new_id
from storage.sealed_file import StoredFile
from storage.sealed_json import open_json, seal_json
from storage.stored_files import NewFile
from storage.transaction import Transaction


def add(tx: Transaction, bank_code: str, order: ExportOrder, *, by: str, expires_at: datetime | None) -> ExportRecord:
    """The export is asked for; one in full waits for a second person until `expires_at`."""
    id_ = new_id()
    record = ExportRecord(
        id=id_,
        bank_code=bank_code,
        kind=order.kind,
        format=order.format,
        in_full=order.in_full,
        order_sealed=seal_json(tx, to_plain(order), table="export", column="order", row=id_),
        status=ExportStatus.AWAITING_APPROVAL if order.in_full else ExportStatus.WAITING,
        asked_by=by,
        asked_at=tx.now,
        tries=0,
        rows_done=0,
        expires_at=expires_at,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def order_of(tx: Transaction, record: ExportRecord) -> ExportOrder:
    """What was asked for."""
    return from_plain(ExportOrder, open_json(tx, record.order_sealed, table="export", column="order", row=record.id))


def get(tx: Transaction, export_id: str, *, bank_code: str) -> ExportRecord:
    """The bank's export; raises `NotFound` for an unknown one and another bank's alike."""
    record = tx.session.get(ExportRecord, export_id)
    if record is None or record.bank_code != bank_code:
        raise NotFound
    return record


def lock(tx: Transaction, export_id: str) -> ExportRecord | None:
    """The export as it stands now, locked; None where there is none."""
    return tx.session.get(ExportRecord, export_id, with_for_update=True, populate_existing=True)


def apply_event(tx: Transaction, record: ExportRecord, event: ExportEvent) -> None:
    """The export stands where the domain's table says; raises `StatusConflict`. Its row must be locked."""
    record.status = next_status(ExportStatus(record.status), event)
    if event in (ExportEvent.APPROVED, ExportEvent.RETURNED):
        record.decided_at = tx.now


def set_decision(tx: Transaction, record: ExportRecord, text: str) -> None:
    """The words of the second person are kept, sealed."""
    record.decision_sealed = tx.keyring.seal(text, table="export", column="decision", row=record.id)


def decision_of(tx: Transaction, record: ExportRecord) -> str:
    """The words of the second person; empty where there are none."""
    if record.decision_sealed is None:
        return ""
    return tx.keyring.open_text(record.decision_sealed, table="export", column="decision", row=record.id)


def set_file(tx: Transaction, record: ExportRecord, file: NewFile, stored: StoredFile, *, expires_at: datetime) -> None:
    """The file of the export lies in the store until it expires."""
    record.store_name, record.size, record.sha256 = file.store_name, stored.size, stored.sha256
    record.file_key_sealed = tx.keyring.seal(file.key, table="export", column="file_key", row=record.id)
    record.expires_at = expires_at


def key_of(tx: Transaction, record: ExportRecord) -> bytes:
    """What opens the file; raises `NotFound` where there is none."""
    if record.file_key_sealed is None:
        raise NotFound
    return tx.keyring.open(record.file_key_sealed, table="export", column="file_key", row=record.id)


def take_file(record: ExportRecord) -> str | None:
    """No row speaks of the file any more; gives the name under which it still lies."""
    name = record.store_name
    record.store_name = record.file_key_sealed = record.expires_at = None
    return name


def list_newest(
    tx: Transaction, bank_code: str, *, by: str | None, after: str | None, limit: int
) -> list[ExportRecord]:
    """The bank's exports, those of `by` alone where somebody is named, the newest first; behind the id `after`."""
    query = sa.select(ExportRecord).where(ExportRecord.bank_code == bank_code)
    if by is not None:
        query = query.where(ExportRecord.asked_by == by)
    if after is not None:
        query = query.where(ExportRecord.id < after)
    return list(tx.session.scalars(query.order_by(ExportRecord.id.desc()).limit(limit)))


def count_asked(tx: Transaction, bank_code: str, *, by: str, since: datetime) -> int:
    """How many exports `by` has asked for after `since`."""
    mine = (ExportRecord.bank_code == bank_code, ExportRecord.asked_by == by, ExportRecord.asked_at > since)
    return tx.session.scalar(sa.select(sa.func.count()).select_from(ExportRecord).where(*mine)) or 0


def count_under_way(tx: Transaction, bank_code: str, *, by: str) -> int:
    """How many exports of `by` wait for a second person or are being made."""
    mine = (ExportRecord.bank_code == bank_code, ExportRecord.asked_by == by)
    under_way = ExportRecord.status.in_([ExportStatus.AWAITING_APPROVAL, ExportStatus.WAITING])
    return tx.session.scalar(sa.select(sa.func.count()).select_from(ExportRecord).where(*mine, under_way)) or 0


def list_expired(tx: Transaction, limit: int) -> list[str]:
    """Ids of exports whose file, or whose wait for a second person, is over."""
    over = (sa.text("expires_at IS NOT NULL"), ExportRecord.expires_at <= tx.now)
    return list(
        tx.session.scalars(sa.select(ExportRecord.id).where(*over).order_by(ExportRecord.expires_at).limit(limit))
    )


def list_stuck(tx: Transaction, since: timedelta, limit: int) -> list[tuple[str, str]]:
    """Exports that wait for a worker and of which nobody was heard for so long: their ids and banks."""
    heard = sa.func.coalesce(ExportRecord.progress_at, ExportRecord.decided_at, ExportRecord.asked_at)
    stuck = (sa.text("status = 'waiting'"), heard <= sa.literal(tx.now - since, ExportRecord.asked_at.type))
    query = sa.select(ExportRecord.id, ExportRecord.bank_code).where(*stuck).order_by(ExportRecord.id).limit(limit)
    return [(row.id, row.bank_code) for row in tx.session.execute(query)]


def known_store_names(tx: Transaction, names: Sequence[str]) -> set[str]:
    """Those of `names` that an export's row speaks of."""
    found = tx.session.scalars(sa.select(ExportRecord.store_name).where(ExportRecord.store_name.in_(names)))
    return {name for name in found if name is not None}
