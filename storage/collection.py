"""Collection and its stop: keeping who confirmed it, and reports of people who were collected from all the same."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.reading_ahead import known_of
from storage.records import AgreementRecord, CollectionReportRecord, HoldRecord, NegotiationRecord, new_id
from storage.sealed_json import seal_json
from storage.transaction import Transaction


def add_hold(tx: Transaction, agreement: AgreementRecord, *, by: str, stopped_at: datetime) -> None:
    """The word that collection stopped is kept."""
    tx.session.add(
        HoldRecord(
            id=new_id(),
            agreement_id=agreement.id,
            bank_code=agreement.bank_code,
            by=by,
            stopped_at=stopped_at,
            recorded_at=tx.now,
        )
    )
    tx.session.flush()


def list_holds(tx: Transaction, agreement_id: str) -> list[HoldRecord]:
    """Who said that they collect no more, oldest first."""
    known = known_of(tx, HoldRecord, agreement_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(HoldRecord)
            .where(HoldRecord.agreement_id == agreement_id)
            .order_by(HoldRecord.recorded_at, HoldRecord.id)
        )
    )


def list_to_check(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of the negotiations of whose agreement it is time by `at` to look whether collection has stopped."""
    return list(
        tx.session.scalars(
            sa.select(AgreementRecord.negotiation_id)
            .where(AgreementRecord.hold_check_at.is_not(None), AgreementRecord.hold_check_at <= at)
            .order_by(AgreementRecord.hold_check_at)
            .limit(limit)
        )
    )


def list_unchecked(tx: Transaction, negotiation_id: str) -> list[AgreementRecord]:
    """The agreements of the negotiation of which it is time to look whether collection has stopped."""
    return list(
        tx.session.scalars(
            sa.select(AgreementRecord).where(
                AgreementRecord.negotiation_id == negotiation_id, AgreementRecord.hold_check_at <= tx.now
            )
        )
    )


def add_report(
    tx: Transaction, negotiation: NegotiationRecord, agreement: AgreementRecord, *, report: Any, due_at: datetime
) -> CollectionReportRecord:
    """The report is kept, its words sealed; `report` names the channel under `channel`."""
    record = CollectionReportRecord(
        id=new_id(),
        negotiation_id=negotiation.id,
        agreement_id=agreement.id,
        bank_code=negotiation.bank_code,
        channel=report["channel"],
        reported_at=tx.now,
        due_at=due_at,
    )
    record.said_sealed = seal_json(tx, report, table="collection_report", column="said", row=record.id)
    tx.session.add(record)
    tx.session.flush()
    return record


def list_reports(tx: Transaction, negotiation_id: str) -> list[CollectionReportRecord]:
    """All reports of the negotiation, oldest first."""
    known = known_of(tx, CollectionReportRecord, negotiation_id)
    if known is not None:
        return known
    return list(
        tx.session.scalars(
            sa.select(CollectionReportRecord)
            .where(CollectionReportRecord.negotiation_id == negotiation_id)
            .order_by(CollectionReportRecord.reported_at, CollectionReportRecord.id)
        )
    )
