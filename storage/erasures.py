"""Erasures that have something left to do, legal holds, and which negotiations are due; writing and finding them."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from hub.domain.agreement_end import AgreementStatus
from hub.domain.lifecycle import OVER, Status
from storage.records import (
    AgreementRecord,
    AnsweredCallRecord,
    ErasureRecord,
    ExportRecord,
    LegalHoldRecord,
    LogEntryRecord,
    NegotiationRecord,
    new_id,
)
from storage.records.negotiations import OVER_SQL, OVER_WITH_FILES_SQL, UNDATED_SQL
from storage.sealed_json import open_json
from storage.transaction import Transaction

_HOLD = "legal_hold"


def add(tx: Transaction, *, store_names: Sequence[str], ids: Sequence[str]) -> str:
    """What is left to do stands in a row; gives its id."""
    record = ErasureRecord(id=new_id(), store_names=list(store_names), ids=list(ids), begun_at=tx.now)
    tx.session.add(record)
    tx.session.flush()
    return record.id


def find_open(tx: Transaction, erasure_id: str, *, lock: bool = False) -> ErasureRecord | None:
    """The erasure, while something of it is left to do."""
    record = tx.session.get(ErasureRecord, erasure_id, with_for_update=lock, populate_existing=lock)
    return None if record is None or record.done_at is not None else record


def list_open(tx: Transaction, *, before: datetime, limit: int) -> list[str]:
    """Ids of erasures that were begun before then and are not done."""
    query = sa.select(ErasureRecord.id).where(sa.text("done_at IS NULL"), ErasureRecord.begun_at <= before)
    return list(tx.session.scalars(query.order_by(ErasureRecord.id).limit(limit)))


def set_done(tx: Transaction, record: ErasureRecord) -> None:
    """Nothing is left to do, and nothing of what was done is kept but how much there was."""
    record.done_at = tx.now
    record.store_names, record.ids = [], []


def drop_answers(
    tx: Transaction, ids: Sequence[str], *, after: tuple[str, str] | None, limit: int
) -> tuple[str, str] | None:
    """Of the next kept answers those that speak of one of `ids` are gone; gives where to go on, None at the end."""
    table = AnsweredCallRecord
    place = sa.tuple_(table.client_id, table.key)
    query = sa.select(table).order_by(table.client_id, table.key).limit(limit)
    if after is not None:
        query = query.where(place > sa.tuple_(sa.literal(after[0]), sa.literal(after[1])))
    rows = list(tx.session.scalars(query))
    named = re.compile("|".join(map(re.escape, ids)))
    for row in rows:
        body = open_json(tx, row.body_sealed, table="answered_call", column="body", row=f"{row.client_id}/{row.key}")
        # Kept as the text of an answer; of a page that led elsewhere only the address says what it was about.
        if named.search(f"{row.location or ''} {json.dumps(body, ensure_ascii=False)}"):
            tx.session.delete(row)
    tx.session.flush()
    return (rows[-1].client_id, rows[-1].key) if len(rows) == limit else None


def exports_in_full_of(tx: Transaction, negotiation: NegotiationRecord) -> list[ExportRecord]:
    """The exports of the bank that lie ready and name the negotiation's person in full; locked."""
    table = ExportRecord
    found = tx.session.scalars(
        sa.select(table)
        .where(table.bank_code == negotiation.bank_code, table.in_full, table.store_name.is_not(None))
        .order_by(table.id)
        .with_for_update()
    )
    return [each for each in found if negotiation.id in (each.people or [])]


def are_any_erased(tx: Transaction, negotiation_ids: Sequence[str], *, since: datetime) -> bool:
    """Whether any of the negotiations was erased at `since` or later."""
    table = NegotiationRecord
    erased = sa.exists().where(table.id.in_(negotiation_ids), table.erased_at >= since)
    return bool(tx.session.scalar(sa.select(erased)))


# Holds.


def add_hold(tx: Transaction, negotiation: NegotiationRecord, *, reason: str, by: str) -> None:
    """Nothing of the negotiation is erased until the hold is released."""
    hold_id = new_id()
    tx.session.add(
        LegalHoldRecord(
            id=hold_id,
            negotiation_id=negotiation.id,
            bank_code=negotiation.bank_code,
            reason_sealed=tx.keyring.seal(reason, table=_HOLD, column="reason", row=hold_id),
            held_by=by,
            held_at=tx.now,
        )
    )
    tx.session.flush()


def find_hold(tx: Transaction, negotiation_id: str) -> LegalHoldRecord | None:
    """The hold that stands on the negotiation."""
    mine = LegalHoldRecord.negotiation_id == negotiation_id
    return tx.session.scalar(sa.select(LegalHoldRecord).where(mine, sa.text("released_at IS NULL")))


def reason_of(tx: Transaction, hold: LegalHoldRecord) -> str:
    """Why it was held."""
    return tx.keyring.open_text(hold.reason_sealed, table=_HOLD, column="reason", row=hold.id)


def list_holds(tx: Transaction) -> list[tuple[LegalHoldRecord, str]]:
    """Each hold that stands, with the negotiation's reference; the oldest first."""
    query = (
        sa.select(LegalHoldRecord, NegotiationRecord.reference)
        .join(NegotiationRecord, NegotiationRecord.id == LegalHoldRecord.negotiation_id)
        .where(sa.text("released_at IS NULL"))
        .order_by(LegalHoldRecord.held_at, LegalHoldRecord.id)
    )
    return [(hold, reference) for hold, reference in tx.session.execute(query)]


# What is due.


def _unheld() -> sa.ColumnElement[bool]:
    held = sa.exists().where(
        LegalHoldRecord.negotiation_id == NegotiationRecord.id, LegalHoldRecord.released_at.is_(None)
    )
    return ~held


def list_over(
    tx: Transaction, *, agreed: bool, with_files: bool, before: datetime, limit: int | None = None
) -> list[tuple[str, datetime]]:
    """(id, end) of negotiations that were over by then and have not been erased, those first that were over first.

    With `agreed` those whose agreements have all ended, without it those that came to none; with `with_files` those
    whose files are still there. Held ones are left out.
    """
    query, over_at = _over(agreed=agreed, with_files=with_files)
    query = query.where(over_at <= before).order_by(over_at, NegotiationRecord.id).limit(limit)
    return [(id_, at) for id_, at in tx.session.execute(query)]


def count_over(tx: Transaction, *, agreed: bool, with_files: bool, before: datetime) -> int:
    """How many `list_over` would give."""
    query, over_at = _over(agreed=agreed, with_files=with_files)
    found = query.where(over_at <= before).subquery()
    return tx.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def first_over(tx: Transaction, *, agreed: bool, with_files: bool, after: datetime) -> datetime | None:
    """When the first of them was over that was not by `after`."""
    query, over_at = _over(agreed=agreed, with_files=with_files)
    found = tx.session.execute(query.where(over_at > after).order_by(over_at).limit(1)).first()
    return None if found is None else found[1]


def _over(*, agreed: bool, with_files: bool) -> tuple[sa.Select[str, datetime], sa.ColumnElement[Any]]:
    table, agreement = NegotiationRecord, AgreementRecord
    if not agreed:
        which = sa.text(OVER_WITH_FILES_SQL if with_files else OVER_SQL)
        return sa.select(table.id, table.over_at).where(which, _unheld()), table.over_at  # type: ignore[return-value]
    later = aliased(AgreementRecord)
    is_last = ~sa.exists().where(
        later.negotiation_id == agreement.negotiation_id,
        sa.or_(
            later.status == AgreementStatus.IN_FORCE,
            sa.tuple_(later.ended_at, later.id) > sa.tuple_(agreement.ended_at, agreement.id),
        ),
    )
    query = (
        sa.select(table.id, agreement.ended_at)
        .select_from(agreement)
        .join(table, table.id == agreement.negotiation_id)
        .where(
            sa.text("agreement.ended_at IS NOT NULL"), table.status == Status.AGREED, table.erased_at.is_(None), is_last
        )
        .where(_unheld(), *([table.files_erased_at.is_(None)] if with_files else []))
    )
    return query, agreement.ended_at  # type: ignore[return-value]


def are_any_undated(tx: Transaction) -> bool:
    """Whether any ended without an agreement and does not say when."""
    return tx.session.scalar(_undated().limit(1)) is not None


def _undated() -> sa.Select[str]:
    # In the order of the index, by which alone it is found that there are none.
    return sa.select(NegotiationRecord.id).where(sa.text(UNDATED_SQL)).order_by(NegotiationRecord.id)


def date_some(tx: Transaction, limit: int) -> int:
    """Of the negotiations that ended without an agreement before that was kept some say when; gives how many."""
    table, entry = NegotiationRecord, LogEntryRecord
    ids = list(tx.session.scalars(_undated().limit(limit).with_for_update(skip_locked=True)))
    ended = sa.select(sa.func.max(entry.at)).where(entry.negotiation_id == table.id, entry.to_status == table.status)
    over_at = sa.func.coalesce(ended.scalar_subquery(), table.updated_at)
    tx.session.execute(sa.update(table).where(table.id.in_(ids)).values(over_at=over_at))
    return len(ids)


def end_of_agreements(tx: Transaction, negotiation_id: str) -> datetime | None:
    """When the last agreement of the negotiation ended; None while one is in force."""
    found = list(
        tx.session.execute(
            sa.select(AgreementRecord.status, AgreementRecord.ended_at).where(
                AgreementRecord.negotiation_id == negotiation_id
            )
        )
    )
    if any(status == AgreementStatus.IN_FORCE for status, _ in found):
        return None
    return max((at for _, at in found if at is not None), default=None)


def end_of_negotiation(tx: Transaction, negotiation: NegotiationRecord) -> datetime | None:
    """When the negotiation came to the status in which it stands; None while that is none of an end."""
    if negotiation.status not in OVER:
        return None
    entry = LogEntryRecord
    mine = (entry.negotiation_id == negotiation.id, entry.to_status == negotiation.status)
    return tx.session.scalar(sa.select(sa.func.max(entry.at)).where(*mine))
