"""Heads of the log that were kept outside, against a backup, before anything of it is put back.

Who has the database and the keys can write a log anew, and make a whole backup of that: only a head that lay elsewhere
says so. What an earlier restore lost is on record in the backup's own audit, and is no fault.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.domain.backup import BackupFault, FaultKind, Manifest
from hub.domain.errors import InvalidValue, Unusable
from hub.domain.log_heads import LOST_BY_RESTORING, Head, HeadFault, PrintedHead, outside_fault
from hub.services.log_heads import lost_heads
from hub.services.operating.audit import AuditKind
from storage import log_heads, table_rows
from storage.backup_folder import BackupFolder
from storage.records import LogHeadRecord
from storage.sealing import Keyring

_HEADS, _AUDIT = "log_head", "audit_entry"
_TO_A_HEAD = ("number", "at", "entries", "root", "previous", "key_id", "signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of it: what does not fit, which sound heads a restore would lose, and which an earlier one has lost."""

    faults: Sequence[BackupFault] = ()
    lost: Sequence[Head] = ()
    lost_before: Sequence[Head] = ()

    @property
    def broken(self) -> list[BackupFault]:
        """The faults that no later backup would mend."""
        return [each for each in self.faults if each.kind is FaultKind.HEAD_BROKEN]

    @property
    def newer(self) -> list[BackupFault]:
        """Those heads that the backup's log does not reach."""
        return [each for each in self.faults if each.kind is FaultKind.HEAD_NEWER]


def compare(folder: BackupFolder, manifest: Manifest, keyring: Keyring, kept: Sequence[Head]) -> Compared:
    """Each of `kept` against the heads in the backup; raises `Unusable` where the file of either log was changed."""
    if not kept:
        return Compared()
    newest = 0 if manifest.head is None else manifest.head["number"]
    own = {each.number: each for each in _heads_of(folder, manifest)}
    on_record = lost_heads.lost_in(_restores_of(folder, manifest))
    faults: list[BackupFault] = []
    lost: list[Head] = []
    lost_before: list[Head] = []
    for head in kept:
        holds = keyring.head_holds(head.signed_bytes, head.key_id, head.signature)
        fault = outside_fault(head, own.get(head.number), holds=holds)
        if fault in LOST_BY_RESTORING and PrintedHead.of(head) in on_record:
            lost_before.append(head)
        elif fault is not None:
            faults.append(_newer(head, newest) if _is_newer(head, fault, newest) else _broken(head, fault))
            lost += [head] if fault in LOST_BY_RESTORING else []
    return Compared(faults=faults, lost=lost, lost_before=lost_before)


def _is_newer(head: Head, fault: HeadFault, newest: int) -> bool:
    return fault is HeadFault.NUMBER and head.number > newest


def _newer(head: Head, newest: int) -> BackupFault:
    return BackupFault(
        kind=FaultKind.HEAD_NEWER,
        subject=f"head {head.number} of {head.at}",
        detail=f"the log of the backup ends with head {newest}",
    )


def _broken(head: Head, fault: HeadFault) -> BackupFault:
    return BackupFault(kind=FaultKind.HEAD_BROKEN, subject=f"head {head.number}", detail=fault)


def _heads_of(folder: BackupFolder, manifest: Manifest) -> Iterator[Head]:
    for row in _rows(folder, manifest, _HEADS):
        try:
            yield log_heads.head_of(LogHeadRecord(**{name: row[name] for name in _TO_A_HEAD}))
        except InvalidValue:
            # No head that anybody kept is like it.
            continue


def _restores_of(folder: BackupFolder, manifest: Manifest) -> Iterator[Mapping[str, Any]]:
    for row in _rows(folder, manifest, _AUDIT):
        if row["kind"] == AuditKind.RESTORED:
            yield json.loads(row["details"])


def _rows(folder: BackupFolder, manifest: Manifest, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, which a backup of an earlier version may not have."""
    if table not in manifest.columns:
        return
    name = f"{manifest.rows}/{table}.gz"
    if folder.digest_of(folder.path / name) != manifest.files.get(name):
        raise Unusable(f"{folder.path / name} was changed or is missing: take another backup")
    shape = table_rows.TableShape(name=table, columns=manifest.columns[table])
    yield from table_rows.read(shape, folder.read_lines(name))
