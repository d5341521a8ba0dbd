"""Negotiations: writing them down, finding them, and the only writer of a status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.lifecycle import BANKS_TURN, OVER, Event, Status, next_status
from hub.domain.log_chain import NO_PREVIOUS
from hub.domain.paging import Page
from hub.domain.submission import Submission
from storage import bank_queue, communications, queue_index
from storage.communications import NewEntry
from storage.negotiation_locks import require_kept
from storage.records import NegotiationRecord, Record
from storage.records.negotiations import NO_CLOCK, OPEN_STATUSES_SQL
from storage.submissions import add_submissions
from storage.transaction import Known, Transaction
from storage.written_rows import as_written

# Rows that come with every submission go in by statements that are made once.
_ADD_NEGOTIATION = sa.insert(Record.metadata.tables["negotiation"])
# What this transaction wrote is not read again: the negotiations of an application.
_OF_APPLICATION = Known[str, list[NegotiationRecord]]()
_TABLE = Record.metadata.tables["negotiation"]
_OPEN_OF_PERSON = (
    sa.select(
        _TABLE.c.id,
        _TABLE.c.client_id,
        _TABLE.c.bank_code,
        _TABLE.c.reference,
        _TABLE.c.identity_level,
        _TABLE.c.identity_confirmed,
        _TABLE.c.mobile_index,
    )
    .where(
        _TABLE.c.person_index.in_(sa.bindparam("persons", expanding=True)),
        sa.text(OPEN_STATUSES_SQL),
    )
    .order_by(_TABLE.c.id)
)

# Nobody has that many; a list of a person's is never paged.
MOST_OF_A_PERSON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNegotiation:
    """A negotiation that shall be opened: its row, its submission, and the first entry of its log."""

    values: dict[str, Any]
    submission: Submission
    entry: NewEntry


def add_negotiations(tx: Transaction, application_id: str, new: Sequence[NewNegotiation]) -> list[NegotiationRecord]:
    """The application's negotiations stand in `screening`, each with version 1 of its submission and a log.

    They come with nothing read again, because every submission is answered with them.
    """
    chained = [communications.chain(tx, _start_of(each), each.entry, change=(None, Status.SCREENING)) for each in new]
    rows = [
        {
            **each.values,
            "application_id": application_id,
            "status": Status.SCREENING,
            "version": 1,
            "due_at": NO_CLOCK,
            "log_length": entry.end.length,
            "log_head": entry.end.head,
            "log_mac": communications.mac_of(tx, entry.end),
            "opened_at": tx.now,
            "updated_at": tx.now,
            "consents_noted": True,
            **queue_index.columns_of(
                tx,
                id_=each.values["id"],
                bank_code=each.values["bank_code"],
                version=1,
                submission=each.submission,
            ),
        }
        for each, entry in zip(new, chained, strict=True)
    ]
    tx.session.execute(_ADD_NEGOTIATION, rows)
    records = [as_written(tx, NegotiationRecord, row) for row in rows]
    add_submissions(tx, [(record, each.submission) for record, each in zip(records, new, strict=True)])
    queue_index.add_keys(
        tx, [(row.id, row.bank_code, row.reference, each.submission) for row, each in zip(records, new, strict=True)]
    )
    communications.write(tx, chained)
    _OF_APPLICATION.of(tx)[application_id] = sorted(records, key=lambda record: record.bank_code)
    return records


def _start_of(new: NewNegotiation) -> communications.End:
    return communications.End(
        negotiation_id=new.values["id"], bank_code=new.values["bank_code"], length=0, head=NO_PREVIOUS
    )


def add_version(tx: Transaction, negotiation: NegotiationRecord, submission: Submission) -> None:
    """`submission` is the version in force; the one before is kept as it was."""
    negotiation.version += 1
    add_submissions(tx, [(negotiation, submission)])
    queue_index.write(tx, negotiation, submission)


def apply_event(
    tx: Transaction,
    negotiation: NegotiationRecord,
    event: Event,
    entry: NewEntry,
    *,
    another_offer_open: bool = False,
) -> Status:
    """The negotiation stands where the lifecycle says, and the log says why; raises `StatusConflict` otherwise.

    This is the only place that writes a status; services come by `negotiation_log`. The row must be
    locked. An event that leads to the same status writes its entry without a change.
    """
    before = Status(negotiation.status)
    after = next_status(before, event, another_offer_open=another_offer_open)
    negotiation.status = after
    if after not in BANKS_TURN:
        negotiation.decision_by = None
        negotiation.deferral_sealed = None
    if after in OVER:
        negotiation.over_at = tx.now
    communications.append(tx, negotiation, entry, event=event, change=None if after == before else (before, after))
    return after


def find_negotiation(tx: Transaction, id_or_reference: str) -> NegotiationRecord | None:
    """The negotiation of that id or reference."""
    return tx.session.scalar(
        sa.select(NegotiationRecord).where(
            sa.or_(NegotiationRecord.id == id_or_reference, NegotiationRecord.reference == id_or_reference)
        )
    )


def get_of_client(tx: Transaction, negotiation_id: str, *, client_id: str) -> NegotiationRecord:
    """The client's negotiation; raises `NotFound` for an unknown one and for another's alike.

    Raises `NegotiationErased` once nothing of the person is kept of it.
    """
    record = find_of_client(tx, negotiation_id, client_id=client_id)
    require_kept(record)
    return record


def find_of_client(tx: Transaction, negotiation_id: str, *, client_id: str) -> NegotiationRecord:
    """The same, also where it was erased."""
    record = tx.session.get(NegotiationRecord, negotiation_id)
    if record is None or record.client_id != client_id:
        raise NotFound
    return record


def get_of_bank(tx: Transaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    """The bank's negotiation; raises `NotFound` for an unknown one, another bank's, and one not delivered yet.

    Raises `NegotiationErased` once nothing of the person is kept of it.
    """
    record = find_of_bank(tx, negotiation_id, bank_code=bank_code)
    require_kept(record)
    return record


def find_of_bank(tx: Transaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    """The same, also where it was erased."""
    record = tx.session.get(NegotiationRecord, negotiation_id)
    if record is None or record.bank_code != bank_code or record.reached_bank_at is None:
        raise NotFound
    return record


def list_of_application(tx: Transaction, application_id: str) -> list[NegotiationRecord]:
    """The negotiations that the application opened, in the order of their banks' codes."""
    written = _OF_APPLICATION.of(tx).get(application_id)
    if written is not None:
        return list(written)
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord)
            .where(NegotiationRecord.application_id == application_id)
            .order_by(NegotiationRecord.bank_code)
        )
    )


def find_open_of_person(
    tx: Transaction, person_indexes: Sequence[bytes]
) -> list[sa.Row[str, str, str, str, str, bool | None, bytes]]:
    """The person's open negotiations with all banks, over all clients.

    Each with id, client_id, bank_code, reference, identity_level, identity_confirmed and mobile_index.
    """
    return list(tx.session.execute(_OPEN_OF_PERSON, {"persons": list(person_indexes)}))


def list_of_person(
    tx: Transaction, *, person_indexes: Sequence[bytes] | None, mobile_indexes: Sequence[bytes]
) -> list[NegotiationRecord]:
    """The negotiations of the person with that document, or of that mobile where no document is known; newest first."""
    if person_indexes is not None:
        theirs = NegotiationRecord.person_index.in_(person_indexes)
    else:
        theirs = NegotiationRecord.mobile_index.in_(mobile_indexes)
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord).where(theirs).order_by(NegotiationRecord.id.desc()).limit(MOST_OF_A_PERSON)
        )
    )


def list_of_subject(tx: Transaction, client_id: str, subject_indexes: Sequence[bytes]) -> list[NegotiationRecord]:
    """What the client made for its person of that subject, or the person at the hub's pages whom it sent over."""
    table = NegotiationRecord
    its = sa.or_(table.client_id == client_id, table.launch_client_id == client_id)
    query = sa.select(table).where(its, table.subject_index.in_(subject_indexes)).order_by(table.id)
    return list(tx.session.scalars(query))


def list_of_client(
    tx: Transaction,
    client_id: str,
    *,
    statuses: Sequence[Status],
    subject_indexes: Sequence[bytes] | None,
    page: Page,
) -> list[NegotiationRecord]:
    """The client's negotiations, newest first; one more than the page's limit where there are more."""
    table = NegotiationRecord
    query = sa.select(table).where(table.client_id == client_id, table.erased_at.is_(None))
    if statuses:
        query = query.where(NegotiationRecord.status.in_(statuses))
    if subject_indexes is not None:
        query = query.where(NegotiationRecord.subject_index.in_(subject_indexes))
    if page.after is not None:
        query = query.where(NegotiationRecord.id < page.after[1])
    return list(tx.session.scalars(query.order_by(NegotiationRecord.id.desc()).limit(page.limit + 1)))


def has_any_of_bank(tx: Transaction, bank_code: str) -> bool:
    """Whether somebody ever negotiated with that creditor."""
    return bool(tx.session.scalar(sa.select(sa.exists().where(NegotiationRecord.bank_code == bank_code))))


def list_of_bank(
    tx: Transaction,
    bank_code: str,
    *,
    statuses: Sequence[Status],
    due_before: datetime | None,
    page: Page,
) -> list[NegotiationRecord]:
    """The bank's queue by due time, those without a running clock last; one more than the limit where there are more.

    Without `statuses` it is the open ones.
    """
    asked = bank_queue.asked_for(bank_code, statuses=statuses, due_before=due_before, page=page)
    return list(tx.session.scalars(bank_queue.of_bank(asked), asked))


def list_to_correct_by(tx: Transaction, at: datetime, limit: int) -> list[str]:
    """Ids of returned negotiations whose time for a correction is over at `at`."""
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord.id)
            .where(NegotiationRecord.correct_by.is_not(None), NegotiationRecord.correct_by <= at)
            .order_by(NegotiationRecord.correct_by)
            .limit(limit)
        )
    )


def list_in_screening_since(tx: Transaction, before: datetime, limit: int) -> list[NegotiationRecord]:
    """Negotiations that have stood in screening since before `before`."""
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord)
            .where(sa.text("status = 'screening'"), NegotiationRecord.updated_at < before)
            .order_by(NegotiationRecord.opened_at)
            .limit(limit)
        )
    )


def list_chosen(
    tx: Transaction, ids: Sequence[str], *, bank_code: str, page: Page | None = None
) -> list[NegotiationRecord]:
    """Those of `ids` that are negotiations which have reached this bank, by due time; one more than a page."""
    table = NegotiationRecord
    mine = (table.id.in_(ids), table.bank_code == bank_code, table.reached_bank_at.is_not(None))
    query = sa.select(table).where(*mine).order_by(table.due_at, table.id)
    if page is not None:
        query = query.limit(page.limit + 1)
        if page.after is not None:
            seen = sa.tuple_(sa.literal(page.after[0], table.due_at.type), sa.literal(page.after[1]))
            query = query.where(sa.tuple_(table.due_at, table.id) > seen)
    return list(tx.session.scalars(query))
