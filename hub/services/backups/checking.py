"""Looking a backup over: that it is one of this hub's, and that every file of it is there and unchanged.

The manifest is signed with the hub's keys and names every other file by its digest, so a part that was swapped for one
of another moment is found.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from hub.domain.backup import BackupFault, FaultKind, FileDigest, Manifest, StoredObject
from hub.domain.errors import KeysUnusable, Unusable
from hub.domain.plain import canonical
from storage.backup_folder import BackupFolder
from storage.sealing import Keyring

_PURPOSE: Final = "backup"


def sign(manifest: Manifest, keyring: Keyring) -> bytes:
    """The manifest as it lies in the folder."""
    plain = manifest.plain
    return canonical({"manifest": plain, "signature": keyring.sign(canonical(plain), purpose=_PURPOSE)}) + b"\n"


def open_backup(folder: BackupFolder, keyring: Keyring) -> Manifest:
    """What the folder says of itself.

    Raises `KeysUnusable` where the keyring lacks a key that the backup needs, and `Unusable` where there is no backup,
    none of this version's form, or one that these keys did not sign as it is.
    """
    data: Any = folder.read_manifest()
    plain = data.get("manifest") if isinstance(data, dict) else None
    manifest = Manifest.parse(plain)
    lacking = sorted(set(manifest.keys) - set(keyring.check_values()))
    if lacking:
        raise KeysUnusable(
            f"the backup needs key {', '.join(lacking)}: put its secret back into HUB_SECRET_KEYS (or the hub's own "
            "file secret-keys) from its copy; nothing was written"
        )
    if not keyring.verify(canonical(plain), str(data.get("signature", "")), purpose=_PURPOSE):
        raise Unusable(f"the manifest in {folder.path} was changed, or is another hub's: take another backup")
    return manifest


def list_of(rows: str) -> str:
    """Where the list of stored files lies, beside the tables."""
    return f"{rows}/objects.gz"


def line_of(each: StoredObject) -> bytes:
    """The line of a stored file in the list."""
    return canonical([each.name, each.table, each.id, each.size, each.sealed.size, each.sealed.sha256]) + b"\n"


def objects_of(folder: BackupFolder, manifest: Manifest) -> Iterator[StoredObject]:
    """Every stored file of the backup; raises `Unusable` where the list of them was changed."""
    name = list_of(manifest.rows)
    if folder.digest_of(folder.path / name) != manifest.files.get(name):
        raise Unusable(f"{folder.path / name} was changed or is missing: take another backup")
    for line in folder.read_lines(name):
        name, table, id_, size, length, sha256 = json.loads(line)
        yield StoredObject(name=name, table=table, id=id_, size=size, sealed=FileDigest(size=length, sha256=sha256))


def faults_of(folder: BackupFolder, manifest: Manifest) -> Iterator[BackupFault]:
    """Everything that is wrong with the backup's files: each is read whole.

    What a later backup left behind that was broken off is no fault.
    """
    expected = {folder.path / name: digest for name, digest in manifest.files.items()}
    for each in objects_of(folder, manifest):
        expected[folder.object_path(each.name)] = each.sealed
    for path, digest in expected.items():
        found = folder.digest_of(path)
        subject = str(path.relative_to(folder.path))
        if found is None:
            yield BackupFault(kind=FaultKind.FILE_MISSING, subject=subject)
        elif found != digest:
            yield BackupFault(kind=FaultKind.FILE_CHANGED, subject=subject)
    for path in folder.files():
        if path not in expected and not folder.is_unfinished:
            yield BackupFault(kind=FaultKind.FILE_EXTRA, subject=str(path.relative_to(folder.path)))
    for lost in manifest.damaged:
        yield BackupFault(
            kind=FaultKind.DAMAGED_BEFORE, subject=f"{lost.table} {lost.id}", detail="the hub could not read it"
        )
