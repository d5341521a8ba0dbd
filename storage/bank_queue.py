"""A bank's queue by due time: the statement that finds a page of it, and one that brings all its page shows.

A statement is made once for each shape of question, and costs the same however many negotiations are open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from hub.domain.actor import Party
from hub.domain.entry_kind import EntryKind
from hub.domain.lifecycle import Status
from hub.domain.offer import OfferBy, OfferStatus
from hub.domain.paging import Page
from hub.domain.submission import Submission
from storage.records import NegotiationRecord, Record
from storage.records.negotiations import QUEUE_SQL
from storage.sealed_json import open_json
from storage.submissions import open_submission
from storage.transaction import Transaction

_CLOCK, _SUBMISSION, _OFFER, _ENTRY = (
    Record.metadata.tables[name] for name in ("clock", "submission", "offer", "log_entry")
)
# The hub's word that a file of the person's cannot be opened.
UNREADABLE = EntryKind.EVIDENCE_REJECTED
_DUE_AT = NegotiationRecord.due_at.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """One negotiation as a row of the queue. `due_at`, its place there, is the running clock's where one `runs`.

    `counter` are the terms of the person's counter-offer that is open; `was_returned`: the bank's newest offer came
    back to its maker; `last_word` is the kind of the log's last entry where the person spoke, and nobody of the bank
    since.
    """

    id: str
    reference: str
    status: str
    submission: Submission
    due_at: datetime
    runs: bool
    paused: bool
    awaits_approval: bool
    was_returned: bool
    counter: Any
    last_word: str | None


def asked_for(
    bank_code: str, *, statuses: Sequence[Status], due_before: datetime | None, page: Page
) -> dict[str, object]:
    """The question as the parameters of its statement: for a page of that bank's queue, and one negotiation more."""
    asked: dict[str, object] = {"bank_code": bank_code, "most": page.limit + 1}
    if statuses:
        asked["statuses"] = list(statuses)
    if due_before is not None:
        asked["due_before"] = due_before
    if page.after is not None:
        asked["after_at"], asked["after_id"] = page.after
    return asked


def of_bank(asked: dict[str, object]) -> sa.Select[NegotiationRecord]:
    """The statement whose records answer the question; without statuses it is the open negotiations."""
    return _of_bank("statuses" in asked, "due_before" in asked, "after_at" in asked)


def list_page(
    tx: Transaction, bank_code: str, *, statuses: Sequence[Status], due_before: datetime | None, page: Page
) -> list[Queued]:
    """A page of the queue by one statement, submissions opened; one more than the limit where there are more."""
    asked = asked_for(bank_code, statuses=statuses, due_before=due_before, page=page)
    statement = _rows("statuses" in asked, "due_before" in asked, "after_at" in asked)
    return [_queued(tx, row) for row in tx.session.execute(statement, asked)]


@cache
def _of_bank(of_statuses: bool, is_bounded: bool, is_later: bool) -> sa.Select[NegotiationRecord]:
    table = NegotiationRecord
    query = sa.select(table).where(table.bank_code == sa.bindparam("bank_code"))
    if of_statuses:
        wanted = table.status.in_(sa.bindparam("statuses", expanding=True))
        query = query.where(wanted, table.reached_bank_at.is_not(None))
    else:
        query = query.where(sa.text(QUEUE_SQL))
    if is_bounded:
        query = query.where(table.due_at < sa.bindparam("due_before"))
    if is_later:
        last_seen = sa.tuple_(sa.bindparam("after_at", type_=_DUE_AT), sa.bindparam("after_id", type_=sa.String()))
        query = query.where(sa.tuple_(table.due_at, table.id) > last_seen)
    return query.order_by(table.due_at, table.id).limit(sa.bindparam("most", type_=sa.Integer()))


@cache
def _rows(*shape: bool) -> sa.Select[Any]:
    table = NegotiationRecord
    # The page is cut off first: what hangs on it is then looked up for these few alone.
    found = _of_bank(*shape).with_only_columns(table.id, table.reference, table.status, table.version, table.due_at)
    page = found.subquery("page")
    runs = sa.and_(_CLOCK.c.negotiation_id == page.c.id, _CLOCK.c.answered_at.is_(None), _CLOCK.c.ended_at.is_(None))
    awaiting = sa.exists().where(_OFFER.c.negotiation_id == page.c.id, sa.text("offer.status = 'awaiting_approval'"))
    of_bank = sa.select(_OFFER.c.status).where(_OFFER.c.negotiation_id == page.c.id, _OFFER.c.by == OfferBy.BANK)
    countered = _OFFER.alias("countered")
    # No more than one is open: the bank's next word closes it.
    is_countered = sa.and_(
        countered.c.negotiation_id == page.c.id,
        countered.c.by == OfferBy.CARDHOLDER,
        countered.c.status == OfferStatus.OPEN,
    )
    last_word_query = (
        sa.select(sa.case((_spoken_for_the_person(), _ENTRY.c.kind)))
        .where(_ENTRY.c.negotiation_id == page.c.id, sa.or_(_ENTRY.c.party != Party.HUB, _ENTRY.c.kind == UNREADABLE))
        .where(_ENTRY.c.kind != EntryKind.CODE_SENT)
        .order_by(_ENTRY.c.sequence.desc())
        .limit(1)
    )
    in_force = sa.and_(_SUBMISSION.c.negotiation_id == page.c.id, _SUBMISSION.c.version == page.c.version)
    return (
        sa.select(
            page, _SUBMISSION.c.body_sealed, _CLOCK.c.id.label("clock_id"), _CLOCK.c.paused_on,
            _CLOCK.c.resumed_on, awaiting.label("awaits_approval"), countered.c.id.label("counter_id"),
            countered.c.terms_sealed.label("counter_sealed"), last_word_query.scalar_subquery().label("last_word"),
            of_bank.order_by(_OFFER.c.id.desc()).limit(1).scalar_subquery().label("newest_offer"),
        )
        .select_from(page.join(_SUBMISSION, in_force).outerjoin(_CLOCK, runs).outerjoin(countered, is_countered))
        .order_by(page.c.due_at, page.c.id)
    )  # fmt: skip


def _spoken_for_the_person() -> sa.ColumnElement[bool]:
    return sa.or_(_ENTRY.c.party == Party.CARDHOLDER, _ENTRY.c.kind == UNREADABLE)


def _queued(tx: Transaction, row: sa.Row[Any]) -> Queued:
    return Queued(
        id=row.id,
        reference=row.reference,
        status=row.status,
        submission=open_submission(tx, row.body_sealed, negotiation_id=row.id, version=row.version),
        due_at=row.due_at,
        runs=row.clock_id is not None,
        paused=row.paused_on is not None and row.resumed_on is None,
        awaits_approval=bool(row.awaits_approval),
        was_returned=row.newest_offer == OfferStatus.RETURNED,
        counter=None
        if row.counter_id is None
        else open_json(tx, row.counter_sealed, table="offer", column="terms", row=row.counter_id),
        last_word=row.last_word,
    )
