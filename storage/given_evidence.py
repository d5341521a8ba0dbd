"""Which files were given to which negotiation, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from storage.records import EvidenceRecord, GivenEvidenceRecord, NegotiationRecord, Record
from storage.transaction import Transaction

# The version under which is given what comes later than a submission, with a message or a call.
WITH_A_MESSAGE = 0
_KIND = {"table": "given_evidence", "column": "kind"}

# Rows of lists go in by the tables themselves, by statements that are made once: a record each costs twice that.
_GIVE = sa.insert(Record.metadata.tables["given_evidence"])
_FILES = Record.metadata.tables["evidence"]
_ATTACH = (
    sa.update(_FILES).where(_FILES.c.id.in_(sa.bindparam("ids", expanding=True))).values(attached_at=sa.bindparam("at"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file as it was given to one negotiation, under the kind that was named there."""

    negotiation_id: str
    evidence_id: str
    kind: str
    given_at: datetime
    version: int


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
                "kind_sealed": tx.keyring.seal(kind, row=_row(negotiation_id, record.id, version), **_KIND),
                "given_at": tx.now,
                "version": version,
            }
            for negotiation_id, bank_code, version in negotiations
            for record, kind in files
        ],
    )


def list_given(tx: Transaction, negotiation: NegotiationRecord) -> list[tuple[Given, EvidenceRecord]]:
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
    return [(_opened(tx, given), record) for given, record in tx.session.execute(query)]


def list_of_version(tx: Transaction, negotiation: NegotiationRecord) -> list[tuple[Given, EvidenceRecord]]:
    """The files given with the negotiation's version in force."""
    return [(given, record) for given, record in list_given(tx, negotiation) if given.version != WITH_A_MESSAGE]


def find_given(tx: Transaction, negotiation_id: str, evidence_id: str) -> tuple[Given, EvidenceRecord] | None:
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
    return None if given is None else (_opened(tx, given), tx.session.get_one(EvidenceRecord, evidence_id))


def list_kinds(tx: Transaction, negotiation_id: str) -> list[Given]:
    """Every file as it was ever given to the negotiation, those of later versions last."""
    table = GivenEvidenceRecord
    query = sa.select(table).where(table.negotiation_id == negotiation_id).order_by(table.given_at, table.evidence_id)
    return [_opened(tx, each) for each in tx.session.scalars(query)]


def _opened(tx: Transaction, record: GivenEvidenceRecord) -> Given:
    row = _row(record.negotiation_id, record.evidence_id, record.version)
    return Given(
        negotiation_id=record.negotiation_id,
        evidence_id=record.evidence_id,
        kind=tx.keyring.open_text(record.kind_sealed, row=row, **_KIND),
        given_at=record.given_at,
        version=record.version,
    )


def _row(negotiation_id: str, evidence_id: str, version: int) -> str:
    return f"{negotiation_id}/{evidence_id}/{version}"


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


def list_ever_given(tx: Transaction, negotiation_id: str) -> list[EvidenceRecord]:
    """Every file that was ever given to the negotiation, of older versions too, in the order they were uploaded."""
    given = sa.select(GivenEvidenceRecord.evidence_id).where(GivenEvidenceRecord.negotiation_id == negotiation_id)
    return list(
        tx.session.scalars(sa.select(EvidenceRecord).where(EvidenceRecord.id.in_(given)).order_by(EvidenceRecord.id))
    )
