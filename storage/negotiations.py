"""Applications and negotiations: writing them down, locking, finding, and the only writer of a status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.domain.errors import NotFound
from hub.domain.lifecycle import Event, Status, next_status
from storage import communications
from storage.communications import NO_PREVIOUS, NewEntry
from storage.records import ApplicationRecord, NegotiationRecord, SubmissionRecord
from storage.records.negotiations import NO_CLOCK, OPEN_STATUSES_SQL, QUEUE_SQL
from storage.sealed_json import open_json, seal_json
from storage.transaction import Transaction

# Nobody has that many; a list of a person's is never paged.
MOST_OF_A_PERSON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a page of a list begins and how long it is. `after` is the sort key and id of the last one seen."""

    limit: int
    after: tuple[datetime, str] | None = None


def add_application(tx: Transaction, *, values: dict[str, Any], body: Any) -> None:
    """The application is kept, its body sealed."""
    tx.session.execute(
        sa.insert(ApplicationRecord),
        [
            {
                **values,
                "body_sealed": seal_json(tx, body, table="application", column="body", row=values["id"]),
            }
        ],
    )


def add_negotiation(tx: Transaction, *, values: dict[str, Any], submission: Any, entry: NewEntry) -> None:
    """The negotiation stands in `screening`, with version 1 of its submission and the first entry of its log."""
    tx.session.execute(
        sa.insert(NegotiationRecord),
        [
            {
                **values,
                "status": Status.SCREENING,
                "version": 1,
                "due_at": NO_CLOCK,
                "log_length": 0,
                "log_head": NO_PREVIOUS,
                "opened_at": tx.now,
                "updated_at": tx.now,
            }
        ],
    )
    negotiation = tx.session.get_one(NegotiationRecord, values["id"])
    _add_submission(tx, negotiation, submission)
    communications.append(tx, negotiation, entry, change=(None, Status.SCREENING))


def add_version(tx: Transaction, negotiation: NegotiationRecord, submission: Any) -> None:
    """`submission` is the version in force; the one before is kept as it was."""
    negotiation.version += 1
    _add_submission(tx, negotiation, submission)


def _add_submission(tx: Transaction, negotiation: NegotiationRecord, submission: Any) -> None:
    row = f"{negotiation.id}/{negotiation.version}"
    tx.session.execute(
        sa.insert(SubmissionRecord),
        [
            {
                "negotiation_id": negotiation.id,
                "version": negotiation.version,
                "bank_code": negotiation.bank_code,
                "body_sealed": seal_json(tx, submission, table="submission", column="body", row=row),
                "submitted_at": tx.now,
            }
        ],
    )


def submission_of(tx: Transaction, negotiation: NegotiationRecord, version: int | None = None) -> Any:
    """The submission in force, or an older `version`, as the plain data it was written as."""
    number = version or negotiation.version
    record = tx.session.get_one(SubmissionRecord, (negotiation.id, number))
    row = f"{negotiation.id}/{number}"
    return open_json(tx, record.body_sealed, table="submission", column="body", row=row)


def application_body(tx: Transaction, application: ApplicationRecord) -> Any:
    """The application as it was submitted, as plain data."""
    return open_json(tx, application.body_sealed, table="application", column="body", row=application.id)


def apply_event(
    tx: Transaction,
    negotiation: NegotiationRecord,
    event: Event,
    entry: NewEntry,
    *,
    another_offer_open: bool = False,
) -> Status:
    """The negotiation stands where the lifecycle says, and the log says why; raises `StatusConflict` otherwise.

    This is the only place that writes a status. The row must be locked. An event that leads to the same status
    writes its entry without a change.
    """
    before = Status(negotiation.status)
    after = next_status(before, event, another_offer_open=another_offer_open)
    negotiation.status = after
    communications.append(tx, negotiation, entry, event=event, change=None if after == before else (before, after))
    return after


def lock(tx: Transaction, negotiation_id: str) -> NegotiationRecord:
    """The negotiation, held against every other writer until the transaction ends; raises `NotFound`."""
    record = tx.session.scalar(
        sa.select(NegotiationRecord)
        .where(NegotiationRecord.id == negotiation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if record is None:
        raise NotFound
    return record


def find_negotiation(tx: Transaction, id_or_reference: str) -> NegotiationRecord | None:
    """The negotiation of that id or reference."""
    return tx.session.scalar(
        sa.select(NegotiationRecord).where(
            sa.or_(NegotiationRecord.id == id_or_reference, NegotiationRecord.reference == id_or_reference)
        )
    )


def get_of_client(tx: Transaction, negotiation_id: str, *, client_id: str) -> NegotiationRecord:
    """The client's negotiation; raises `NotFound` for an unknown one and for another's alike."""
    record = tx.session.get(NegotiationRecord, negotiation_id)
    if record is None or record.client_id != client_id:
        raise NotFound
    return record


def get_of_bank(tx: Transaction, negotiation_id: str, *, bank_code: str) -> NegotiationRecord:
    """The bank's negotiation; raises `NotFound` for an unknown one, another bank's, and one not delivered yet."""
    record = tx.session.get(NegotiationRecord, negotiation_id)
    if record is None or record.bank_code != bank_code or record.reached_bank_at is None:
        raise NotFound
    return record


def get_application(tx: Transaction, application_id: str, *, client_id: str) -> ApplicationRecord:
    """The client's application; raises `NotFound` for an unknown one and for another's alike."""
    record = tx.session.get(ApplicationRecord, application_id)
    if record is None or record.client_id != client_id:
        raise NotFound
    return record


def list_of_application(tx: Transaction, application_id: str) -> list[NegotiationRecord]:
    """The negotiations that the application opened, in the order of their banks' codes."""
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord)
            .where(NegotiationRecord.application_id == application_id)
            .order_by(NegotiationRecord.bank_code)
        )
    )


def find_open_of_person(
    tx: Transaction, person_indexes: Sequence[bytes], bank_codes: Sequence[str]
) -> list[NegotiationRecord]:
    """The person's open negotiations with any of the banks, over all clients."""
    return list(
        tx.session.scalars(
            sa.select(NegotiationRecord)
            .where(
                NegotiationRecord.person_index.in_(person_indexes),
                NegotiationRecord.bank_code.in_(bank_codes),
                sa.text(OPEN_STATUSES_SQL),
            )
            .order_by(NegotiationRecord.id)
        )
    )


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


def list_of_client(
    tx: Transaction,
    client_id: str,
    *,
    statuses: Sequence[Status],
    subject_indexes: Sequence[bytes] | None,
    page: Page,
) -> list[NegotiationRecord]:
    """The client's negotiations, newest first; one more than the page's limit where there are more."""
    query = sa.select(NegotiationRecord).where(NegotiationRecord.client_id == client_id)
    if statuses:
        query = query.where(NegotiationRecord.status.in_(statuses))
    if subject_indexes is not None:
        query = query.where(NegotiationRecord.subject_index.in_(subject_indexes))
    if page.after is not None:
        query = query.where(NegotiationRecord.id < page.after[1])
    return list(tx.session.scalars(query.order_by(NegotiationRecord.id.desc()).limit(page.limit + 1)))


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
    query = sa.select(NegotiationRecord).where(NegotiationRecord.bank_code == bank_code)
    if statuses:
        reached = NegotiationRecord.reached_bank_at.is_not(None)
        query = query.where(NegotiationRecord.status.in_(statuses), reached)
    else:
        query = query.where(sa.text(QUEUE_SQL))
    if due_before is not None:
        query = query.where(NegotiationRecord.due_at < due_before)
    if page.after is not None:
        place = sa.tuple_(NegotiationRecord.due_at, NegotiationRecord.id)
        query = query.where(place > sa.tuple_(*page.after))
    order = (NegotiationRecord.due_at, NegotiationRecord.id)
    return list(tx.session.scalars(query.order_by(*order).limit(page.limit + 1)))


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


def set_rejection(tx: Transaction, negotiation: NegotiationRecord, reason_code: str, text: str) -> None:
    """Why the bank said no is kept with the negotiation, its words sealed."""
    negotiation.reason_code = reason_code
    negotiation.reason_sealed = tx.keyring.seal(text, table="negotiation", column="reason", row=negotiation.id)


def rejection_text_of(tx: Transaction, negotiation: NegotiationRecord) -> str:
    """The bank's words to the person; empty where it did not say no."""
    if negotiation.reason_sealed is None:
        return ""
    return tx.keyring.open_text(negotiation.reason_sealed, table="negotiation", column="reason", row=negotiation.id)


def note(tx: Transaction, negotiation: NegotiationRecord, entry: NewEntry) -> None:
    """The entry stands in the log; the status stays as it is. The row must be locked."""
    communications.append(tx, negotiation, entry)
