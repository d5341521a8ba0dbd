"""What a host app is shown of its own: its people's negotiations page by page, and an application."""

from collections.abc import Sequence

from hub.domain.lifecycle import Status
from hub.domain.paging import Page
from hub.domain.plain import Plain
from hub.services.reading import views
from hub.services.reading.views import Listed
from hub.services.transaction import HubTransaction
from storage import negotiations
from storage.reading_ahead import read_ahead


def list_negotiations(
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


def application(tx: HubTransaction, application_id: str, *, client_id: str, language: str) -> Plain:
    """The client's application with its negotiations; raises `NotFound`."""
    found = negotiations.get_application(tx, application_id, client_id=client_id)
    return views.application_view(tx, found, language=language)
