"""Making an export: its rows are read page by page, written to a file and sealed in the store, once.

A worker that dies leaves nothing behind but a file without a row, which is swept; another one begins anew.
"""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import IO, Final

from hub.documents.spreadsheets import CsvTable, Table, XlsxTable
from hub.domain.actor import HUB
from hub.domain.china import spoken_moment
from hub.domain.export import (
    KEPT,
    MOST_PEOPLE_IN_FULL,
    MOST_ROWS,
    ExportEvent,
    ExportFormat,
    ExportKind,
    ExportOrder,
    ExportStatus,
)
from hub.domain.export_fields import fields_of
from hub.domain.paging import Page
from hub.jobs.port import Job
from hub.services.exports import rows
from hub.services.exports.ordering import job_of
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.reading.bank.people import names_of
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import consents, erasures, exports, stored_files
from storage.evidence_store import EvidenceStore

MOST_TRIES: Final = 5
_SILENT_FOR: Final = timedelta(minutes=5)
_BATCH: Final = 100
# A note is a commit, for which the disk is waited for: of a long table there are five hundred pages.
_PAGES_A_NOTE: Final = 5
_IN_MEMORY: Final = 4 * 1024 * 1024
_LARGEST: Final = 512 * 1024 * 1024


class _TooMany(Exception):
    """There are more rows than a table may have."""


def make(transactions: Transactions, store: EvidenceStore, export_id: str) -> None:
    """The export is ready, with its file in the store; made once, however often this runs.

    Where it cannot be made it has failed, and its page says why. No transaction is open while the file is written.
    """
    with transactions.writing(HUB) as tx:
        begun, begun_at = _begin(tx, export_id), tx.now
    if begun is None:
        return
    bank_code, order, about = begun
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as out:
        try:
            people = _write(transactions, out, export_id, bank_code, order, about)
        except _TooMany:
            _fail(transactions, export_id, "too_many_rows")
            return
        length = out.seek(0, 2)
        out.seek(0)
        file = stored_files.new_file(export_id)
        stored = store.write(file.store_name, file.key, out.read, length=length, limit=_LARGEST)
    reached("export.stored")
    with transactions.writing(HUB) as tx:
        record = exports.lock(tx, export_id)
        is_first = record is not None and record.status == ExportStatus.WAITING
        # Whom it names may have been erased, or have taken their consent back, while it was written: then it is begun
        # anew by whoever finds it waiting.
        is_first = is_first and not (order.in_full and _are_any_gone(tx, people, begun_at))
        if record is not None and is_first:
            exports.apply_event(tx, record, ExportEvent.MADE)
            exports.set_file(tx, record, file, stored, expires_at=tx.now + KEPT)
            record.people = people or None
    if not is_first:
        # Another worker was quicker: its file is the one.
        store.delete(file.store_name)


def _are_any_gone(tx: HubTransaction, people: Sequence[str], begun_at: datetime) -> bool:
    return erasures.are_any_erased(tx, people, since=begun_at) or consents.are_any_withheld(tx, people)


def _begin(tx: HubTransaction, export_id: str) -> tuple[str, ExportOrder, list[str]] | None:
    record = exports.lock(tx, export_id)
    if record is None or record.status != ExportStatus.WAITING:
        return None
    if record.tries >= MOST_TRIES:
        exports.apply_event(tx, record, ExportEvent.FAILED)
        record.fault = "given_up"
        return None
    record.tries += 1
    record.rows_done, record.progress_at = 0, tx.now
    order = exports.order_of(tx, record)
    names = names_of(tx, record.bank_code)
    about = [
        rows.NAMES_ZH[order.kind],
        f"导出人：{names.get(record.asked_by, record.asked_by)}",
        f"导出时间：{spoken_moment(tx.now)}（北京时间）",
        "个人信息：完整" if order.in_full else "个人信息：已遮盖",
    ]
    if record.decided_by is not None:
        about.append(f"同意人：{names.get(record.decided_by, record.decided_by)}")
    return record.bank_code, order, about


def _write(
    transactions: Transactions, out: IO[bytes], export_id: str, bank_code: str, order: ExportOrder, about: Sequence[str]
) -> list[str]:
    """The whole table is in `out`; gives the ids of the negotiations whose people it names in full."""
    columns = fields_of(order.kind, order.fields)
    table: Table
    if order.format is ExportFormat.XLSX:
        table = XlsxTable(out, columns, title=rows.NAMES_ZH[order.kind], about=about)
    else:
        table = CsvTable(out, columns, about=about)
    people: dict[str, None] = {}
    place: Page | None = rows.BEGINNING
    done = pages = 0
    most = MOST_PEOPLE_IN_FULL if order.in_full else MOST_ROWS
    while place is not None:
        with transactions.reading(HUB) as tx:
            found = rows.page_of(tx, bank_code, order, place)
        done += len(found.rows)
        if done > most:
            raise _TooMany
        for row in found.rows:
            table.add([row.get(each.name) for each in columns])
        if order.in_full:
            people.update(dict.fromkeys(found.negotiations))
        place, pages = found.next_place, pages + 1
        if place is None or pages % _PAGES_A_NOTE == 0:
            _note_progress(transactions, export_id, done)
        reached("export.page")
    table.close()
    return list(people)


def _note_progress(transactions: Transactions, export_id: str, done: int) -> None:
    with transactions.writing(HUB) as tx:
        record = exports.lock(tx, export_id)
        if record is not None and record.status == ExportStatus.WAITING:
            record.rows_done, record.progress_at = done, tx.now


def _fail(transactions: Transactions, export_id: str, fault: str) -> None:
    with transactions.writing(HUB) as tx:
        record = exports.lock(tx, export_id)
        if record is not None and record.status == ExportStatus.WAITING:
            exports.apply_event(tx, record, ExportEvent.FAILED)
            record.fault = fault


def jobs_stuck(tx: HubTransaction) -> list[Job]:
    """A job for each export that waits and of which no worker was heard for a while; a new one each minute."""
    minute = tx.now.strftime("%Y%m%d%H%M")
    stuck = exports.list_stuck(tx, _SILENT_FOR, _BATCH)
    return [job_of(each, bank_code, why=f"late:{minute}") for each, bank_code in stuck]


def expire(transactions: Transactions, store: EvidenceStore) -> int:
    """Exports whose time is over have no file any more, and nobody can approve them; gives how many there were."""
    with transactions.reading(HUB) as tx:
        over = exports.list_expired(tx, _BATCH)
    for export_id in over:
        with transactions.writing(HUB) as tx:
            record = exports.lock(tx, export_id)
            name = None
            if record is not None and record.expires_at is not None and record.expires_at <= tx.now:
                exports.apply_event(tx, record, ExportEvent.EXPIRED)
                name = exports.take_file(record)
                kind, bank = ExportKind(record.kind), record.bank_code
                audit.note(tx, AuditKind.EXPORT_EXPIRED, record.id, bank_code=bank, export=kind)
        if name is not None:
            # Where the store is away just now, the sweep of files without a row deletes it.
            store.delete(name)
    return len(over)
