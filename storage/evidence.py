"""Evidence rows: what was uploaded, and the verdict over it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.evidence import EvidenceStatus
from storage import recognised_amounts, traces, viewing_copies
from storage.clean_copies import find_copy, find_wanted
from storage.records import CleanCopyRecord, EvidenceRecord, Record, ViewingPageRecord
from storage.stored_files import StoredEvidence
from storage.transaction import Known, Transaction

NO_KEY = b""
"""Stands in a row in the place of a key that was destroyed."""

# Rows of lists go in by the tables themselves, by statements that are made once: a record each costs twice that.
_FILES = Record.metadata.tables["evidence"]
_ADD = sa.insert(_FILES)
_LOCK_OF_CLIENT = (
    sa.select(EvidenceRecord)
    .where(
        EvidenceRecord.id.in_(sa.bindparam("ids", expanding=True)),
        EvidenceRecord.client_id == sa.bindparam("client_id"),
    )
    .order_by(EvidenceRecord.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
# Ids of files without a verdict, the longest waiting first.
CHECKING = (
    sa.select(_FILES.c.id)
    .where(sa.text("status = 'checking'"))
    .order_by(_FILES.c.uploaded_at)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
# Files that this transaction holds the locks of.
_LOCKED = Known[str, EvidenceRecord]()


def add_evidence(tx: Transaction, stored: StoredEvidence) -> None:
    """The file has a row, and waits for its verdict."""
    subject = stored.subject
    tx.session.execute(
        _ADD,
        [
            {
                "id": stored.file.id,
                "client_id": stored.client_id,
                "subject_index": None if subject is None else tx.keyring.index(subject, purpose="subject"),
                "kind_sealed": tx.keyring.seal(stored.kind, table="evidence", column="kind", row=stored.file.id),
                "file_name_sealed": tx.keyring.seal(
                    stored.file_name, table="evidence", column="file_name", row=stored.file.id
                ),
                "media_type": stored.media_type,
                "size": stored.size,
                "sha256": stored.sha256,
                "status": EvidenceStatus.CHECKING,
                "store_name": stored.file.store_name,
                "file_key_sealed": tx.keyring.seal(
                    stored.file.key, table="evidence", column="file_key", row=stored.file.id
                ),
                "uploaded_at": tx.now,
            }
        ],
    )


def file_name_of(tx: Transaction, record: EvidenceRecord) -> str:
    """The name the file was sent under."""
    return tx.keyring.open_text(record.file_name_sealed, table="evidence", column="file_name", row=record.id)


def kind_of(tx: Transaction, record: EvidenceRecord) -> str:
    """The kind that was named when the file was sent."""
    return tx.keyring.open_text(record.kind_sealed or b"", table="evidence", column="kind", row=record.id)


def file_key_of(tx: Transaction, record: EvidenceRecord) -> bytes:
    """The key the file's bytes are sealed with."""
    return tx.keyring.open(record.file_key_sealed, table="evidence", column="file_key", row=record.id)


def is_kept(record: EvidenceRecord) -> bool:
    """Whether there are bytes of the file, and a key that opens them."""
    return bool(record.file_key_sealed)


def destroy_content(record: EvidenceRecord) -> str:
    """No key opens the file any more, wherever its bytes still lie; gives the name under which they are to be deleted.

    The row goes on saying what the file was.
    """
    record.file_key_sealed = NO_KEY
    return record.store_name


def get_of_client(tx: Transaction, evidence_id: str, *, client_id: str, lock: bool = False) -> EvidenceRecord:
    """The client's file; raises `NotFound` for an unknown one and for another's alike."""
    record = tx.session.get(EvidenceRecord, evidence_id, with_for_update=lock)
    if record is None or record.client_id != client_id:
        raise NotFound
    return record


def find_evidence(tx: Transaction, evidence_id: str, *, lock: bool = False) -> EvidenceRecord | None:
    """The file's row."""
    return tx.session.get(EvidenceRecord, evidence_id, with_for_update=lock)


def get_evidence(tx: Transaction, evidence_id: str) -> EvidenceRecord:
    """The file's row; raises `NotFound`."""
    record = find_evidence(tx, evidence_id)
    if record is None:
        raise NotFound
    return record


def lock_of_client(tx: Transaction, ids: Iterable[str], *, client_id: str) -> dict[str, EvidenceRecord]:
    """The client's files among `ids`, by id, held so that a verdict and an attaching cannot miss each other."""
    wanted = set(ids)
    locked = _LOCKED.of(tx)
    missing = sorted(wanted - locked.keys())
    if missing:
        found = tx.session.scalars(_LOCK_OF_CLIENT, {"ids": missing, "client_id": client_id})
        locked |= {record.id: record for record in found}
    return {id_: locked[id_] for id_ in wanted if id_ in locked and locked[id_].client_id == client_id}


def list_checking(tx: Transaction, *, limit: int) -> list[str]:
    """Ids of the files that wait for their verdict, the longest waiting first."""
    return list(tx.session.scalars(CHECKING, {"limit": limit}))


def lock_checking(tx: Transaction, ids: Sequence[str]) -> list[EvidenceRecord]:
    """Those of the files that still wait for their verdict, held until the transaction ends."""
    return list(
        tx.session.scalars(
            sa.select(EvidenceRecord)
            .where(EvidenceRecord.id.in_(ids), sa.text("status = 'checking'"))
            .order_by(EvidenceRecord.id)
            .with_for_update()
        )
    )


def waiting_for_a_verdict(tx: Transaction) -> tuple[int, datetime | None]:
    """How many files wait for their verdict, and when the first of them came."""
    query = sa.select(sa.func.count(), sa.func.min(EvidenceRecord.uploaded_at)).where(sa.text("status = 'checking'"))
    count, first = tx.session.execute(query.select_from(EvidenceRecord)).one()
    return count, first


def count_checking_since(tx: Transaction, before: datetime) -> int:
    """How many files have waited for their verdict since before `before`."""
    query = sa.select(sa.func.count()).where(sa.text("status = 'checking'"), EvidenceRecord.uploaded_at < before)
    return tx.session.scalar(query.select_from(EvidenceRecord)) or 0


def set_verdict(record: EvidenceRecord, status: EvidenceStatus, reason: str | None) -> None:
    """The verdict stands; `reason` says why a file was rejected."""
    record.status = status
    record.reason = reason


def remove(tx: Transaction, record: EvidenceRecord) -> list[str]:
    """The row is gone, and those of its copies; gives the names of the bytes, which are the sweeper's."""
    copy, wanted = find_copy(tx, record.id), find_wanted(tx, record.id)
    traces.remove(tx, record.id)
    recognised_amounts.remove(tx, record.id)
    names = [record.store_name, *viewing_copies.remove(tx, record)]
    if copy is not None:
        names.append(copy.store_name)
        tx.session.delete(copy)
        tx.session.flush()
    if wanted is not None:
        tx.session.delete(wanted)
        tx.session.flush()
    tx.session.delete(record)
    tx.session.flush()
    return names


def known_store_names(tx: Transaction, names: Sequence[str]) -> set[str]:
    """Those of `names` that a row still keeps, as a file's or as those of its copies."""
    return {
        name
        for table in (EvidenceRecord, CleanCopyRecord, ViewingPageRecord)
        for name in tx.session.scalars(
            sa.select(table.store_name).where(table.store_name.in_(names), table.file_key_sealed != NO_KEY)
        )
    }
