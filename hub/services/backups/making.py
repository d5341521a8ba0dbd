"""Making a backup while the hub serves: the rows of one moment, and every stored file that they name.

Rows are read in one transaction that sees one state. A stored file lies in the store before its row is written, and is
never changed, so those that the rows name are there; what was erased since is gone, and named as such.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hub.domain.actor import HUB
from hub.domain.backup import FileDigest, LostObject, Manifest, StoredObject
from hub.domain.clock import Clock
from hub.domain.errors import EvidenceDamaged
from hub.domain.plain import instant
from hub.services.backups import checking
from hub.services.transaction import HubTransaction, Transactions
from hub.steps import reached
from storage import log_heads, schema, scrubbing, sealing_keys, table_rows
from storage.backup_folder import MANIFEST, BackupFolder
from storage.evidence_store import EvidenceStore
from storage.scrubbing import RecordedFile
from storage.sealed_file import open_chunks


@dataclass(slots=True)
class _Moment:
    """What the rows of one moment came to."""

    made_at: str
    rows: str
    columns: dict[str, Mapping[str, str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    digests: dict[str, FileDigest] = field(default_factory=dict)
    named: list[tuple[str, str, RecordedFile]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    head: dict[str, object] | None = None


def back_up(
    transactions: Transactions, store: EvidenceStore, folder: BackupFolder, clock: Clock, *, hub_version: str
) -> Manifest:
    """The folder holds a backup of this moment and no other; gives its manifest.

    What an earlier backup there holds already is not copied again. Raises `Unusable` for a folder that is neither
    empty nor a backup of this hub, `StoreFull` where the evidence store is away, and `OSError` where the disk is full:
    then an earlier backup is still whole.
    """
    with folder.being_written():
        with transactions.reading(HUB) as tx:
            earlier = _earlier_objects(folder, tx)
            moment = _write_rows(tx, folder, clock)
        reached("backup.rows")
        copied = _Copied()
        listed = _copy_all(transactions, store, folder, moment.named, earlier, copied)
        name = checking.list_of(moment.rows)
        moment.digests[name], count = folder.write_lines(name, listed)
        manifest = Manifest(
            made_at=moment.made_at,
            hub_version=hub_version,
            revision=schema.newest_revision(),
            rows=moment.rows,
            columns=moment.columns,
            counts=moment.counts,
            files=moment.digests,
            objects=count,
            object_bytes=copied.bytes,
            keys=moment.keys,
            head=moment.head,
            gone=copied.gone,
            damaged=copied.damaged,
        )
        reached("backup.objects")
        with transactions.reading(HUB) as tx:
            folder.put_manifest(checking.sign(manifest, tx.keyring))
        reached("backup.manifest")
        folder.prune(rows=moment.rows, objects=copied.names)
    return manifest


def _earlier_objects(folder: BackupFolder, tx: HubTransaction) -> Mapping[str, FileDigest]:
    if not (folder.path / MANIFEST).exists():
        return {}
    manifest = checking.open_backup(folder, tx.keyring)
    return {each.name: each.sealed for each in checking.objects_of(folder, manifest)}


def _write_rows(tx: HubTransaction, folder: BackupFolder, clock: Clock) -> _Moment:
    table_rows.take_time(tx.session)
    at = clock.now()
    moment = _Moment(made_at=instant(at), rows=folder.new_rows(f"{at:%Y%m%dT%H%M%SZ}"))
    for shape in table_rows.shapes():
        name = f"{moment.rows}/{shape.name}.gz"
        moment.digests[name], moment.counts[shape.name] = folder.write_lines(name, table_rows.dump(tx.session, shape))
        moment.columns[shape.name] = shape.columns
    moment.named = list(scrubbing.every_file(tx))
    moment.keys = [key_id for key_id, _ in sealing_keys.list_noted(tx.session)]
    newest = log_heads.newest(tx)
    moment.head = None if newest is None else log_heads.head_of(newest).whole
    return moment


@dataclass(slots=True)
class _Copied:
    """What became of the stored files."""

    names: set[str] = field(default_factory=set)
    gone: list[LostObject] = field(default_factory=list)
    damaged: list[LostObject] = field(default_factory=list)
    bytes: int = 0


def _copy_all(
    transactions: Transactions,
    store: EvidenceStore,
    folder: BackupFolder,
    named: Iterable[tuple[str, str, RecordedFile]],
    earlier: Mapping[str, FileDigest],
    copied: _Copied,
) -> Iterator[bytes]:
    for table, id_, file in named:
        digest = earlier.get(file.store_name)
        path = folder.object_path(file.store_name)
        if digest is None or not path.exists() or path.stat().st_size != digest.size:
            try:
                digest = _copy(store, folder, file)
            except EvidenceDamaged:
                lost = LostObject(table=table, id=id_, name=file.store_name)
                with transactions.reading(HUB) as tx:
                    (copied.damaged if scrubbing.is_kept(tx, file.store_name) else copied.gone).append(lost)
                continue
        copied.names.add(file.store_name)
        copied.bytes += digest.size
        row = StoredObject(name=file.store_name, table=table, id=id_, size=file.size, sealed=digest)
        yield checking.line_of(row)


def _copy(store: EvidenceStore, folder: BackupFolder, file: RecordedFile) -> FileDigest:
    """The stored file is in the backup, sealed as it lies, once what is in it was found to be what its row says."""
    clear = hashlib.sha256()
    with folder.writing_object(file.store_name) as out, store.open_sealed(file.store_name, file.size) as read:

        def read_and_keep(wanted: int) -> bytes:
            data = read(wanted)
            out.write(data)
            return data

        for chunk in open_chunks(read_and_keep, name=file.store_name, key=file.key, size=file.size):
            clear.update(chunk)
        if clear.hexdigest() != file.sha256:
            raise EvidenceDamaged(f"{file.store_name}: not the bytes that were recorded")
    return out.digest
