"""Lists of negotiations, page by page, as a host app or a bank may see them; and a client's applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.domain.lifecycle import Status
from hub.domain.plain import Plain
from hub.services.reading import views
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.bank_queue import Page
from storage.reading_ahead import read_ahead
from storage.records import ApplicationRecord, NegotiationRecord
from storage.submissions import submission_of

# Where a page ended: the sort key and the id of the last one that was seen.
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of views; `next_place` is where the following one begins, or None at the end."""

    items: list[Plain]
    next_place: Place | None


def of_client(
    tx: HubTransaction,
    client_id: str,
    *,
    statuses: Sequence[Status],
    subject: str | None,
    page: Page,
    language: str,
) -> Listed:
    """The client's negotiations, newest first; of one person where `subject` is named."""
    indexes = None if subject is None else tx.keyring.indexes(subject, purpose="subject")
    rows = negotiations.list_of_client(tx, client_id, statuses=statuses, subject_indexes=indexes, page=page)
    shown = rows[: page.limit]
    read_ahead(tx, shown)
    return Listed(
        items=[views.negotiation_view(tx, row, language=language) for row in shown],
        next_place=(shown[-1].opened_at, shown[-1].id) if len(rows) > page.limit else None,
    )


def of_bank(
    tx: HubTransaction,
    bank_code: str,
    *,
    statuses: Sequence[Status],
    due_before: datetime | None,
    page: Page,
    language: str,
) -> Listed:
    """The bank's queue by due time, the applicants masked; without `statuses` the open ones."""
    rows = negotiations.list_of_bank(tx, bank_code, statuses=statuses, due_before=due_before, page=page)
    shown = rows[: page.limit]
    read_ahead(tx, shown)
    return Listed(
        items=[_with_applicant(tx, row, language) for row in shown],
        next_place=(shown[-1].due_at, shown[-1].id) if len(rows) > page.limit else None,
    )


def _with_applicant(tx: HubTransaction, row: NegotiationRecord, language: str) -> Plain:
    applicant = submission_of(tx, row).applicant
    return {**views.negotiation_view(tx, row, language=language), "applicant": views.masked(applicant)}


def application_of_client(tx: HubTransaction, application_id: str, *, client_id: str) -> ApplicationRecord:
    """The client's application; raises `NotFound`."""
    return negotiations.get_application(tx, application_id, client_id=client_id)


__all__ = ["Listed", "Page", "Place", "application_of_client", "of_bank", "of_client", "read_ahead"]
