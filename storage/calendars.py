"""Imported notices of working days, and the calendar in force."""

from datetime import date

import sqlalchemy as sa

from hub.domain.notices import Notice
from hub.domain.working_days import Calendar
from storage.records import NoticeRecord, Record, new_id
from storage.transaction import Known, Transaction

_IN_FORCE = Known[None, Calendar]()
_NOTICES = Record.metadata.tables["calendar_notice"].c
_SORTED = (_NOTICES.imported_at, _NOTICES.id)
_IDS = sa.select(_NOTICES.id).order_by(*_SORTED)
# What was imported never changes, so its ids say what the calendar is. Of one hub there is one at a time.
_CALENDARS = 8
_made: dict[tuple[str, ...], Calendar] = {}


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
        for record in tx.session.scalars(sa.select(NoticeRecord).order_by(*_SORTED))
    ]


def calendar_in_force(tx: Transaction) -> Calendar:
    """The calendar that due times are computed by now."""
    known = _IN_FORCE.of(tx)
    if None not in known:
        ids = tuple(tx.session.scalars(_IDS))
        known[None] = _made.get(ids) or _make(tx, ids)
    return known[None]


def _make(tx: Transaction, ids: tuple[str, ...]) -> Calendar:
    if len(_made) >= _CALENDARS:
        _made.clear()
    made = _made[ids] = Calendar.of(list_imported(tx))
    return made
