"""A page of a bank's queue: the statement that finds it in any order and cut down in any way, with all its rows show.

The page is cut off inside, from an index that holds every column that is asked for; what hangs on it is looked up for
these few alone. A statement is made once for each shape of question.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from hub.domain.evidence_check import CheckVerdict
from hub.domain.lifecycle import OPEN, Status
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.paging import Stretch
from hub.domain.queue_question import Order
from hub.domain.queue_summary import QueueSummary
from storage import queue_index
from storage.bounded_counts import count_up_to
from storage.records import NegotiationRecord, Record
from storage.records.negotiations import QUEUE_SQL
from storage.records.offers import COUNTERED_SQL
from storage.sealed_json import open_json
from storage.submissions import submission_of
from storage.transaction import Transaction

_NEGOTIATION, _CLOCK, _OFFER, _GIVEN, _CHECK = (
    Record.metadata.tables[name] for name in ("negotiation", "clock", "offer", "given_evidence", "evidence_check")
)
_SORTED_BY = {
    Order.DUE: _NEGOTIATION.c.due_at,
    Order.OWED: _NEGOTIATION.c.owed_hundreds,
    Order.OPENED: _NEGOTIATION.c.reached_bank_at,
}
# Without a name before them the words can only be the offer's: nothing else is in that part of a statement.
_COUNTERED = sa.select(_OFFER.c.negotiation_id).where(
    _OFFER.c.bank_code == sa.bindparam("bank_code"), sa.text(COUNTERED_SQL)
)
_GOES_ON_SQL = f"status NOT IN ('{Status.REJECTED}', '{Status.WITHDRAWN}', '{Status.LAPSED}')"
_SHAPES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of a bank's cases are looked for, in the words of the rows; without `statuses` the open ones.

    `owed`: from and below how many hundred yuan; `marks`: of reasons (`queue_index`); `ids`: no others than these.
    `whatever_status`: also those under an agreement.
    """

    bank_code: str
    statuses: tuple[Status, ...] = ()
    due_from: datetime | None = None
    due_before: datetime | None = None
    marks: tuple[str, ...] = ()
    owed: tuple[tuple[int, int | None], ...] = ()
    owner: str | None = None
    unowned: bool = False
    last_words: tuple[str, ...] = ()
    countered: bool = False
    replied: bool = False
    whatever_status: bool = False
    ids: tuple[str, ...] | None = None
    order: Order = Order.DUE
    down: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedRow:
    """One case as a row of the queue. `due_at` and `clock_opened_at` are those of the running clock, None without.

    `place` is what the page is sorted by. `counter` are the terms of the person's open counter-offer; `last_word` is
    the kind of the log's last entry where the person spoke, and nobody of the bank since; `papers`
    counts the files, `papers_checked` those of them that a clerk found right.
    """

    id: str
    reference: str
    status: str
    summary: QueueSummary
    place: datetime | int
    opened_at: datetime
    due_at: datetime | None
    clock_opened_at: datetime | None
    paused_on: date | None
    owner_id: str | None
    awaits_approval: bool
    was_returned: bool
    counter: Any
    last_word: str | None
    papers: int
    papers_checked: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a statement depends on the question, but for its values."""

    is_open: bool
    whatever_status: bool
    has_statuses: bool
    due_from: bool
    due_before: bool
    marks: int
    owed: tuple[bool, ...]
    owner: bool
    unowned: bool
    last_words: bool
    countered: bool
    replied: bool
    ids: bool
    order: Order
    down: bool
    has_place: bool


def _is_in_queue(wanted: Wanted) -> bool:
    # One status by due time has an index of its own.
    is_one_by_due = len(wanted.statuses) == 1 and wanted.order is Order.DUE
    return set(wanted.statuses) <= OPEN and not is_one_by_due and not wanted.whatever_status


def _shape_of(wanted: Wanted, *, backwards: bool = False, has_place: bool = False) -> _Shape:
    return _Shape(
        _is_in_queue(wanted), wanted.whatever_status, bool(wanted.statuses), wanted.due_from is not None,
        wanted.due_before is not None,
        len(wanted.marks), tuple(below is not None for _, below in wanted.owed), wanted.owner is not None,
        wanted.unowned, bool(wanted.last_words), wanted.countered, wanted.replied, wanted.ids is not None,
        wanted.order, wanted.down != backwards, has_place,
    )  # fmt: skip


def _values_of(wanted: Wanted) -> dict[str, Any]:
    values: dict[str, Any] = {"bank_code": wanted.bank_code}
    named = {
        "statuses": list(wanted.statuses),
        "due_from": wanted.due_from,
        "due_before": wanted.due_before,
        "owner": wanted.owner,
        "last_words": list(wanted.last_words),
        "ids": None if wanted.ids is None else list(wanted.ids),
    }
    values.update({name: value for name, value in named.items() if value is not None and value != []})
    if wanted.ids is not None:
        values["ids"] = list(wanted.ids)
    values.update({f"mark_{number}": mark for number, mark in enumerate(wanted.marks)})
    for number, (least, below) in enumerate(wanted.owed):
        values[f"owed_from_{number}"] = least
        if below is not None:
            values[f"owed_below_{number}"] = below
    return values


def list_page(tx: Transaction, wanted: Wanted, stretch: Stretch) -> list[QueuedRow]:
    """That page by one statement; one more than the limit where there are more on the side it was asked for.

    The rows stand in the order that is wanted, also where the page lies before a place.
    """
    shape = _shape_of(wanted, backwards=stretch.before, has_place=stretch.place is not None)
    values = {**_values_of(wanted), "most": stretch.limit + 1}
    if stretch.place is not None:
        values["at"], values["at_id"] = stretch.place
    rows = tx.session.execute(_rows(shape), values).all()
    return [_queued(tx, row) for row in (reversed(rows) if stretch.before else rows)]


def count(tx: Transaction, wanted: Wanted, *, most: int) -> int:
    """How many such cases there are, `most` at most."""
    return int(tx.session.scalar(_counted(_shape_of(wanted)), {**_values_of(wanted), "most": most}) or 0)


@lru_cache(_SHAPES)
def _counted(shape: _Shape) -> sa.Select[Any]:
    found = sa.select(_NEGOTIATION.c.id).where(*_conditions(shape))
    most = sa.bindparam("most", type_=sa.Integer())
    return count_up_to(most, found, _SORTED_BY[shape.order], _NEGOTIATION.c.id)


def _conditions(shape: _Shape) -> list[Any]:
    table = _NEGOTIATION.c
    # Literal SQL, or SQLite sees no partial index in it.
    known = sa.text(QUEUE_SQL if shape.is_open else "reached_bank_at IS NOT NULL AND erased_at IS NULL")
    asked = (
        # No index can be meant by what a status is not.
        (shape.whatever_status, sa.text(_GOES_ON_SQL)),
        (shape.has_statuses, table.status.in_(sa.bindparam("statuses", expanding=True))),
        (shape.due_from, table.due_at >= sa.bindparam("due_from")),
        (shape.due_before, table.due_at < sa.bindparam("due_before")),
        (shape.marks, sa.or_(sa.false(), *(_marked(number) for number in range(shape.marks)))),
        (shape.owed, sa.or_(sa.false(), *(_band(number, ends=ends) for number, ends in enumerate(shape.owed)))),
        (shape.owner, table.owner_id == sa.bindparam("owner")),
        (shape.unowned, table.owner_id.is_(None)),
        (shape.last_words, sa.text("last_word IS NOT NULL")),
        (shape.last_words, table.last_word.in_(sa.bindparam("last_words", expanding=True))),
        (shape.countered, table.id.in_(_COUNTERED)),
        (shape.replied, sa.or_(table.last_word.is_not(None), table.id.in_(_COUNTERED))),
        (shape.ids, table.id.in_(sa.bindparam("ids", expanding=True))),
    )
    return [table.bank_code == sa.bindparam("bank_code"), known, *(each for is_asked, each in asked if is_asked)]


def _marked(number: int) -> sa.ColumnElement[bool]:
    return _NEGOTIATION.c.reason_marks.contains(sa.bindparam(f"mark_{number}"))


def _band(number: int, *, ends: bool) -> sa.ColumnElement[bool]:
    owed = _NEGOTIATION.c.owed_hundreds
    least = owed >= sa.bindparam(f"owed_from_{number}")
    return sa.and_(least, owed < sa.bindparam(f"owed_below_{number}")) if ends else least


@lru_cache(_SHAPES)
def _rows(shape: _Shape) -> sa.Select[Any]:
    key = _SORTED_BY[shape.order]
    found = sa.select(_NEGOTIATION.c.id, key.label("place")).where(*_conditions(shape))
    if shape.has_place:
        here = sa.tuple_(key, _NEGOTIATION.c.id)
        there = sa.tuple_(sa.bindparam("at", type_=key.type), sa.bindparam("at_id", type_=sa.String()))
        found = found.where(here < there if shape.down else here > there)
    directed = [each.desc() if shape.down else each for each in (key, _NEGOTIATION.c.id)]
    page = found.order_by(*directed).limit(sa.bindparam("most", type_=sa.Integer())).subquery("page")
    row = _NEGOTIATION.alias("n")
    runs = sa.and_(_CLOCK.c.negotiation_id == page.c.id, _CLOCK.c.answered_at.is_(None), _CLOCK.c.ended_at.is_(None))
    awaiting = sa.exists().where(_OFFER.c.negotiation_id == page.c.id, sa.text("offer.status = 'awaiting_approval'"))
    of_bank = (
        sa.select(_OFFER.c.status)
        .where(_OFFER.c.negotiation_id == page.c.id, _OFFER.c.by == OfferBy.BANK)
        .order_by(_OFFER.c.id.desc())
        .limit(1)
    )
    countered = _OFFER.alias("countered")
    # No more than one is open: the bank's next word closes it.
    is_countered = sa.and_(
        countered.c.negotiation_id == page.c.id,
        countered.c.by == OfferBy.CARDHOLDER,
        countered.c.status == OfferStatus.OPEN,
    )
    papers = sa.select(sa.func.count()).where(
        _GIVEN.c.negotiation_id == page.c.id, _GIVEN.c.version.in_([0, row.c.version])
    )
    # Literal SQL for the partial index; what is doubtful has been looked at, and is not checked.
    checked = sa.select(sa.func.count()).where(
        _CHECK.c.negotiation_id == page.c.id,
        sa.text("evidence_check.replaced_at IS NULL"),
        _CHECK.c.verdict == CheckVerdict.CHECKED,
    )
    order = [each.desc() if shape.down else each for each in (page.c.place, page.c.id)]
    return (
        sa.select(
            page.c.id, page.c.place, row.c.reference, row.c.status, row.c.version, row.c.summary_sealed,
            row.c.owed_hundreds, row.c.reached_bank_at, row.c.last_word, row.c.owner_id,
            _CLOCK.c.due_at.label("clock_due_at"), _CLOCK.c.opened_at.label("clock_opened_at"), _CLOCK.c.paused_on,
            _CLOCK.c.resumed_on, awaiting.label("awaits_approval"), countered.c.id.label("counter_id"),
            countered.c.terms_sealed.label("counter_sealed"), of_bank.scalar_subquery().label("newest_offer"),
            papers.scalar_subquery().label("papers"), checked.scalar_subquery().label("papers_checked"),
        )
        .select_from(page.join(row, row.c.id == page.c.id).outerjoin(_CLOCK, runs).outerjoin(countered, is_countered))
        .order_by(*order)
    )  # fmt: skip


def _queued(tx: Transaction, row: sa.Row[Any]) -> QueuedRow:
    return QueuedRow(
        id=row.id,
        reference=row.reference,
        status=row.status,
        summary=_summary(tx, row),
        place=row.place,
        opened_at=row.reached_bank_at,
        due_at=row.clock_due_at,
        clock_opened_at=row.clock_opened_at,
        paused_on=row.paused_on if row.resumed_on is None else None,
        owner_id=row.owner_id,
        awaits_approval=bool(row.awaits_approval),
        was_returned=row.newest_offer == OfferStatus.RETURNED,
        counter=None
        if row.counter_id is None
        else open_json(tx, row.counter_sealed, table="offer", column="terms", row=row.counter_id),
        last_word=row.last_word,
        papers=row.papers,
        papers_checked=row.papers_checked,
    )


def _summary(tx: Transaction, row: sa.Row[Any]) -> QueueSummary:
    if row.summary_sealed is not None:
        return queue_index.summary_of(tx, row.summary_sealed, id_=row.id, version=row.version)
    # Not indexed yet, or forgotten.
    return QueueSummary.of(submission_of(tx, tx.session.get_one(NegotiationRecord, row.id)))
