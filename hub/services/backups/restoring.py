"""Putting a backup back into an empty hub, of either kind of database and store.

Stored files come first: without rows they are nothing's. All rows come in one transaction with what has to be done to
them, so that a restore is whole or can be begun again.
"""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.backup import FaultKind, Manifest
from hub.domain.errors import EvidenceDamaged, Unusable
from hub.domain.operator_task import TaskKind
from hub.domain.plain import instant
from hub.services.backups import checking
from hub.services.backups.kept_heads import Compared
from hub.services.log_heads import lost_heads
from hub.services.negotiations.entries import spoken_time
from hub.services.operating import audit
from hub.services.operating.audit import AuditKind
from hub.services.transaction import HubTransaction
from hub.steps import reached
from storage import audit as audit_rows
from storage import mails, schema, sealing_keys, table_rows, tasks
from storage.backup_folder import BackupFolder
from storage.evidence_store import EvidenceStore

_PIECE = 1024 * 1024
_NOTHING_KEPT = Compared()
Filling = Callable[[], AbstractContextManager[HubTransaction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and how many mails are held because they may have been sent."""

    rows: int
    objects: int
    held_mails: int


def require_fits(manifest: Manifest) -> None:
    """The backup is of this version's database or of an earlier one's; raises `Unusable`."""
    if manifest.revision > schema.newest_revision():
        raise Unusable(
            f"the backup is of a newer version of the hub ({manifest.hub_version}, database {manifest.revision}): "
            "restore it with that version"
        )


def require_whole(folder: BackupFolder, manifest: Manifest) -> None:
    """Every file of the backup is there and unchanged; raises `Unusable` naming the first that is not."""
    for fault in checking.faults_of(folder, manifest):
        if fault.kind in (FaultKind.FILE_MISSING, FaultKind.FILE_CHANGED):
            what = "is missing" if fault.kind is FaultKind.FILE_MISSING else "was changed"
            raise Unusable(
                f"{fault.subject} {what} in {folder.path}; nothing was written. `hub restore --check` names all faults"
            )


def require_empty(tx: HubTransaction) -> None:
    """The database holds no row; raises `Unusable`."""
    used = table_rows.tables_in_use(tx.session)
    if used:
        raise Unusable(
            f"the hub is not empty (its database has rows in {', '.join(used[:3])}): restore into an empty database "
            "and an empty evidence store; nothing was written"
        )


def is_done(tx: HubTransaction, manifest: Manifest) -> bool:
    """Whether this very backup was put back here, which the hub noted in the same transaction."""
    if "audit_entry" not in table_rows.tables_in_use(tx.session):
        return False
    return audit_rows.newest_is(tx, AuditKind.RESTORED, manifest.made_at)


def fill_store(folder: BackupFolder, manifest: Manifest, store: EvidenceStore, *, real_now: datetime) -> int:
    """Every stored file of the backup is in the store; gives how many.

    Those that a broken-off restore brought there stay. Raises `Unusable` where the store holds anything else.
    """
    objects = {each.name: each for each in checking.objects_of(folder, manifest)}
    there = set(store.list_names(real_now + timedelta(days=1)))
    strange = len(there - set(objects))
    if strange:
        raise Unusable(
            f"the hub is not empty (its evidence store holds {strange} files that are not of this backup): restore "
            "into an empty store; nothing was written"
        )
    for each in objects.values():
        if each.name in there and _is_there(store, each.name, each.size, each.sealed.sha256):
            continue
        if each.name in there:
            # Cut off in the middle.
            store.delete(each.name)
        with folder.object_path(each.name).open("rb") as file:
            store.write_sealed(each.name, file.read, each.size, is_original=each.table == "evidence")
        reached("restore.object")
    return len(objects)


def _is_there(store: EvidenceStore, name: str, size: int, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        with store.open_sealed(name, size) as read:
            while piece := read(_PIECE):
                digest.update(piece)
    except EvidenceDamaged:
        return False
    return digest.hexdigest() == sha256


def fill_rows(tx: HubTransaction, folder: BackupFolder, manifest: Manifest) -> int:
    """The database holds the rows of the backup, in the tables of this version; gives how many rows.

    Raises `Unusable` where it held any, and `KeysUnusable` where the keys do not open them.
    """
    table_rows.take_time(tx.session)
    require_empty(tx)
    connection = tx.session.connection()
    schema.bring_to(connection, manifest.revision, keyring=lambda: tx.keyring)
    table_rows.empty_of_keys(tx.session)
    count = 0
    for name, columns in manifest.columns.items():
        shape = table_rows.TableShape(name=name, columns=columns)
        loaded = table_rows.load(tx.session, shape, folder.read_lines(f"{manifest.rows}/{name}.gz"))
        if loaded != manifest.counts[name]:
            raise Unusable(f"{name} has {loaded} rows and not {manifest.counts[name]}: take another backup")
        count += loaded
    reached("restore.rows")
    schema.bring_to(connection, schema.newest_revision(), keyring=lambda: tx.keyring)
    sealing_keys.require(tx.session, tx.keyring, place="HUB_SECRET_KEYS")
    return count


def settle(tx: HubTransaction, manifest: Manifest, *, reason: str, heads: Compared) -> int:
    """What may have been sent already is held, and the audit and a task of the operator say what happened.

    The audit names each head kept outside that the backup does not hold. Gives how many mails are held.
    """
    held = mails.hold_due(tx)
    head = None if manifest.head is None else manifest.head["number"]
    audit.note(
        tx, AuditKind.RESTORED, manifest.made_at, head=head, held_mails=held, reason=reason or None,
        version=manifest.hub_version,
        broken_heads=[f"{each.subject}: {each.detail}" for each in heads.broken] or None,
        lost_heads=lost_heads.spelt(heads.lost) or None,
    )  # fmt: skip
    tasks.raise_task(
        tx,
        key=f"{TaskKind.RESTORED}:{instant(tx.now)}",
        kind=TaskKind.RESTORED,
        bank_code=None,
        params={"at": spoken_time(datetime.fromisoformat(manifest.made_at)), "mails": held},
    )
    return held


def restore(
    filling: Filling,
    store: EvidenceStore,
    folder: BackupFolder,
    manifest: Manifest,
    *,
    real_now: datetime,
    reason: str = "",
    heads: Compared = _NOTHING_KEPT,
) -> Restored:
    """The empty hub is the one of the backup's moment, and knows that it is. Raises `Unusable`, `StoreFull`."""
    objects = fill_store(folder, manifest, store, real_now=real_now)
    reached("restore.objects")
    with filling() as tx:
        rows = fill_rows(tx, folder, manifest)
        held = settle(tx, manifest, reason=reason, heads=heads)
    reached("restore.committed")
    return Restored(rows=rows, objects=objects, held_mails=held)
