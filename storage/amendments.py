"""Amendments of agreements: writing and finding them; the only writer of their status."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.domain.amendment import (
    COUNTING,
    OPEN,
    AmendmentContents,
    AmendmentEvent,
    AmendmentKind,
    AmendmentStatus,
    next_status,
)
from hub.domain.errors import NotFound
from hub.domain.plain import from_plain, to_plain
from storage.reading_ahead import known_of
from storage.records import AgreementRecord, AmendmentRecord, NegotiationRecord, new_id
from storage.records.amendments import OPEN_SQL
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction


def add(
    tx: Transaction,
    agreement: AgreementRecord,
    *,
    kind: AmendmentKind,
    by: str,
    asked: Any,
    lapses_at: datetime | None,
) -> AmendmentRecord:
    """The request is kept and waits for the bank; what was asked is plain data, sealed."""
    record = AmendmentRecord(
        id=new_id(),
        negotiation_id=agreement.negotiation_id,
        agreement_id=agreement.id,
        bank_code=agreement.bank_code,
        kind=kind,
        status=AmendmentStatus.WITH_BANK,
        by=by,
        asked_at=tx.now,
        lapses_at=lapses_at,
    )
    record.asked_sealed = seal_json(tx, asked, table="amendment", column="asked", row=record.id)
    tx.session.add(record)
    tx.session.flush()
    return record


def apply_event(tx: Transaction, record: AmendmentRecord, event: AmendmentEvent) -> None:
    """The request stands where the domain's table says; raises `StatusConflict`. The negotiation must be locked."""
    record.status = next_status(AmendmentKind(record.kind), AmendmentStatus(record.status), event)
    if record.status not in OPEN and record.status != AmendmentStatus.IN_FORCE:
        record.closed_at = tx.now


def asked_of(tx: Transaction, record: AmendmentRecord) -> Any:
    """What was asked for, as plain data."""
    return open_json(tx, record.asked_sealed, table="amendment", column="asked", row=record.id)


def set_answer(tx: Transaction, record: AmendmentRecord, answer: Any) -> None:
    """The bank's answer is kept with the request, sealed; None takes it away."""
    record.answered_at = None if answer is None else tx.now
    record.answer_sealed = (
        None if answer is None else seal_json(tx, answer, table="amendment", column="answer", row=record.id)
    )


def answer_of(tx: Transaction, record: AmendmentRecord) -> Any | None:
    """The bank's answer as plain data, or None."""
    if record.answer_sealed is None:
        return None
    return open_json(tx, record.answer_sealed, table="amendment", column="answer", row=record.id)


def set_contents(tx: Transaction, record: AmendmentRecord, contents: AmendmentContents | None) -> None:
    """What is signed, or will be, is kept sealed; None takes it away."""
    record.contents_sealed = (
        None
        if contents is None
        else seal_json(tx, to_plain(contents), table="amendment", column="contents", row=record.id)
    )


def contents_of(tx: Transaction, record: AmendmentRecord) -> AmendmentContents | None:
    """What is signed, or will be; None before the bank answered."""
    if record.contents_sealed is None:
        return None
    plain = open_json(tx, record.contents_sealed, table="amendment", column="contents", row=record.id)
    return from_plain(AmendmentContents, plain)


def signed(tx: Transaction, record: AmendmentRecord, agreement_number: str) -> None:
    """The amendment has its place and number; a signed one keeps both, also when it fails."""
    record.position = 1 + sum(each.position is not None for each in list_of(tx, record.agreement_id))
    record.number = f"{agreement_number}-{record.position:02d}"
    record.signed_at = tx.now
    tx.session.flush()


def get(tx: Transaction, negotiation_id: str, amendment_id: str, kind: AmendmentKind | None = None) -> AmendmentRecord:
    """The negotiation's amendment, of that kind; raises `NotFound`."""
    record = tx.session.get(AmendmentRecord, amendment_id)
    if record is None or record.negotiation_id != negotiation_id or kind not in (None, record.kind):
        raise NotFound
    return record


def list_of(tx: Transaction, agreement_id: str) -> list[AmendmentRecord]:
    """All that was ever asked to amend, oldest first."""
    known = known_of(tx, AmendmentRecord, agreement_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(AmendmentRecord)
            .where(AmendmentRecord.agreement_id == agreement_id)
            .order_by(AmendmentRecord.asked_at, AmendmentRecord.id)
        )
    )


def find_open(tx: Transaction, agreement_id: str) -> AmendmentRecord | None:
    """The one request that is open, or None."""
    return next((each for each in list_of(tx, agreement_id) if each.status in OPEN), None)


def list_counting(tx: Transaction, agreement_id: str) -> list[AmendmentRecord]:
    """The signed amendments that the rows follow now, in the order of their signing."""
    counting = [each for each in list_of(tx, agreement_id) if each.status in COUNTING]
    return sorted(counting, key=lambda each: each.position or 0)


def list_lapsing(tx: Transaction, at: datetime, limit: int) -> list[AmendmentRecord]:
    """Open requests whose time is over at `at`, the longest over first."""
    return list(
        tx.session.scalars(
            sa.select(AmendmentRecord)
            .where(
                sa.text(OPEN_SQL),
                AmendmentRecord.lapses_at <= at,
            )
            .order_by(AmendmentRecord.lapses_at, AmendmentRecord.id)
            .limit(limit)
        )
    )


def list_without_paper(tx: Transaction, *, since: datetime, before: datetime, limit: int) -> list[str]:
    """Ids of amendments that were signed in that time and are not printed."""
    # A paper has the amendment's place as its version; of one negotiation there is one agreement.
    printed = sa.text(
        "not exists (select 1 from document where document.negotiation_id = amendment.negotiation_id "
        "and document.kind = 'amendment' and document.version = amendment.position)"
    )
    query = (
        sa.select(AmendmentRecord.id)
        .where(AmendmentRecord.signed_at >= since, AmendmentRecord.signed_at < before, printed)
        .order_by(AmendmentRecord.signed_at)
        .limit(limit)
    )
    return list(tx.session.scalars(query))


def list_waiting(tx: Transaction, bank_code: str, *, most: int) -> list[tuple[AmendmentRecord, str]]:
    """The requests that wait for the bank with the references of their negotiations, oldest first."""
    query = (
        sa.select(AmendmentRecord, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == AmendmentRecord.negotiation_id)
        .where(AmendmentRecord.bank_code == bank_code, AmendmentRecord.status == AmendmentStatus.WITH_BANK)
        .order_by(AmendmentRecord.asked_at, AmendmentRecord.id)
        .limit(most)
    )
    return [(record, reference) for record, reference in tx.session.execute(query)]
