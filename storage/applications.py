"""Applications: writing them down, and finding them for their client."""

from typing import Any

import sqlalchemy as sa

from hub.domain.application import Application
from hub.domain.errors import NotFound
from hub.domain.plain import from_plain, to_plain
from storage.records import ApplicationRecord, Record
from storage.sealed_json import open_json, seal_json
from storage.transaction import Known, Transaction
from storage.written_rows import as_written

# Made once, because every submission begins with it.
_ADD_APPLICATION = sa.insert(Record.metadata.tables["application"])
_KNOWN = Known[str, Application]()


def add_application(tx: Transaction, application: Application, *, values: dict[str, Any]) -> ApplicationRecord:
    """The application is kept, its body sealed."""
    sealed = seal_json(tx, to_plain(application), table="application", column="body", row=values["id"])
    row = {**values, "body_sealed": sealed}
    tx.session.execute(_ADD_APPLICATION, [row])
    _KNOWN.of(tx)[values["id"]] = application
    return as_written(tx, ApplicationRecord, row)


def application_of(tx: Transaction, record: ApplicationRecord) -> Application:
    """The application as it was submitted."""
    known = _KNOWN.of(tx).get(record.id)
    if known is not None:
        return known
    return from_plain(Application, open_json(tx, record.body_sealed, table="application", column="body", row=record.id))


def get_application(tx: Transaction, application_id: str, *, client_id: str) -> ApplicationRecord:
    """The client's application; raises `NotFound` for an unknown one and for another's alike."""
    record = tx.session.get(ApplicationRecord, application_id)
    if record is None or record.client_id != client_id:
        raise NotFound
    return record
