"""Which files were given to which negotiation, and with what."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from storage.records import EvidenceRecord, GivenEvidenceRecord, NegotiationRecord, Record
from storage.transaction import Transaction

# The version under which is given what comes later than a submission, with a message or a call.
WITH_A_MESSAGE = 0

# Rows of lists go in by the tables themselves, by statements that are made once: a record each costs twice that.
_GIVE = sa.insert(Record.metadata.tables["given_evidence"])
_FILES = Record.metadata.tables["evidence"]
_ATTACH = (
    sa.update(_FILES).where(_FILES.c.id.in_(sa.bindparam("ids", expanding=True))).values(attached_at=sa.bindparam("at"))
)


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


def list_ever_given(tx: Transaction, negotiation_id: str) -> list[EvidenceRecord]:
    """Every file that was ever given to the negotiation, of older versions too, in the order they were uploaded."""
    given = sa.select(GivenEvidenceRecord.evidence_id).where(GivenEvidenceRecord.negotiation_id == negotiation_id)
    return list(
        tx.session.scalars(sa.select(EvidenceRecord).where(EvidenceRecord.id.in_(given)).order_by(EvidenceRecord.id))
    )
