"""What differs between the two halves of a hub, its rows and its stored files, and what does not hold in them."""

from collections.abc import Iterator, Mapping

from hub.domain.backup import BackupFault, FaultKind, Manifest, StoredObject
from hub.services.log_heads import verifying
from hub.services.operating import invariants
from hub.services.transaction import HubTransaction
from storage import scrubbing
from storage.evidence_store import EvidenceStore


def differences(
    tx: HubTransaction,
    store: EvidenceStore,
    manifest: Manifest,
    objects: Mapping[str, StoredObject],
) -> Iterator[BackupFault]:
    """Everything that does not fit, of the rows in `tx` against `objects`, which lie in `store`.

    `manifest` is that of the rows: what was erased while they were written, or was damaged before, is no difference.
    """
    excused = {(each.table, each.id) for each in (*manifest.gone, *manifest.damaged)}
    without: set[str] = {each.id for each in (*manifest.gone, *manifest.damaged)}
    named = set()
    for table, id_, file in scrubbing.every_file(tx):
        named.add(file.store_name)
        if file.store_name not in objects and (table, id_) not in excused:
            without.add(id_)
            yield BackupFault(
                kind=FaultKind.ROW_WITHOUT_OBJECT,
                subject=f"{table} {id_}",
                detail=f"its file {file.store_name} is not there",
            )
    for each in objects.values():
        if each.name not in named:
            yield BackupFault(
                kind=FaultKind.OBJECT_WITHOUT_ROW, subject=each.name, detail=f"was of {each.table} {each.id}"
            )
    for head in verifying.broken_heads(tx):
        yield BackupFault(kind=FaultKind.HEAD_BROKEN, subject=f"head {head.number}", detail=head.fault)
    for breach in invariants.breaches(tx, store):
        is_told = breach.invariant == "evidence_bytes" and breach.subject in without
        if not is_told and not (breach.invariant == "log_heads" and breach.subject.startswith("head ")):
            yield BackupFault(
                kind=FaultKind.INVARIANT, subject=f"{breach.invariant} {breach.subject}", detail=breach.detail
            )
