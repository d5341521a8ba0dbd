"""Banks' requests for more papers."""

from datetime import datetime

import sqlalchemy as sa

from hub.domain.review import EvidenceRequest
from storage.reading_ahead import known_of
from storage.records import EvidenceRequestRecord, NegotiationRecord, new_id
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

_OPEN_SQL = "answered_at IS NULL AND lapsed_at IS NULL AND closed_at IS NULL"


def add_request(
    tx: Transaction,
    negotiation: NegotiationRecord,
    wanted: EvidenceRequest,
    *,
    due_at: datetime,
) -> None:
    """The request is open until it is answered, lapses, or the bank goes on without it."""
    request_id = new_id()
    tx.session.add(
        EvidenceRequestRecord(
            id=request_id,
            negotiation_id=negotiation.id,
            bank_code=negotiation.bank_code,
            kinds_sealed=seal_json(tx, list(wanted.kinds), table="evidence_request", column="kinds", row=request_id),
            text_sealed=tx.keyring.seal(wanted.text, table="evidence_request", column="text", row=request_id),
            asked_at=tx.now,
            due_at=due_at,
            answer_waits=False,
        )
    )
    tx.session.flush()


def text_of(tx: Transaction, request: EvidenceRequestRecord) -> str:
    """What the bank asked, in its words."""
    return tx.keyring.open_text(request.text_sealed, table="evidence_request", column="text", row=request.id)


def kinds_of(tx: Transaction, request: EvidenceRequestRecord) -> list[str]:
    """The kinds of papers that the bank asked for."""
    kinds: list[str] = open_json(tx, request.kinds_sealed, table="evidence_request", column="kinds", row=request.id)
    return kinds


def find_open(tx: Transaction, negotiation_id: str) -> EvidenceRequestRecord | None:
    """The negotiation's open request."""
    known = known_of(tx, EvidenceRequestRecord, negotiation_id)
    if known is not None:
        return next((each for each in known if not (each.answered_at or each.lapsed_at or each.closed_at)), None)
    return tx.session.scalar(
        sa.select(EvidenceRequestRecord)
        .where(EvidenceRequestRecord.negotiation_id == negotiation_id, sa.text(_OPEN_SQL))
        .limit(1)
    )


def any_unanswered(tx: Transaction, negotiation_id: str) -> bool:
    """Whether a request of the negotiation was left unanswered until its time was over."""
    return (
        tx.session.scalar(
            sa.select(EvidenceRequestRecord.id)
            .where(
                EvidenceRequestRecord.negotiation_id == negotiation_id,
                EvidenceRequestRecord.lapsed_at.is_not(None),
            )
            .limit(1)
        )
        is not None
    )


def close(tx: Transaction, negotiation_id: str) -> None:
    """No request of the negotiation is open any more: things went on without an answer."""
    request = find_open(tx, negotiation_id)
    if request is not None:
        request.closed_at = tx.now


def list_due(tx: Transaction, at: datetime, limit: int) -> list[EvidenceRequestRecord]:
    """Open requests whose time is over at `at`, but for those whose answer waits for the verdict over its files."""
    return list(
        tx.session.scalars(
            sa.select(EvidenceRequestRecord)
            .where(sa.text(_OPEN_SQL), EvidenceRequestRecord.due_at < at, EvidenceRequestRecord.answer_waits.is_(False))
            .order_by(EvidenceRequestRecord.due_at)
            .limit(limit)
        )
    )
