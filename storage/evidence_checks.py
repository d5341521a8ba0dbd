"""What a bank's people found of the files of its cases, always of one bank; the newest counts, older ones are kept."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from hub.domain.evidence_check import EvidenceCheck
from storage.records import EvidenceCheckRecord, NegotiationRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_TABLE = EvidenceCheckRecord.__tablename__


def add(
    tx: Transaction, negotiation: NegotiationRecord, evidence_id: str, check: EvidenceCheck, *, actor: str
) -> EvidenceCheckRecord:
    """This is what counts of the file from now on. The negotiation's row must be locked."""
    before = newest(tx, negotiation.id, bank_code=negotiation.bank_code).get(evidence_id)
    if before is not None:
        before.replaced_at = tx.now
        tx.session.flush()
    id_ = new_id()
    record = EvidenceCheckRecord(
        id=id_,
        negotiation_id=negotiation.id,
        evidence_id=evidence_id,
        bank_code=negotiation.bank_code,
        verdict=check.verdict,
        text_sealed=seal_json(tx, check.text, table=_TABLE, column="text", row=id_),
        actor=actor,
        at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def text_of(tx: Transaction, record: EvidenceCheckRecord) -> str:
    """The words that were said with it."""
    text: str = open_json(tx, record.text_sealed, table=_TABLE, column="text", row=record.id)
    return text


def newest(tx: Transaction, negotiation_id: str, *, bank_code: str) -> Mapping[str, EvidenceCheckRecord]:
    """What counts of each file of the bank's case that somebody has looked at, by the files' ids."""
    query = sa.select(EvidenceCheckRecord).where(
        EvidenceCheckRecord.negotiation_id == negotiation_id,
        EvidenceCheckRecord.replaced_at.is_(None),
        EvidenceCheckRecord.bank_code == bank_code,
    )
    return {record.evidence_id: record for record in tx.session.scalars(query)}


def list_of_file(
    tx: Transaction, negotiation_id: str, evidence_id: str, *, bank_code: str
) -> Sequence[EvidenceCheckRecord]:
    """All that was ever said of the file in the bank's case, newest first."""
    query = (
        sa.select(EvidenceCheckRecord)
        .where(
            EvidenceCheckRecord.bank_code == bank_code,
            EvidenceCheckRecord.negotiation_id == negotiation_id,
            EvidenceCheckRecord.evidence_id == evidence_id,
        )
        .order_by(EvidenceCheckRecord.at.desc(), EvidenceCheckRecord.id.desc())
    )
    return tx.session.scalars(query).all()
