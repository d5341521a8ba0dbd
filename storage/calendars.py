"""Imported notices of working days, and the calendar in force."""

from datetime import date
from functools import lru_cache

import sqlalchemy as sa

from hub.domain.notices import Notice
from hub.domain.working_days import Calendar
from storage.records import NoticeRecord, new_id
from storage.transaction import Known, Transaction

_IN_FORCE = Known[None, Calendar]()


@lru_cache(maxsize=8)
def _calendar_of(notices: tuple[Notice, ...]) -> Calendar:
    return Calendar.of(notices)


def import_notice(tx: Transaction, notice: Notice) -> None:
    """`notice` is in force for its year from now on; earlier imports of the year stay on record."""
    tx.session.add(
        NoticeRecord(
            id=new_id(),
            year=notice.year,
            notice=notice.notice,
            published_on=notice.published_on,
            off=sorted(day.isoformat() for day in notice.off),
            work=sorted(day.isoformat() for day in notice.work),
            imported_at=tx.now,
        )
    )
    tx.session.flush()
    _IN_FORCE.of(tx).clear()


def list_imported(tx: Transaction) -> list[Notice]:
    """All imported notices, the oldest import first."""
    return [
        Notice(
            year=record.year,
            notice=record.notice,
            published_on=record.published_on,
            off=frozenset(date.fromisoformat(day) for day in record.off),
            work=frozenset(date.fromisoformat(day) for day in record.work),
            source="imported",
        )
        for record in tx.session.scalars(sa.select(NoticeRecord).order_by(NoticeRecord.imported_at, NoticeRecord.id))
    ]


def calendar_in_force(tx: Transaction) -> Calendar:
    """The calendar that due times are computed by now."""
    known = _IN_FORCE.of(tx)
    if None not in known:
        known[None] = _calendar_of(tuple(list_imported(tx)))
    return known[None]
