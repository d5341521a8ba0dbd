"""Hints to a bank about one of its cases, always of one bank, and what its people did about them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import sqlalchemy as sa

from hub.domain.doubts import Doubt, DoubtAnswer, DoubtKind
from storage.records import DoubtRecord, NegotiationRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_TABLE = DoubtRecord.__tablename__


def add(tx: Transaction, negotiation: NegotiationRecord, doubt: Doubt) -> DoubtRecord:
    """The bank is given the hint. The negotiation's row must be locked."""
    id_ = new_id()
    record = DoubtRecord(
        id=id_,
        negotiation_id=negotiation.id,
        bank_code=negotiation.bank_code,
        evidence_id=doubt.evidence_id,
        kind=doubt.kind,
        facts_sealed=_sealed(tx, id_, doubt),
        found_at=tx.now,
    )
    tx.session.add(record)
    tx.session.flush()
    return record


def _sealed(tx: Transaction, id_: str, doubt: Doubt) -> bytes:
    return seal_json(tx, dict(doubt.facts), table=_TABLE, column="facts", row=id_)


def doubt_of(tx: Transaction, record: DoubtRecord) -> Doubt:
    """The hint as a value."""
    facts: dict[str, Any] = open_json(tx, record.facts_sealed, table=_TABLE, column="facts", row=record.id)
    return Doubt(kind=DoubtKind(record.kind), evidence_id=record.evidence_id, facts=facts)


def list_of(tx: Transaction, negotiation_id: str, *, bank_code: str) -> Sequence[DoubtRecord]:
    """The hints about the bank's case, in the order they were found."""
    query = (
        sa.select(DoubtRecord)
        .where(DoubtRecord.bank_code == bank_code, DoubtRecord.negotiation_id == negotiation_id)
        .order_by(DoubtRecord.found_at, DoubtRecord.id)
    )
    return tx.session.scalars(query).all()


def list_without(tx: Transaction, kind: DoubtKind, about: Mapping[str, AbstractSet[str | None]]) -> list[str]:
    """Of the negotiations, in their order, those that lack a hint of the kind about one of these: files, or None."""
    query = sa.select(DoubtRecord.negotiation_id, DoubtRecord.evidence_id).where(
        DoubtRecord.negotiation_id.in_(about), DoubtRecord.kind == kind
    )
    has: dict[str, set[str | None]] = defaultdict(set)
    for negotiation_id, evidence_id in tx.session.execute(query):
        has[negotiation_id].add(evidence_id)
    return [each for each, things in about.items() if not things <= has[each]]


def set_answer(tx: Transaction, record: DoubtRecord, answer: DoubtAnswer, *, actor: str) -> None:
    """This is what was done about it last."""
    record.answer, record.answered_by, record.answered_at = answer, actor, tx.now
    tx.session.flush()


def remove(tx: Transaction, record: DoubtRecord) -> None:
    """The hint is gone: what it was found by is no longer so."""
    tx.session.delete(record)
    tx.session.flush()
