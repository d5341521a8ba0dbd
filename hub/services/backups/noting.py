"""Keeping on record which backups were made and proved, and how old the newest of them are."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from hub.domain.backup import Manifest
from hub.domain.backup_note import BackupKind, BackupNote, BackupState
from hub.services.transaction import HubTransaction
from storage import backup_notes, sealing_keys

FORGOTTEN_AFTER: Final = timedelta(days=400)
"""So long it can be seen that backups were made and tried."""


def note_made(tx: HubTransaction, kind: BackupKind, state: BackupState, *, at: datetime, size: int | None) -> None:
    """A backup of that moment is on record, and those of long ago are no more."""
    backup_notes.forget(tx, before=at - FORGOTTEN_AFTER)
    backup_notes.note(tx, kind, made_at=at, size=size)
    if state is not BackupState.MADE:
        backup_notes.prove(tx, kind, made_at=at, at=at, drilled=state is BackupState.DRILLED)


def note_whole(tx: HubTransaction, manifest: Manifest) -> None:
    """The backup of that manifest is on record as made."""
    size = manifest.object_bytes + sum(each.size for each in manifest.files.values())
    note_made(tx, BackupKind.WHOLE, BackupState.MADE, at=_moment_of(manifest), size=size)


def note_proved(tx: HubTransaction, manifest: Manifest, *, at: datetime, drilled: bool) -> None:
    """It is on record that the backup was found whole; nothing is where this hub did not make it, or forgot it."""
    backup_notes.prove(tx, BackupKind.WHOLE, made_at=_moment_of(manifest), at=at, drilled=drilled)


def listed(tx: HubTransaction) -> list[BackupNote]:
    """Every backup that is on record, the newest first."""
    return backup_notes.list_newest_first(tx)


def ages(tx: HubTransaction, *, real_now: datetime) -> Mapping[tuple[BackupKind, BackupState], timedelta]:
    """How old the newest backup of each kind and state is.

    Where no whole backup is, as old as what the hub holds: so much would be lost. Other kinds are for who makes them.
    """
    found = backup_notes.newest(tx)
    first_sealed = min((at for _, at in sealing_keys.list_noted(tx.session)), default=real_now)
    of_whole = {(BackupKind.WHOLE, state): first_sealed for state in BackupState}
    return {each: max(timedelta(0), real_now - at) for each, at in {**of_whole, **found}.items()}


def _moment_of(manifest: Manifest) -> datetime:
    return datetime.fromisoformat(manifest.made_at)
