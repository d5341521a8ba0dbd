"""Evidence rows: what was uploaded, the verdict over it, and which negotiation it was given to."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from hub.domain.errors import NotFound
from hub.domain.evidence import EvidenceStatus
from storage.records import CleanCopyRecord, EvidenceRecord, GivenEvidenceRecord, NegotiationRecord, Record
from storage.transaction import Transaction

WITH_A_MESSAGE = 0

# Rows of lists go in by the tables themselves, by statements that are made once: a record each costs twice that.
_FILES = Record.metadata.tables["evidence"]
_ADD = sa.insert(_FILES)
_GIVE = sa.insert(Record.metadata.tables["given_evidence"])
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
_ATTACH = (
    sa.update(_FILES).where(_FILES.c.id.in_(sa.bindparam("ids", expanding=True))).values(attached_at=sa.bindparam("at"))
)
_CHECKING = (
    sa.select(_FILES.c.id)
    .where(sa.text("status = 'checking'"))
    .order_by(_FILES.c.uploaded_at)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)
# Files that this transaction holds the locks of.
_LOCKED = "locked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """Where the bytes of a new file go: `store_name` in the evidence store, sealed with `key`."""

    id: str
    store_name: str
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvidence:
    """A file that lies in the evidence store, with all that its row shall say."""

    file: NewFile
    client_id: str
    subject: str | None
    kind: str
    file_name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCopy:
    """A clean copy that lies in the evidence store, for the row of its picture to speak of."""

    file: NewFile
    media_type: str
    size: int
    sha256: str


def new_file(evidence_id: str) -> NewFile:
    """A random name and key for a file that is about to be written."""
    return NewFile(id=evidence_id, store_name=secrets.token_hex(16), key=secrets.token_bytes(32))


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
                "kind": stored.kind,
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


def file_key_of(tx: Transaction, record: EvidenceRecord) -> bytes:
    """The key the file's bytes are sealed with."""
    return tx.keyring.open(record.file_key_sealed, table="evidence", column="file_key", row=record.id)


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
    locked: dict[str, EvidenceRecord] = tx.known.setdefault(_LOCKED, {})
    missing = sorted(wanted - locked.keys())
    if missing:
        found = tx.session.scalars(_LOCK_OF_CLIENT, {"ids": missing, "client_id": client_id})
        locked |= {record.id: record for record in found}
    return {id_: locked[id_] for id_ in wanted if id_ in locked and locked[id_].client_id == client_id}


def give(
    tx: Transaction,
    negotiations: Sequence[tuple[str, str, int]],
    files: Sequence[tuple[EvidenceRecord, str]],
) -> None:
    """Each file belongs to each of `negotiations` (id, bank code, version), and can no longer be removed.

    Version 0 is for what comes later than a submission, with a message or a call.
    """
    if not files:
        return
    fresh = {record.id: record for record, _ in files if record.attached_at is None}
    if fresh:
        tx.session.execute(_ATTACH, {"ids": sorted(fresh), "at": tx.now})
    for record in fresh.values():
        set_committed_value(record, "attached_at", tx.now)
    tx.session.execute(
        _GIVE,
        [
            {
                "negotiation_id": negotiation_id,
                "evidence_id": record.id,
                "bank_code": bank_code,
                "kind": kind,
                "given_at": tx.now,
                "version": version,
            }
            for negotiation_id, bank_code, version in negotiations
            for record, kind in files
        ],
    )


def list_given(tx: Transaction, negotiation: NegotiationRecord) -> list[tuple[GivenEvidenceRecord, EvidenceRecord]]:
    """The files given to the negotiation, of its version in force and with messages, in the order they came."""
    query = (
        sa.select(GivenEvidenceRecord, EvidenceRecord)
        .join(EvidenceRecord, EvidenceRecord.id == GivenEvidenceRecord.evidence_id)
        .where(
            GivenEvidenceRecord.negotiation_id == negotiation.id,
            GivenEvidenceRecord.version.in_([WITH_A_MESSAGE, negotiation.version]),
        )
        .order_by(GivenEvidenceRecord.given_at, EvidenceRecord.id)
    )
    return [(given, record) for given, record in tx.session.execute(query)]


def list_of_version(
    tx: Transaction, negotiation: NegotiationRecord
) -> list[tuple[GivenEvidenceRecord, EvidenceRecord]]:
    """The files given with the negotiation's version in force."""
    return [(given, record) for given, record in list_given(tx, negotiation) if given.version != WITH_A_MESSAGE]


def find_given(
    tx: Transaction, negotiation_id: str, evidence_id: str
) -> tuple[GivenEvidenceRecord, EvidenceRecord] | None:
    """The file, if it was given to the negotiation."""
    given = tx.session.scalar(
        sa.select(GivenEvidenceRecord)
        .where(
            GivenEvidenceRecord.negotiation_id == negotiation_id,
            GivenEvidenceRecord.evidence_id == evidence_id,
        )
        .order_by(GivenEvidenceRecord.version.desc())
        .limit(1)
    )
    return None if given is None else (given, tx.session.get_one(EvidenceRecord, evidence_id))


def negotiations_given(tx: Transaction, evidence_id: str) -> list[tuple[str, str]]:
    """(id, bank code) of each negotiation that the file was ever given to."""
    query = (
        sa.select(GivenEvidenceRecord.negotiation_id, GivenEvidenceRecord.bank_code)
        .where(GivenEvidenceRecord.evidence_id == evidence_id)
        .distinct()
    )
    return [(negotiation_id, bank_code) for negotiation_id, bank_code in tx.session.execute(query)]


def applications_given(tx: Transaction, evidence_ids: Sequence[str]) -> dict[str, str]:
    """The applications whose negotiations were given any of the files, each with one of those files."""
    found = tx.session.execute(
        sa.select(NegotiationRecord.application_id, sa.func.min(GivenEvidenceRecord.evidence_id))
        .join(NegotiationRecord, NegotiationRecord.id == GivenEvidenceRecord.negotiation_id)
        .where(GivenEvidenceRecord.evidence_id.in_(evidence_ids))
        .group_by(NegotiationRecord.application_id)
        .order_by(NegotiationRecord.application_id)
    )
    return dict(found.all())


def list_checking(tx: Transaction, *, limit: int) -> list[str]:
    """Ids of the files that wait for their verdict, the longest waiting first."""
    return list(tx.session.scalars(_CHECKING, {"limit": limit}))


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


def add_copy(tx: Transaction, record: EvidenceRecord, stored: StoredCopy) -> None:
    """The picture has its clean copy."""
    tx.session.add(
        CleanCopyRecord(
            id=record.id,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            store_name=stored.file.store_name,
            file_key_sealed=tx.keyring.seal(stored.file.key, table="clean_copy", column="file_key", row=record.id),
            made_at=tx.now,
        )
    )


def find_copy(tx: Transaction, evidence_id: str) -> CleanCopyRecord | None:
    """The picture's clean copy; None for what is no picture, or has no verdict yet."""
    return tx.session.get(CleanCopyRecord, evidence_id)


def copies_of(tx: Transaction, evidence_ids: Iterable[str]) -> dict[str, CleanCopyRecord]:
    """The clean copies of those files that have one, by the files' ids."""
    wanted = list(evidence_ids)
    if not wanted:
        return {}
    found = tx.session.scalars(sa.select(CleanCopyRecord).where(CleanCopyRecord.id.in_(wanted)))
    return {copy.id: copy for copy in found}


def copy_key_of(tx: Transaction, copy: CleanCopyRecord) -> bytes:
    """The key the copy's bytes are sealed with."""
    return tx.keyring.open(copy.file_key_sealed, table="clean_copy", column="file_key", row=copy.id)


def remove(tx: Transaction, record: EvidenceRecord) -> list[str]:
    """The row is gone, and that of its copy; gives the names of the bytes, which are the sweeper's."""
    copy = find_copy(tx, record.id)
    names = [record.store_name]
    if copy is not None:
        names.append(copy.store_name)
        tx.session.delete(copy)
        tx.session.flush()
    tx.session.delete(record)
    tx.session.flush()
    return names


def known_store_names(tx: Transaction, names: Sequence[str]) -> set[str]:
    """Those of `names` that a row still speaks of, as a file's or as its copy's."""
    return {
        name
        for table in (EvidenceRecord, CleanCopyRecord)
        for name in tx.session.scalars(sa.select(table.store_name).where(table.store_name.in_(names)))
    }


def list_ever_given(tx: Transaction, negotiation_id: str) -> list[EvidenceRecord]:
    """Every file that was ever given to the negotiation, of older versions too, in the order they were uploaded."""
    given = sa.select(GivenEvidenceRecord.evidence_id).where(GivenEvidenceRecord.negotiation_id == negotiation_id)
    return list(
        tx.session.scalars(sa.select(EvidenceRecord).where(EvidenceRecord.id.in_(given)).order_by(EvidenceRecord.id))
    )
