"""Notes of backups: each in a row of its own, until it is long overwritten."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from hub.domain.backup_note import BackupKind, BackupNote, BackupState
from storage.database import added
from storage.records import BackupNoteRecord
from storage.transaction import Transaction


def note(tx: Transaction, kind: BackupKind, *, made_at: datetime, size: int | None) -> None:
    """A backup of that moment was made."""
    known = sa.update(BackupNoteRecord).where(_is(kind, made_at)).values(size=size)
    if not tx.session.execute(known).rowcount:  # type: ignore[attr-defined]  # a result of an update has one
        added(tx.session, BackupNoteRecord(kind=kind, made_at=made_at, size=size))


def prove(tx: Transaction, kind: BackupKind, *, made_at: datetime, at: datetime, drilled: bool) -> bool:
    """The backup of that moment was found whole, or also restored for trial; False where none is noted."""
    values = {"checked_at": at, "drilled_at": at} if drilled else {"checked_at": at}
    known = sa.update(BackupNoteRecord).where(_is(kind, made_at)).values(values)
    return bool(tx.session.execute(known).rowcount)  # type: ignore[attr-defined]  # as above


def forget(tx: Transaction, *, before: datetime) -> None:
    """Backups of before then are forgotten."""
    tx.session.execute(sa.delete(BackupNoteRecord).where(BackupNoteRecord.made_at < before))


def newest(tx: Transaction) -> Mapping[tuple[BackupKind, BackupState], datetime]:
    """Of which moment the newest backup of each kind is that was made, checked or drilled."""
    table = BackupNoteRecord
    of_state = {
        BackupState.MADE: table.made_at,
        BackupState.CHECKED: sa.case((table.checked_at.is_not(None), table.made_at)),
        BackupState.DRILLED: sa.case((table.drilled_at.is_not(None), table.made_at)),
    }
    query = sa.select(table.kind, *(sa.func.max(each, type_=table.made_at.type) for each in of_state.values()))
    return {
        (BackupKind(kind), state): at
        for kind, *found in tx.session.execute(query.group_by(table.kind))
        for state, at in zip(of_state, found, strict=True)
        if at is not None
    }


def list_newest_first(tx: Transaction) -> list[BackupNote]:
    """All that are noted."""
    table = BackupNoteRecord
    return [
        BackupNote(
            kind=BackupKind(each.kind),
            made_at=each.made_at,
            size=each.size,
            checked_at=each.checked_at,
            drilled_at=each.drilled_at,
        )
        for each in tx.session.scalars(sa.select(table).order_by(table.made_at.desc(), table.kind))
    ]


def _is(kind: BackupKind, made_at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(BackupNoteRecord.kind == kind, BackupNoteRecord.made_at == made_at)
