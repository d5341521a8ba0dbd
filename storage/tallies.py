"""Tallies: one row a bank with what its queue came to, and the statements that count what no page of it counts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from hub.domain.agreement_end import AgreementStatus
from hub.domain.plain import from_plain, to_plain
from hub.domain.tally import Tally
from storage.bounded_counts import count_up_to
from storage.records import (
    AgreementRecord,
    BankRecord,
    ClockRecord,
    NegotiationRecord,
    OfferRecord,
    Record,
    StaffRecord,
    TallyRecord,
)
from storage.records.negotiations import QUEUE_SQL
from storage.records.offers import COUNTERED_SQL
from storage.transaction import Known, Transaction

_TABLE = Record.metadata.tables["bank_tally"]
_FIND = sa.select(_TABLE.c.counts).where(_TABLE.c.bank_code == sa.bindparam("bank_code"))
_COUNTS = Known[str, Any]()
_FIRST_ANSWERS = 200


def find(tx: Transaction, bank_code: str) -> Tally | None:
    """The bank's tally; None before it was first counted."""
    known = _COUNTS.of(tx)
    counts = known[bank_code] if bank_code in known else tx.session.scalar(_FIND, {"bank_code": bank_code})
    return None if counts is None else from_plain(Tally, counts)


def know(tx: Transaction, bank_code: str, counts: Any) -> None:
    """`counts` was read in `tx` with something else, None where the bank has no tally yet."""
    _COUNTS.of(tx)[bank_code] = counts


def save(tx: Transaction, bank_code: str, tally: Tally) -> None:
    """The tally takes the place of the one before."""
    _COUNTS.of(tx).pop(bank_code, None)
    record = tx.session.get(TallyRecord, bank_code)
    if record is None:
        tx.session.add(TallyRecord(bank_code=bank_code, counts=to_plain(tally), counted_at=tally.counted_at))
    else:
        record.counts, record.counted_at = to_plain(tally), tally.counted_at
    tx.session.flush()


def list_banks(tx: Transaction) -> list[str]:
    """The codes of all banks."""
    return list(tx.session.scalars(sa.select(BankRecord.code).order_by(BankRecord.code)))


def count_by_owner(tx: Transaction, bank_code: str, *, most: int) -> dict[str | None, int]:
    """How many open cases each account has, and nobody (None), `most` at most each; who has none is left out."""
    table, account = NegotiationRecord, StaffRecord

    def some(owner: Any) -> sa.ScalarSelect[int]:
        which = (table.bank_code == bank_code, table.owner_id == owner, sa.text(QUEUE_SQL))
        found = sa.select(table.due_at).where(*which).correlate(account)
        return count_up_to(most, found, table.due_at).scalar_subquery()

    query = sa.select(account.id, some(account.id)).where(account.bank_code == bank_code)
    found: dict[str | None, int] = {owner: number for owner, number in tx.session.execute(query) if number}
    if nobodys := tx.session.scalar(sa.select(some(None))):
        found[None] = nobodys
    return found


def earliest_due(tx: Transaction, bank_code: str) -> datetime | None:
    """The due time at the head of the queue; one far ahead where no clock runs."""
    query = (
        sa.select(NegotiationRecord.due_at)
        .where(NegotiationRecord.bank_code == bank_code, sa.text(QUEUE_SQL))
        .order_by(NegotiationRecord.due_at)
        .limit(1)
    )
    return tx.session.scalar(query)


def count_in_force(tx: Transaction, bank_code: str, *, most: int) -> int:
    """How many agreements of the bank are in force, `most` at most."""
    found = (
        sa.select(AgreementRecord.id)
        .where(AgreementRecord.bank_code == bank_code, AgreementRecord.status == AgreementStatus.IN_FORCE)
        .limit(most)
    )
    return int(tx.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0)


def count_countered(tx: Transaction, bank_code: str, *, most: int) -> int:
    """How many counter-offers wait for the bank, `most` at most."""
    found = sa.select(OfferRecord.id).where(OfferRecord.bank_code == bank_code, sa.text(COUNTERED_SQL)).limit(most)
    return int(tx.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0)


def count_answers(tx: Transaction, bank_code: str, since: datetime, until: datetime) -> tuple[int, int]:
    """How many answers came in that time, and how many of them by their due time."""
    in_time = sa.func.sum(sa.case((ClockRecord.answered_at <= ClockRecord.due_at, 1), else_=0))
    query = sa.select(sa.func.count(), in_time).where(*_answered(bank_code, since, until))
    came, timely = tx.session.execute(query).one()
    return int(came), int(timely or 0)


def list_first_answers(
    tx: Transaction, bank_code: str, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """When the newest first answers of that time were asked for and came: a few hundred at most."""
    earlier = aliased(ClockRecord)
    has_earlier = sa.exists().where(
        earlier.negotiation_id == ClockRecord.negotiation_id, earlier.opened_at < ClockRecord.opened_at
    )
    query = (
        sa.select(ClockRecord.opened_at, ClockRecord.answered_at)
        .where(*_answered(bank_code, since, until), ~has_earlier)
        .order_by(ClockRecord.answered_at.desc())
        .limit(_FIRST_ANSWERS)
    )
    return [(asked_at, came_at) for asked_at, came_at in tx.session.execute(query) if came_at is not None]


def _answered(bank_code: str, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        ClockRecord.bank_code == bank_code,
        ClockRecord.answered_at.is_not(None),
        ClockRecord.answered_at >= since,
        ClockRecord.answered_at < until,
    )
